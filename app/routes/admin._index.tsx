import type { LoaderFunctionArgs, MetaFunction } from '@remix-run/node';
import { Link, useLoaderData } from '@remix-run/react';
import { readPeriod } from '#server/admin/analytics/read-period.ts';
import { reportActiveUsers } from '#server/admin/analytics/report-active-users.ts';
import { reportCosts } from '#server/admin/analytics/report-costs.ts';
import { reportTop } from '#server/admin/analytics/report-top.ts';
import { sumUsage } from '#server/admin/analytics/report-usage.ts';
import { periodBefore, type AnalyticsRow } from '#server/admin/contract.ts';
import { requireAdminPage } from '#server/auth/require-user.ts';
import { formatUsd } from '#app/components/admin/amounts.ts';
import { Charted } from '#app/components/admin/charted.tsx';
import { everyDay } from '#app/components/admin/every-day.ts';
import { ModelName } from '#app/components/admin/model-name.tsx';
import { PeriodForm } from '#app/components/admin/period-form.tsx';
import { Empty, Section } from '#app/components/admin/section.tsx';
import { Stat, Stats } from '#app/components/admin/stat.tsx';
import { UsageStat } from '#app/components/admin/usage-stat.tsx';
import { Table, Td, Th } from '#app/components/billing/table.tsx';
import { ErrorPage } from '#app/components/error-page.tsx';
import { formatCredits, formatTokens } from '#app/components/format.ts';
import { PageBody, PageHeader } from '#app/components/shell.tsx';

export const handle = { shell: true };
export const meta: MetaFunction = () => [{ title: 'Overview · Admin · Pantheon' }];

const ACTIVE = [
  ['dau', 'Active on the last day'],
  ['wau', 'Active in 7 days'],
  ['mau', 'Active in 30 days'],
] as const;

export async function loader({ context, request }: LoaderFunctionArgs) {
  await requireAdminPage(context, request);
  const { app } = context;
  const { today, ...period } = readPeriod(request);
  const before = periodBefore(period);
  const most = { ...period, by: 'cost' as const, limit: 5 };
  const [usage, usageBefore, costs, active, activeBefore, users, models] = await Promise.all([
    sumUsage(app, period),
    sumUsage(app, before),
    reportCosts(app, period),
    reportActiveUsers(app, period),
    reportActiveUsers(app, { from: before.to, to: before.to }),
    reportTop(app, { ...most, of: 'users' }),
    reportTop(app, { ...most, of: 'models' }),
  ]);
  return { ...period, today, usage, usageBefore, costs, active, activeBefore, users, models };
}

export default function OverviewPage() {
  const { from, to, today, usage, usageBefore, costs, active, activeBefore, users, models } =
    useLoaderData<typeof loader>();
  return (
    <>
      <PageHeader title="Overview" />
      <PageBody className="max-w-6xl space-y-8">
        <PeriodForm from={from} to={to} today={today} />
        <Stats>
          <UsageStat of="cost" now={usage} before={usageBefore} />
          <UsageStat of="credits" now={usage} before={usageBefore} />
          <Stat
            name="Margin"
            value={formatUsd(costs.total.marginUsd)}
            note={
              costs.total.marginPercent === null ? 'nothing burned yet' : `${costs.total.marginPercent} % of the value`
            }
          />
          <UsageStat of="calls" now={usage} before={usageBefore} />
          {ACTIVE.map(([window, name]) => (
            <Stat
              key={window}
              name={name}
              value={formatWhole(active[window])}
              now={active[window]}
              before={activeBefore[window]}
            />
          ))}
          <UsageStat of="failed" now={usage} before={usageBefore} />
        </Stats>
        <Section
          title="Cost against value"
          note="What providers charge, and what the credits that were burned for it stand for: one US cent each."
          aside={<Csv report="costs" of="cost against value" from={from} to={to} />}
        >
          <Charted
            title="Cost against value by day"
            first="Day"
            points={everyDay({ from, to }, costs.items, (row) => ({
              cost: Number(row?.providerCostUsd ?? 0),
              value: Number(row?.valueUsd ?? 0),
            }))}
            series={[
              { key: 'value', name: 'Value of credits, USD', shape: 'bar' },
              { key: 'cost', name: 'Provider cost, USD', shape: 'line' },
            ]}
            format={formatUsd}
          />
        </Section>
        <Section
          title="Active people"
          note="Who had a model called: on the day, in the 7 and in the 30 days up to it."
          aside={<Csv report="active-users" of="active people" from={from} to={to} />}
        >
          <Charted
            title="Active people by day"
            first="Day"
            points={active.items.map(({ day, dau, wau, mau }) => ({ label: day, dau, wau, mau }))}
            series={[
              { key: 'dau', name: 'Daily', shape: 'line' },
              { key: 'wau', name: 'Weekly', shape: 'line' },
              { key: 'mau', name: 'Monthly', shape: 'line' },
            ]}
            format={formatWhole}
          />
        </Section>
        <div className="grid grid-cols-1 gap-8 xl:grid-cols-2">
          <Section title="Top people by cost" aside={<More to={`/admin/usage?groupBy=user&from=${from}&to=${to}`} />}>
            <TopTable rows={users.items} first="Person" caption="People by provider cost" />
          </Section>
          <Section title="Top models by cost" aside={<More to={`/admin/usage?groupBy=model&from=${from}&to=${to}`} />}>
            <TopTable rows={models.items} first="Model" caption="Models by provider cost" />
          </Section>
        </div>
      </PageBody>
    </>
  );
}

function TopTable({ rows, first, caption }: { rows: AnalyticsRow[]; first: string; caption: string }) {
  if (rows.length === 0) return <Empty>No model was called in this period.</Empty>;
  return (
    <Table
      caption={caption}
      head={
        <>
          <Th>{first}</Th>
          <Th numeric>Cost</Th>
          <Th numeric>Credits</Th>
          <Th numeric>Tokens</Th>
        </>
      }
    >
      {rows.map((row) => (
        <tr key={row.userId ?? `${row.modelAlias} ${row.model}`}>
          <Td className="max-w-48 truncate">
            {row.userId ? (
              <Link to={`/admin/users/${row.userId}`} className="text-accent-strong underline underline-offset-2">
                {row.email ?? 'Deleted account'}
              </Link>
            ) : (
              <ModelName alias={row.modelAlias} served={row.model} />
            )}
          </Td>
          <Td numeric>{formatUsd(row.providerCostUsd)}</Td>
          <Td numeric>{formatCredits(row.burnedMicroCredits)}</Td>
          <Td numeric>{formatTokens(row.totalTokens)}</Td>
        </tr>
      ))}
    </Table>
  );
}

function Csv({ report, of, from, to }: { report: string; of: string; from: string; to: string }) {
  return (
    <a
      href={`/admin/export/${report}.csv?from=${from}&to=${to}`}
      download
      className="text-sm text-accent-strong underline underline-offset-2"
    >
      CSV<span className="sr-only"> of {of}</span>
    </a>
  );
}

function More({ to }: { to: string }) {
  return (
    <Link to={to} className="text-sm text-accent-strong underline underline-offset-2">
      All of them
    </Link>
  );
}

function formatWhole(value: number): string {
  return value.toLocaleString('en');
}

export { ErrorPage as ErrorBoundary };
