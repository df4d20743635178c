import type { LoaderFunctionArgs, MetaFunction } from '@remix-run/node';
import { Link, useLoaderData } from '@remix-run/react';
import { Download } from 'lucide-react';
import { readPeriod } from '#server/admin/analytics/read-period.ts';
import { reportModelHealth } from '#server/admin/analytics/report-model-health.ts';
import { sumUsage } from '#server/admin/analytics/report-usage.ts';
import { periodBefore } from '#server/admin/contract.ts';
import { findQueues } from '#server/admin/jobs/find-queues.ts';
import { requireAdminPage } from '#server/auth/require-user.ts';
import { Charted } from '#app/components/admin/charted.tsx';
import { useModelName } from '#app/components/admin/model-name.tsx';
import { PeriodForm } from '#app/components/admin/period-form.tsx';
import { Empty, Section } from '#app/components/admin/section.tsx';
import { Stat, Stats } from '#app/components/admin/stat.tsx';
import { inWords } from '#app/components/admin/words.ts';
import { Table, Td, Th } from '#app/components/billing/table.tsx';
import { ErrorPage } from '#app/components/error-page.tsx';
import { formatDuration } from '#app/components/format.ts';
import { PageBody, PageHeader } from '#app/components/shell.tsx';
import { Button } from '#app/components/ui/button.tsx';

export const handle = { shell: true };
export const meta: MetaFunction = () => [{ title: 'Model health · Admin · Pantheon' }];

export async function loader({ context, request }: LoaderFunctionArgs) {
  await requireAdminPage(context, request);
  const { today, ...period } = readPeriod(request);
  const [health, before, queues] = await Promise.all([
    reportModelHealth(context.app, period),
    sumUsage(context.app, periodBefore(period)),
    findQueues(context.app),
  ]);
  const sum = (field: 'waiting' | 'failed') => queues.reduce((total, queue) => total + queue[field], 0);
  const oldest = Math.max(0, ...queues.map(({ oldestWaitingSeconds }) => oldestWaitingSeconds ?? 0));
  return { ...period, today, health, before, jobs: { waiting: sum('waiting'), failed: sum('failed'), oldest } };
}

export default function HealthPage() {
  const { from, to, today, health, before, jobs } = useLoaderData<typeof loader>();
  const nameOf = useModelName();
  const calls = health.items.reduce((sum, row) => sum + row.calls, 0);
  const failed = health.items.reduce((sum, row) => sum + row.failedCalls, 0);
  return (
    <>
      <PageHeader
        title="Model health"
        actions={
          <Button asChild size="sm">
            <a href={`/admin/export/models.csv?from=${from}&to=${to}`} download>
              <Download aria-hidden className="size-4" />
              CSV
            </a>
          </Button>
        }
      />
      <PageBody className="max-w-6xl space-y-8">
        <PeriodForm from={from} to={to} today={today} />
        <Stats>
          <Stat name="Model calls" value={calls.toLocaleString('en')} now={calls} before={before.calls} />
          <Stat
            name="Failed"
            value={calls === 0 ? '–' : `${((failed / calls) * 100).toFixed(2)} %`}
            note={`${failed === 1 ? '1 call' : `${failed.toLocaleString('en')} calls`}${shareBefore(before)}`}
          />
          <Stat
            name="Jobs waiting"
            value={jobs.waiting.toLocaleString('en')}
            note={jobs.oldest > 0 ? `the oldest for ${formatDuration(jobs.oldest * 1000)}` : undefined}
          />
          <Stat
            name="Failed jobs"
            value={<Link to="/admin/jobs">{jobs.failed.toLocaleString('en')}</Link>}
            note="kept for 7 days"
          />
        </Stats>
        <Section
          title="How long answers take"
          note="Half of the calls (the median) and 95 of 100 (p95) took at most this long, to within 5 %."
        >
          {health.items.length === 0 ? (
            <Empty>No model was called in this period.</Empty>
          ) : (
            <Charted
              title="Latency and time to first token by model"
              first="Model"
              points={health.items.map((row) => ({
                label: nameOf(row.modelAlias),
                p50: row.latencyP50Ms ?? 0,
                p95: row.latencyP95Ms ?? 0,
                first: row.firstTokenP95Ms ?? 0,
              }))}
              series={[
                { key: 'p50', name: 'Answer, median', shape: 'bar' },
                { key: 'p95', name: 'Answer, p95', shape: 'bar' },
                { key: 'first', name: 'First token, p95', shape: 'bar' },
              ]}
              format={formatDuration}
            />
          )}
        </Section>
        {health.items.length > 0 && (
          <Section title="By model">
            <Table
              caption="Calls, failures and times by model"
              head={
                <>
                  <Th>Model</Th>
                  <Th numeric>Calls</Th>
                  <Th numeric>Failed</Th>
                  <Th numeric>Answer, median</Th>
                  <Th numeric>Answer, p95</Th>
                  <Th numeric>First token, median</Th>
                  <Th numeric>First token, p95</Th>
                </>
              }
            >
              {health.items.map((row) => (
                <tr key={row.modelAlias}>
                  <Td>{nameOf(row.modelAlias)}</Td>
                  <Td numeric>{row.calls.toLocaleString('en')}</Td>
                  <Td numeric>
                    {row.failedCalls.toLocaleString('en')} ({((row.failedCalls / row.calls) * 100).toFixed(1)} %)
                  </Td>
                  <Td numeric>{shown(row.latencyP50Ms)}</Td>
                  <Td numeric>{shown(row.latencyP95Ms)}</Td>
                  <Td numeric>{shown(row.firstTokenP50Ms)}</Td>
                  <Td numeric>{shown(row.firstTokenP95Ms)}</Td>
                </tr>
              ))}
            </Table>
          </Section>
        )}
        <Section title="Failures by cause">
          {health.failures.length === 0 ? (
            <Empty>No call failed in this period.</Empty>
          ) : (
            <Table
              caption="Failed calls by model, provider and cause"
              head={
                <>
                  <Th>Model</Th>
                  <Th>Provider</Th>
                  <Th>Cause</Th>
                  <Th numeric>Calls</Th>
                </>
              }
            >
              {health.failures.map((row) => (
                <tr key={`${row.modelAlias} ${row.provider} ${row.errorCode}`}>
                  <Td>{nameOf(row.modelAlias)}</Td>
                  <Td>{row.provider}</Td>
                  <Td>{inWords(row.errorCode)}</Td>
                  <Td numeric>{row.calls.toLocaleString('en')}</Td>
                </tr>
              ))}
            </Table>
          )}
        </Section>
      </PageBody>
    </>
  );
}

/** The share of the period before, where there was one. */
function shareBefore({ calls, failedCalls }: { calls: number; failedCalls: number }): string {
  return calls === 0 ? '' : `; ${((failedCalls / calls) * 100).toFixed(2)} % in the period before`;
}

function shown(ms: number | null): string {
  return ms === null ? '–' : formatDuration(ms);
}

export { ErrorPage as ErrorBoundary };
