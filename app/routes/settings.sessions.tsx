import type { LoaderFunctionArgs, MetaFunction } from '@remix-run/node';
import { useLoaderData } from '@remix-run/react';
import { Laptop, Smartphone } from 'lucide-react';
import { findSessions } from '#server/auth/find-sessions.ts';
import { requirePageUser } from '#server/auth/require-user.ts';
import { callApi } from '#app/components/api.ts';
import { formatAge } from '#app/components/format.ts';
import { deviceName } from '#app/components/settings/device-name.ts';
import { SettingsSection } from '#app/components/settings/settings-section.tsx';
import { Alert } from '#app/components/ui/alert.tsx';
import { Badge } from '#app/components/ui/badge.tsx';
import { Button } from '#app/components/ui/button.tsx';
import { useAction } from '#app/components/use-action.ts';
import { useReload } from '#app/components/use-reload.ts';

export const meta: MetaFunction = () => [{ title: 'Sessions · Settings · Pantheon' }];

const SHOWN = 50;

export async function loader({ context, request }: LoaderFunctionArgs) {
  const { user, sessionId } = await requirePageUser(context, request);
  const sessions = await findSessions(context.app, { userId: user.id, sessionId, limit: SHOWN });
  const current = sessions.items.filter((session) => session.current);
  const others = sessions.items.filter((session) => !session.current);
  return { sessions: [...current, ...others], now: Date.now() };
}

export default function SessionSettings() {
  const { sessions, now } = useLoaderData<typeof loader>();
  const reload = useReload();
  const { pending, problem, run } = useAction();
  const end = (id: string, path: string) =>
    void run(id, async () => {
      await callApi('DELETE', path);
      reload();
    });
  return (
    <SettingsSection
      title="Sessions"
      description="Browsers that are signed in as you."
      action={
        sessions.some(({ current }) => !current) && (
          <Button size="sm" pending={pending === 'others'} onClick={() => end('others', '/auth/sessions')}>
            Sign out everywhere else
          </Button>
        )
      }
    >
      <ul className="-my-2 divide-y divide-line">
        {sessions.map((session) => {
          const device = deviceName(session.userAgent);
          const Icon = /iPhone|iPad|Android/u.test(device) ? Smartphone : Laptop;
          return (
            <li key={session.id} className="flex items-center gap-3 py-3">
              <Icon aria-hidden className="size-5 shrink-0 text-ink-faint" />
              <div className="min-w-0 flex-1">
                <p className="flex flex-wrap items-center gap-2 text-sm font-medium">
                  {device}
                  {session.current && <Badge tone="accent">This browser</Badge>}
                </p>
                <p className="text-[13px] text-ink-faint">
                  Active {formatAge(session.lastSeenAt, now)} · signed in {formatAge(session.createdAt, now)}
                </p>
              </div>
              {!session.current && (
                <Button
                  size="sm"
                  variant="ghost"
                  pending={pending === session.id}
                  aria-label={`Sign out ${device}, signed in ${formatAge(session.createdAt, now)}`}
                  onClick={() => end(session.id, `/auth/sessions/${session.id}`)}
                >
                  Sign out
                </Button>
              )}
            </li>
          );
        })}
      </ul>
      {problem && (
        <Alert tone="danger" className="mt-4">
          {problem.message}
        </Alert>
      )}
    </SettingsSection>
  );
}
