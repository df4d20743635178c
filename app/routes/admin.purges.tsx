import type { LoaderFunctionArgs, MetaFunction } from '@remix-run/node';
import { useLoaderData } from '@remix-run/react';
import { mayChange } from '#server/admin/may-change.ts';
import { requireAdminPage } from '#server/auth/require-user.ts';
import { ZPurge, type InGrace, type Purge, type PurgeKind } from '#server/retention/contract.ts';
import { findInGrace, findPurges } from '#server/retention/find-purges.ts';
import { ChangeButton } from '#app/components/admin/change-button.tsx';
import { FilterForm } from '#app/components/admin/filter-form.tsx';
import { Pager } from '#app/components/admin/pager.tsx';
import { ReadOnlyNote } from '#app/components/admin/read-only-note.tsx';
import { Empty, Section } from '#app/components/admin/section.tsx';
import { formatTime } from '#app/components/billing/dates.ts';
import { Table, Td, Th } from '#app/components/billing/table.tsx';
import { ErrorPage } from '#app/components/error-page.tsx';
import { PageBody, PageHeader } from '#app/components/shell.tsx';
import { Badge } from '#app/components/ui/badge.tsx';
import { Select } from '#app/components/ui/input.tsx';

export const handle = { shell: true };
export const meta: MetaFunction = () => [{ title: 'Purges · Admin · Pantheon' }];

export async function loader({ context, request }: LoaderFunctionArgs) {
  const principal = await requireAdminPage(context, request);
  const { app } = context;
  const asked = new URL(request.url).searchParams;
  const state = ZPurge.shape.state.safeParse(asked.get('state')).data;
  const cursor = asked.get('cursor') ?? undefined;
  const [page, inGrace] = await Promise.all([findPurges(app, { state, cursor }), findInGrace(app)]);
  return { state, page, inGrace, days: app.env.retentionDays, canChange: mayChange(principal) };
}

const KINDS: Record<PurgeKind, string> = {
  account: 'Account',
  room: 'Room',
  direct_session: 'Direct chat',
  file: 'File',
  message: 'Message',
  agent: 'Agent',
  old_content: 'What came of age',
};

const STATES: Record<Purge['state'], { name: string; tone: 'plain' | 'accent' | 'danger' }> = {
  due: { name: 'due', tone: 'plain' },
  running: { name: 'running', tone: 'accent' },
  failed: { name: 'failed', tone: 'danger' },
  done: { name: 'purged', tone: 'plain' },
};

export default function PurgesPage() {
  const { state, page, inGrace, days, canChange } = useLoaderData<typeof loader>();
  return (
    <>
      <PageHeader title="Purges" />
      <PageBody className="max-w-6xl space-y-8">
        <ReadOnlyNote canChange={canChange} />
        <Section
          title="Deleted, and can still be restored"
          note={
            days === 0
              ? 'For 7 days. What is not deleted is kept for ever.'
              : `For 7 days. What is not deleted is purged after ${days} days, unless it is kept.`
          }
        >
          <Grace inGrace={inGrace} />
        </Section>
        <Section
          title="The work"
          note="Every ten minutes. What failed is tried again by itself, with growing pauses."
          aside={
            <FilterForm label="State" className="w-40">
              {(control) => (
                <Select {...control} name="state" defaultValue={state ?? ''}>
                  <option value="">All</option>
                  {Object.entries(STATES).map(([value, { name }]) => (
                    <option key={value} value={value}>
                      {name}
                    </option>
                  ))}
                </Select>
              )}
            </FilterForm>
          }
        >
          <Work purges={page.items} canChange={canChange} filtered={state !== undefined} />
          <Pager nextCursor={page.nextCursor} />
        </Section>
      </PageBody>
    </>
  );
}

function Grace({ inGrace }: { inGrace: InGrace[] }) {
  if (inGrace.length === 0) return <Empty>Nothing is.</Empty>;
  return (
    <Table
      caption="What can still be restored"
      head={
        <>
          <Th>What</Th>
          <Th numeric>How many</Th>
          <Th>The first is purged after</Th>
        </>
      }
    >
      {inGrace.map(({ kind, count, nextDueAt }) => (
        <tr key={kind}>
          <Td>{KINDS[kind]}</Td>
          <Td numeric>{count.toLocaleString('en')}</Td>
          <Td className="whitespace-nowrap">{formatTime(nextDueAt)}</Td>
        </tr>
      ))}
    </Table>
  );
}

function Work({ purges, canChange, filtered }: { purges: Purge[]; canChange: boolean; filtered: boolean }) {
  if (purges.length === 0) return <Empty>{filtered ? 'None is in this state.' : 'Nothing was ever due.'}</Empty>;
  return (
    <Table
      caption="Purges, what is not done first, then the newest"
      head={
        <>
          <Th>What</Th>
          <Th>State</Th>
          <Th>When</Th>
          <Th>What went</Th>
          <Th>
            <span className="sr-only">What to do</span>
          </Th>
        </>
      }
    >
      {purges.map((purge) => (
        <tr key={purge.id}>
          <Td className="break-all sm:break-normal">
            {KINDS[purge.kind]}
            {purge.kind !== 'old_content' && (purge.reason === 'deleted' ? ', deleted' : ', of age')}
            <span className="block font-mono text-xs text-ink-faint sm:whitespace-nowrap">{purge.subjectId}</span>
          </Td>
          <Td>
            <Badge tone={STATES[purge.state].tone}>{STATES[purge.state].name}</Badge>
            {purge.error && <span className="mt-0.5 block text-xs text-danger">{purge.error}</span>}
            {purge.attempt > 1 && <span className="block text-xs text-ink-faint">{purge.attempt} attempts</span>}
          </Td>
          <Td className="text-[13px] whitespace-nowrap text-ink-soft">
            due {formatTime(purge.dueAt)}
            {purge.finishedAt && <span className="block">done {formatTime(purge.finishedAt)}</span>}
          </Td>
          <Td className="text-[13px] text-ink-soft">{countsOf(purge.counts)}</Td>
          <Td>
            {purge.state === 'failed' && (
              <div className="flex flex-wrap justify-end gap-2">
                <ChangeButton
                  verb="Retry"
                  size="sm"
                  label={`Retry ${KINDS[purge.kind]} ${purge.subjectId}`}
                  title="Try this purge again?"
                  effect="It goes on at once from where it stopped, rather than after its pause."
                  method="POST"
                  path={`/admin/purges/${purge.id}/retry`}
                  disabled={!canChange}
                />
              </div>
            )}
          </Td>
        </tr>
      ))}
    </Table>
  );
}

/** “3 turns, 2 files”: names of what was counted, never content. */
function countsOf(counts: Purge['counts']): string {
  const told = Object.entries(counts).flatMap(([name, count]) =>
    count > 0 ? [`${count.toLocaleString('en')} ${name.replace(/([A-Z])/g, ' $1').toLowerCase()}`] : [],
  );
  return told.length > 0 ? told.join(', ') : '–';
}

export { ErrorPage as ErrorBoundary };
