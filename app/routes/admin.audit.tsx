import type { LoaderFunctionArgs, MetaFunction } from '@remix-run/node';
import { Form, Link, useLoaderData, useSearchParams } from '@remix-run/react';
import { Download } from 'lucide-react';
import { findAuditLogs } from '#server/admin/audit/find-audit-logs.ts';
import { AUDIT_ACTIONS, ZAuditFilter, type AuditLog } from '#server/admin/contract.ts';
import { requireAdminPage } from '#server/auth/require-user.ts';
import { AuditChange } from '#app/components/admin/audit-change.tsx';
import { Pager } from '#app/components/admin/pager.tsx';
import { Empty } from '#app/components/admin/section.tsx';
import { actionInWords, inWords } from '#app/components/admin/words.ts';
import { formatTime } from '#app/components/billing/dates.ts';
import { Table, Td, Th } from '#app/components/billing/table.tsx';
import { ErrorPage } from '#app/components/error-page.tsx';
import { PageBody, PageHeader } from '#app/components/shell.tsx';
import { Button } from '#app/components/ui/button.tsx';
import { Field } from '#app/components/ui/field.tsx';
import { Input, Select } from '#app/components/ui/input.tsx';

export const handle = { shell: true };
export const meta: MetaFunction = () => [{ title: 'Audit log · Admin · Pantheon' }];

const LIMIT = 50;

export async function loader({ context, request }: LoaderFunctionArgs) {
  await requireAdminPage(context, request);
  const given = Object.fromEntries([...new URL(request.url).searchParams].filter(([, value]) => value !== ''));
  const filter = ZAuditFilter.catch({}).parse(given);
  const page = await findAuditLogs(context.app, { ...filter, limit: LIMIT, cursor: given['cursor'] });
  return { filter, page };
}

export default function AuditPage() {
  const { filter, page } = useLoaderData<typeof loader>();
  const [params] = useSearchParams();
  return (
    <>
      <PageHeader
        title="Audit log"
        actions={
          <Button asChild size="sm">
            <a href={`/admin/export/audit-log.csv?${params.toString()}`} download>
              <Download aria-hidden className="size-4" />
              CSV
            </a>
          </Button>
        }
      />
      <PageBody className="max-w-6xl space-y-6">
        <Form method="get" className="flex flex-wrap items-end gap-3" key={JSON.stringify(filter)}>
          <Field label="What" className="w-44 max-sm:w-full">
            {(control) => (
              <Select {...control} name="action" defaultValue={filter.action ?? ''}>
                <option value="">Anything</option>
                {AUDIT_ACTIONS.map((action) => (
                  <option key={action} value={action}>
                    {actionInWords(action)}
                  </option>
                ))}
              </Select>
            )}
          </Field>
          <Field label="Who" className="min-w-0 flex-1 basis-36">
            {(control) => (
              <Input {...control} name="actor" defaultValue={filter.actor ?? ''} placeholder="E-mail or id" />
            )}
          </Field>
          <Field label="Target’s id" className="min-w-0 flex-1 basis-36">
            {(control) => <Input {...control} name="targetId" defaultValue={filter.targetId ?? ''} />}
          </Field>
          <Field label="From" className="w-38 max-sm:flex-1">
            {(control) => <Input {...control} type="date" name="from" defaultValue={filter.from ?? ''} />}
          </Field>
          <Field label="To" className="w-38 max-sm:flex-1">
            {(control) => <Input {...control} type="date" name="to" defaultValue={filter.to ?? ''} />}
          </Field>
          <Button type="submit" className="h-10 max-sm:w-full">
            Show
          </Button>
        </Form>
        <p className="text-[13px] text-ink-faint">
          Each row carries the hash of the one before it; <code>npm run audit:verify</code> walks the chain.
        </p>
        {page.items.length === 0 ? (
          <Empty>Nothing matches.</Empty>
        ) : (
          <div>
            <Table
              caption="What was done, the newest first"
              head={
                <>
                  <Th numeric className="max-sm:hidden">
                    No.
                  </Th>
                  <Th>When</Th>
                  <Th>What</Th>
                  <Th>Who</Th>
                  <Th>What changed</Th>
                </>
              }
            >
              {page.items.map((row) => (
                <tr key={row.id}>
                  <Td numeric className="max-sm:hidden">
                    {row.seq}
                  </Td>
                  <Td className="max-sm:min-w-24 sm:whitespace-nowrap">{formatTime(row.createdAt)}</Td>
                  <Td className="sm:min-w-52">
                    {actionInWords(row.action)}
                    <Target row={row} />
                  </Td>
                  <Td>{row.actorEmail ?? (row.actorId === null ? 'The server' : 'Deleted account')}</Td>
                  <Td className="min-w-56">
                    <AuditChange before={row.before} after={row.after} requestId={row.requestId} />
                  </Td>
                </tr>
              ))}
            </Table>
            <Pager nextCursor={page.nextCursor} />
          </div>
        )}
      </PageBody>
    </>
  );
}

/** Who or what it was done to: a person by address, anything else by its id. */
function Target({ row: { targetType, targetId, targetEmail, actorId } }: { row: AuditLog }) {
  if (targetId === null || (targetType === 'user' && targetId === actorId)) return null;
  if (targetType !== 'user') {
    return (
      <span className="block text-xs text-ink-faint" title={targetId}>
        {nameOf(targetType, targetId)}
      </span>
    );
  }
  return (
    <Link
      to={`/admin/users/${targetId}`}
      className="block text-xs wrap-anywhere text-accent-strong underline underline-offset-2"
    >
      {targetEmail ?? 'Deleted account'}
    </Link>
  );
}

function nameOf(type: string, id: string): string {
  if (type === 'job') return id.split('/')[0] ?? id;
  if (type === 'pricing_version') return `Version ${id}`;
  return id.length > 20 ? `${id.slice(0, 8)}…${id.slice(-4)}` : inWords(id);
}

export { ErrorPage as ErrorBoundary };
