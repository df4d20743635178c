import type { LoaderFunctionArgs, MetaFunction } from '@remix-run/node';
import { Form, Link, useLoaderData, useSubmit } from '@remix-run/react';
import { Download } from 'lucide-react';
import { requirePageUser } from '#server/auth/require-user.ts';
import { USAGE_GROUPS, ZUsageGroup, ZUsageQuery, type UsageGroup, type UsageReport } from '#server/usage/contract.ts';
import { reportUsage } from '#server/usage/report-usage.ts';
import { BarChart, ShareBar } from '#app/components/billing/bar-chart.tsx';
import { Table, Td, Th } from '#app/components/billing/table.tsx';
import { ErrorPage } from '#app/components/error-page.tsx';
import { formatDay } from '#app/components/billing/dates.ts';
import { formatCredits, formatTokens } from '#app/components/format.ts';
import { PageBody, PageHeader } from '#app/components/shell.tsx';
import { toolName } from '#app/components/tool-names.ts';
import { Button } from '#app/components/ui/button.tsx';
import { Field } from '#app/components/ui/field.tsx';
import { Select } from '#app/components/ui/input.tsx';

export const handle = { shell: true };
export const meta: MetaFunction = () => [{ title: 'Usage · Pantheon' }];

const DAY_MS = 86_400_000;
const PERIODS = ['7', '31', '90'] as const;
const GROUP_NAMES: Record<UsageGroup, string> = { day: 'Day', model: 'Model', room: 'Room', agent: 'Agent' };

export async function loader({ context, request }: LoaderFunctionArgs) {
  const { user } = await requirePageUser(context, request);
  const { searchParams } = new URL(request.url);
  const groupBy = ZUsageGroup.catch('model').parse(searchParams.get('groupBy'));
  const days = PERIODS.find((period) => period === searchParams.get('days')) ?? '31';
  const from = new Date(Date.now() - (Number(days) - 1) * DAY_MS).toISOString().slice(0, 10);
  const period = ZUsageQuery.parse({ from, groupBy });
  const [byDay, report] = await Promise.all([
    reportUsage(context.app, { userId: user.id, ...period, groupBy: 'day' }),
    reportUsage(context.app, { userId: user.id, ...period }),
  ]);
  return { byDay, report, days, from };
}

export default function UsagePage() {
  const { byDay, report, days, from } = useLoaderData<typeof loader>();
  const submit = useSubmit();
  const csv = `/usage.csv?${new URLSearchParams({ from, groupBy: report.groupBy }).toString()}`;
  return (
    <>
      <PageHeader
        title="Usage"
        actions={
          <>
            <Button asChild size="sm">
              <a href={csv} download>
                <Download aria-hidden className="size-4" />
                CSV
              </a>
            </Button>
            <Button asChild size="sm" variant="ghost">
              <Link to="/billing">Billing</Link>
            </Button>
          </>
        }
      />
      <PageBody className="space-y-8">
        <Form method="get" className="flex flex-wrap items-end gap-4" onChange={(event) => submit(event.currentTarget)}>
          <Field label="Period" className="w-40">
            {(control) => (
              <Select {...control} name="days" defaultValue={days}>
                {PERIODS.map((period) => (
                  <option key={period} value={period}>
                    Last {period} days
                  </option>
                ))}
              </Select>
            )}
          </Field>
          <Field label="Show by" className="w-40">
            {(control) => (
              <Select {...control} name="groupBy" defaultValue={report.groupBy}>
                {USAGE_GROUPS.map((group) => (
                  <option key={group} value={group}>
                    {GROUP_NAMES[group]}
                  </option>
                ))}
              </Select>
            )}
          </Field>
          <noscript>
            <Button type="submit">Show</Button>
          </noscript>
        </Form>
        <Totals report={report} />
        {report.items.length > 0 && (
          <figure>
            <BarChart bars={everyDay(byDay)} />
            <figcaption className="mt-1.5 flex justify-between text-xs text-ink-faint">
              <span>{formatDay(byDay.from)}</span>
              <span>Credits a day</span>
              <span>{formatDay(new Date(Date.parse(byDay.to) - 1).toISOString())}</span>
            </figcaption>
          </figure>
        )}
        <Groups report={report} />
      </PageBody>
    </>
  );
}

function Totals({ report: { total } }: { report: UsageReport }) {
  const parts = [
    ['Credits', formatCredits(total.chargedMicroCredits)],
    ['Calls', total.calls.toLocaleString('en')],
    ['Tokens', formatTokens(total.totalTokens)],
    ['Tool calls', total.toolCalls.toLocaleString('en')],
  ] as const;
  return (
    <dl className="flex flex-wrap gap-x-10 gap-y-3">
      {parts.map(([name, amount]) => (
        <div key={name}>
          <dt className="text-xs text-ink-faint">{name}</dt>
          <dd className="text-2xl font-semibold tracking-tight tabular-nums">{amount}</dd>
        </div>
      ))}
    </dl>
  );
}

/** Tools stand among the models: they are paid for too. */
function labelOf({ key, label }: UsageReport['items'][number]): string {
  return key.startsWith('tool:') ? toolName(key.slice(5)) : label;
}

function Groups({ report }: { report: UsageReport }) {
  if (report.items.length === 0) return <p className="text-ink-soft">Nothing was used in this period.</p>;
  const most = report.items.reduce(
    (max, row) => (BigInt(row.chargedMicroCredits) > max ? BigInt(row.chargedMicroCredits) : max),
    0n,
  );
  return (
    <Table
      caption={`Usage by ${report.groupBy}`}
      head={
        <>
          <Th>{GROUP_NAMES[report.groupBy]}</Th>
          <Th numeric>Credits</Th>
          <Th className="w-1/5 max-sm:hidden">
            <span className="sr-only">Share</span>
          </Th>
          <Th numeric>Calls</Th>
          <Th numeric>Failed</Th>
          <Th numeric>Prompt</Th>
          <Th numeric>Cached</Th>
          <Th numeric>Output</Th>
          <Th numeric>Tools</Th>
        </>
      }
    >
      {report.items.map((row) => (
        <tr key={row.key}>
          <Td>{labelOf(row)}</Td>
          <Td numeric>{formatCredits(row.chargedMicroCredits)}</Td>
          <Td className="align-middle max-sm:hidden">
            <ShareBar value={BigInt(row.chargedMicroCredits)} most={most} />
          </Td>
          <Td numeric>{row.calls.toLocaleString('en')}</Td>
          <Td numeric>{row.failedCalls.toLocaleString('en')}</Td>
          <Td numeric>{formatTokens(row.promptTokens)}</Td>
          <Td numeric>{formatTokens(row.cachedTokens)}</Td>
          <Td numeric>{formatTokens(row.completionTokens)}</Td>
          <Td numeric>{row.toolCalls.toLocaleString('en')}</Td>
        </tr>
      ))}
    </Table>
  );
}

/** Days without use have no row, and a place in the chart. */
function everyDay({ from, to, items }: UsageReport) {
  const used = new Map(items.map((row) => [row.key, row.chargedMicroCredits]));
  const bars = [];
  for (let at = Date.parse(from); at < Date.parse(to); at += DAY_MS) {
    const key = new Date(at).toISOString().slice(0, 10);
    const amount = used.get(key) ?? '0';
    bars.push({ key, label: formatDay(key), value: BigInt(amount), shown: formatCredits(amount) });
  }
  return bars;
}

export { ErrorPage as ErrorBoundary };
