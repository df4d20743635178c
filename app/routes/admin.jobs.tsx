import type { LoaderFunctionArgs, MetaFunction } from '@remix-run/node';
import { useLoaderData } from '@remix-run/react';
import type { JobQueue } from '#server/admin/contract.ts';
import { findQueues } from '#server/admin/jobs/find-queues.ts';
import { mayChange } from '#server/admin/may-change.ts';
import { requireAdminPage } from '#server/auth/require-user.ts';
import { ChangeButton } from '#app/components/admin/change-button.tsx';
import { ReadOnlyNote } from '#app/components/admin/read-only-note.tsx';
import { Empty, Section } from '#app/components/admin/section.tsx';
import { scheduleInWords } from '#app/components/admin/words.ts';
import { formatTime } from '#app/components/billing/dates.ts';
import { Table, Td, Th } from '#app/components/billing/table.tsx';
import { ErrorPage } from '#app/components/error-page.tsx';
import { formatDuration } from '#app/components/format.ts';
import { PageBody, PageHeader } from '#app/components/shell.tsx';
import { Badge } from '#app/components/ui/badge.tsx';

export const handle = { shell: true };
export const meta: MetaFunction = () => [{ title: 'Jobs · Admin · Pantheon' }];

export async function loader({ context, request }: LoaderFunctionArgs) {
  const principal = await requireAdminPage(context, request);
  return { queues: await findQueues(context.app), canChange: mayChange(principal) };
}

export default function JobsPage() {
  const { queues, canChange } = useLoaderData<typeof loader>();
  const failures = queues.flatMap(({ queue, failures: failed }) => failed.map((job) => ({ queue, ...job })));
  return (
    <>
      <PageHeader title="Jobs" />
      <PageBody className="max-w-6xl space-y-8">
        <ReadOnlyNote canChange={canChange} />
        <Section title="Queues" note="Turns are not among them: they are a table of their own.">
          <Queues queues={queues} />
        </Section>
        <Section title="Failed for good" note="They had all their attempts. They are forgotten after 7 days.">
          {failures.length === 0 ? (
            <Empty>No job has failed for good.</Empty>
          ) : (
            <Table
              caption="Failed jobs"
              head={
                <>
                  <Th>Queue</Th>
                  <Th>Error</Th>
                  <Th numeric>Attempts</Th>
                  <Th>Failed</Th>
                  <Th>
                    <span className="sr-only">What to do</span>
                  </Th>
                </>
              }
            >
              {failures.map((job) => (
                <tr key={job.id}>
                  <Td>
                    {job.queue}
                    <span className="block font-mono text-xs text-ink-faint">{job.id}</span>
                  </Td>
                  <Td>{job.error ?? 'Unknown'}</Td>
                  <Td numeric>{job.attempts}</Td>
                  <Td className="whitespace-nowrap">{job.failedAt ? formatTime(job.failedAt) : '–'}</Td>
                  <Td>
                    <div className="flex flex-wrap justify-end gap-2">
                      <ChangeButton
                        verb="Retry"
                        size="sm"
                        label={`Retry ${job.queue} ${job.id}`}
                        title="Try this job again?"
                        effect="It gets one more attempt, at once. Jobs are made to be harmless when they run twice."
                        method="POST"
                        path={`/admin/jobs/${job.queue}/${job.id}/retry`}
                        disabled={!canChange}
                      />
                      <ChangeButton
                        verb="Discard"
                        size="sm"
                        label={`Discard ${job.queue} ${job.id}`}
                        title="Throw this job away?"
                        effect="Whatever it was to do stays undone. This can’t be taken back."
                        method="DELETE"
                        path={`/admin/jobs/${job.queue}/${job.id}`}
                        disabled={!canChange}
                      />
                    </div>
                  </Td>
                </tr>
              ))}
            </Table>
          )}
        </Section>
      </PageBody>
    </>
  );
}

function Queues({ queues }: { queues: JobQueue[] }) {
  return (
    <Table
      caption="Queues"
      head={
        <>
          <Th>Queue</Th>
          <Th numeric>Waiting</Th>
          <Th numeric>Oldest</Th>
          <Th numeric>Later</Th>
          <Th numeric>Active</Th>
          <Th numeric>Failed</Th>
          <Th numeric>Done, 7 days</Th>
          <Th>Last done</Th>
          <Th>Schedule, UTC</Th>
        </>
      }
    >
      {queues.map((queue) => (
        <tr key={queue.queue}>
          <Td className="font-medium whitespace-nowrap">{queue.queue}</Td>
          <Td numeric>{queue.waiting}</Td>
          <Td numeric>
            {queue.oldestWaitingSeconds === null ? '–' : formatDuration(queue.oldestWaitingSeconds * 1000)}
          </Td>
          <Td numeric>{queue.later}</Td>
          <Td numeric>{queue.active}</Td>
          <Td numeric>{queue.failed > 0 ? <Badge tone="danger">{queue.failed}</Badge> : 0}</Td>
          <Td numeric>{queue.completed.toLocaleString('en')}</Td>
          <Td className="whitespace-nowrap">{queue.lastCompletedAt ? formatTime(queue.lastCompletedAt) : 'Never'}</Td>
          <Td className="whitespace-nowrap" title={queue.cron ?? undefined}>
            {scheduleInWords(queue.cron)}
          </Td>
        </tr>
      ))}
    </Table>
  );
}

export { ErrorPage as ErrorBoundary };
