import type { LoaderFunctionArgs, MetaFunction } from '@remix-run/node';
import { Link, useLoaderData, useNavigate } from '@remix-run/react';
import { KeyRound, Plus } from 'lucide-react';
import { useState } from 'react';
import type { ApiKey } from '#server/auth/contract.ts';
import { findApiKeys } from '#server/auth/find-api-keys.ts';
import { requirePageUser } from '#server/auth/require-user.ts';
import { callApi } from '#app/components/api.ts';
import { formatDay } from '#app/components/billing/dates.ts';
import { formatAge } from '#app/components/format.ts';
import { ApiKeyDialog } from '#app/components/settings/api-key-dialog.tsx';
import { SettingsSection } from '#app/components/settings/settings-section.tsx';
import { Alert } from '#app/components/ui/alert.tsx';
import { Badge } from '#app/components/ui/badge.tsx';
import { Button } from '#app/components/ui/button.tsx';
import { Confirm } from '#app/components/ui/confirm.tsx';
import { useAction } from '#app/components/use-action.ts';
import { useReload } from '#app/components/use-reload.ts';

export const meta: MetaFunction = () => [{ title: 'API keys · Settings · Pantheon' }];

const SHOWN = 50;

export async function loader({ context, request }: LoaderFunctionArgs) {
  const { user } = await requirePageUser(context, request);
  const cursor = new URL(request.url).searchParams.get('cursor') ?? undefined;
  const page = await findApiKeys(context.app, { userId: user.id, cursor, limit: SHOWN });
  return {
    ...page,
    suspended: user.suspended,
    isAdmin: user.role !== 'user',
    origin: context.app.env.appUrl,
    now: Date.now(),
  };
}

export default function ApiKeySettings() {
  const { items, nextCursor, suspended, isAdmin, origin, now } = useLoaderData<typeof loader>();
  const reload = useReload();
  const navigate = useNavigate();
  const [making, setMaking] = useState(false);
  const [revoking, setRevoking] = useState<ApiKey | null>(null);
  const { pending, problem, run } = useAction();

  function revoke(key: ApiKey) {
    void run(key.id, async () => {
      await callApi('DELETE', `/api-keys/${key.id}`);
      reload();
    });
  }

  return (
    <>
      <SettingsSection
        title="API keys"
        description="For programs that act as you: with your credits, your limits and your rooms."
        action={
          <Button size="sm" variant="primary" disabled={suspended} onClick={() => setMaking(true)}>
            <Plus aria-hidden className="size-4" />
            New key
          </Button>
        }
      >
        {items.length === 0 ? (
          <div className="flex flex-col items-center gap-2 py-6 text-center">
            <KeyRound aria-hidden className="size-6 text-ink-faint" />
            <p className="text-sm font-medium">No keys yet</p>
            <p className="max-w-sm text-sm text-ink-soft">
              Make one to talk with your rooms from a script, an editor or anything that speaks OpenAI’s API.
            </p>
          </div>
        ) : (
          <ul className="-my-2 divide-y divide-line">
            {items.map((key) => (
              <KeyRow
                key={key.id}
                apiKey={key}
                now={now}
                pending={pending === key.id}
                disabled={suspended}
                onRevoke={() => setRevoking(key)}
              />
            ))}
          </ul>
        )}
        {nextCursor && (
          <Button size="sm" className="mt-4" onClick={() => navigate(`?cursor=${encodeURIComponent(nextCursor)}`)}>
            Older keys
          </Button>
        )}
        {problem && (
          <Alert tone="danger" className="mt-4">
            {problem.message}
          </Alert>
        )}
      </SettingsSection>
      <SettingsSection title="Where to use them">
        <dl className="grid gap-x-6 gap-y-3 text-sm sm:grid-cols-[9rem_1fr]">
          <Address label="REST API">{`${origin}/api/v1`}</Address>
          <Address label="OpenAI’s API">{`${origin}/v1`}</Address>
          <Address label="MCP">{`${origin}/mcp`}</Address>
        </dl>
        <p className="mt-4 text-sm text-ink-soft">
          Every address, what it takes and what it gives:{' '}
          <Link to="/docs/api" className="text-accent underline underline-offset-3">
            API reference
          </Link>
          .
        </p>
      </SettingsSection>
      {making && <ApiKeyDialog isAdmin={isAdmin} onMade={reload} onClose={() => setMaking(false)} />}
      <Confirm
        open={revoking !== null}
        onOpenChange={(open) => open || setRevoking(null)}
        title={`Revoke “${revoking?.name ?? ''}”?`}
        verb="Revoke key"
        onConfirm={() => revoking && revoke(revoking)}
      >
        Programs that use it are refused from then on. This can’t be taken back.
      </Confirm>
    </>
  );
}

type KeyRowProps = { apiKey: ApiKey; now: number; pending: boolean; disabled: boolean; onRevoke: () => void };

function KeyRow({ apiKey, now, pending, disabled, onRevoke }: KeyRowProps) {
  const { name, prefix, scopes, createdAt, lastUsedAt, expiresAt } = apiKey;
  const expired = expiresAt !== null && Date.parse(expiresAt) <= now;
  const facts = [
    `made ${formatAge(createdAt, now)}`,
    lastUsedAt === null ? 'never used' : `used ${formatAge(lastUsedAt, now)}`,
    ...(expiresAt === null || expired ? [] : [`expires ${formatDay(expiresAt)}`]),
  ];
  return (
    <li className="flex items-center gap-3 py-3">
      <div className="min-w-0 flex-1">
        <p className="flex flex-wrap items-center gap-x-2 gap-y-1 text-sm font-medium">
          <span className="min-w-0 truncate">{name}</span>
          {scopes.map((scope) => (
            <Badge key={scope}>{scope}</Badge>
          ))}
          {expired && <Badge tone="warn">expired</Badge>}
        </p>
        <p className="text-[13px] text-ink-faint">
          <code>{prefix}…</code> · {facts.join(' · ')}
        </p>
      </div>
      <Button
        size="sm"
        variant="ghost"
        pending={pending}
        disabled={disabled}
        aria-label={`Revoke ${name}, ${prefix}`}
        onClick={onRevoke}
      >
        Revoke
      </Button>
    </li>
  );
}

function Address({ label, children }: { label: string; children: string }) {
  return (
    <>
      <dt className="text-ink-faint">{label}</dt>
      <dd className="min-w-0 max-sm:-mt-2">
        <code className="break-all">{children}</code>
      </dd>
    </>
  );
}
