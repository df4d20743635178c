import type { LoaderFunctionArgs, MetaFunction } from '@remix-run/node';
import { Link, useLoaderData } from '@remix-run/react';
import { Download } from 'lucide-react';
import { readPeriod } from '#server/admin/analytics/read-period.ts';
import { reportUsage, sumUsage } from '#server/admin/analytics/report-usage.ts';
import { periodBefore, type AnalyticsGroup } from '#server/admin/contract.ts';
import { requireAdminPage } from '#server/auth/require-user.ts';
import { formatUsd } from '#app/components/admin/amounts.ts';
import { Charted } from '#app/components/admin/charted.tsx';
import { everyDay } from '#app/components/admin/every-day.ts';
import { FilterForm } from '#app/components/admin/filter-form.tsx';
import { ModelName } from '#app/components/admin/model-name.tsx';
import { PeriodForm } from '#app/components/admin/period-form.tsx';
import { Empty, Section } from '#app/components/admin/section.tsx';
import { Stats } from '#app/components/admin/stat.tsx';
import { UsageStat } from '#app/components/admin/usage-stat.tsx';
import { Table, Td, Th } from '#app/components/billing/table.tsx';
import { ErrorPage } from '#app/components/error-page.tsx';
import { formatCredits, formatTokens } from '#app/components/format.ts';
import { PageBody, PageHeader } from '#app/components/shell.tsx';
import { Button } from '#app/components/ui/button.tsx';
import { Select } from '#app/components/ui/input.tsx';

export const handle = { shell: true };
export const meta: MetaFunction = () => [{ title: 'Usage and cost · Admin · Pantheon' }];

const GROUPS: Record<string, { name: string; groupBy: AnalyticsGroup[] }> = {
  'user,model': { name: 'Person and model', groupBy: ['user', 'model'] },
  user: { name: 'Person', groupBy: ['user'] },
  model: { name: 'Model', groupBy: ['model'] },
};
/** More rows are in the CSV. */
const ROWS = 100;

export async function loader({ context, request }: LoaderFunctionArgs) {
  await requireAdminPage(context, request);
  const { today, ...period } = readPeriod(request);
  const asked = new URL(request.url).searchParams.get('groupBy') ?? '';
  const group = asked in GROUPS ? asked : 'user,model';
  const [byDay, report, before] = await Promise.all([
    reportUsage(context.app, { ...period, groupBy: ['day'], limit: 400 }),
    reportUsage(context.app, { ...period, groupBy: GROUPS[group]?.groupBy ?? [], limit: ROWS }),
    sumUsage(context.app, periodBefore(period)),
  ]);
  return { ...period, today, group, byDay, report, before };
}

export default function UsagePage() {
  const { from, to, today, group, byDay, report, before } = useLoaderData<typeof loader>();
  // The widest table leaves out what matters least; the CSV has it.
  const wide = group === 'user,model';
  const csv = new URLSearchParams({ from, to, groupBy: group }).toString();
  return (
    <>
      <PageHeader
        title="Usage and cost"
        actions={
          <Button asChild size="sm">
            <a href={`/admin/export/usage.csv?${csv}`} download>
              <Download aria-hidden className="size-4" />
              CSV
            </a>
          </Button>
        }
      />
      <PageBody className="max-w-6xl space-y-8">
        <PeriodForm from={from} to={to} today={today} />
        <Stats>
          {(['cost', 'credits', 'tokens', 'calls'] as const).map((figure) => (
            <UsageStat key={figure} of={figure} now={report.total} before={before} />
          ))}
        </Stats>
        <Section title="Tokens by day">
          <Charted
            title="Tokens by day"
            first="Day"
            points={everyDay({ from, to }, byDay.items, (row) => ({
              prompt: row?.promptTokens ?? 0,
              completion: row?.completionTokens ?? 0,
            }))}
            series={[
              { key: 'prompt', name: 'Prompt tokens', shape: 'stack' },
              { key: 'completion', name: 'Output tokens', shape: 'stack' },
            ]}
            format={formatTokens}
          />
        </Section>
        <Section
          title={`By ${GROUPS[group]?.name.toLowerCase() ?? ''}`}
          note={report.items.length === ROWS ? `The ${ROWS} that cost most; all of them are in the CSV.` : undefined}
          aside={
            <FilterForm label="Show by" className="w-48" kept={{ from, to }}>
              {(control) => (
                <Select {...control} name="groupBy" defaultValue={group}>
                  {Object.entries(GROUPS).map(([value, { name }]) => (
                    <option key={value} value={value}>
                      {name}
                    </option>
                  ))}
                </Select>
              )}
            </FilterForm>
          }
        >
          {report.items.length === 0 ? (
            <Empty>No model was called in this period.</Empty>
          ) : (
            <Table
              caption={`Usage by ${GROUPS[group]?.name.toLowerCase() ?? ''}`}
              head={
                <>
                  {group.includes('user') && <Th>Person</Th>}
                  {group.includes('model') && <Th>Model</Th>}
                  <Th numeric>Cost</Th>
                  <Th numeric>Credits</Th>
                  <Th numeric>Calls</Th>
                  <Th numeric>Failed</Th>
                  <Th numeric>Prompt</Th>
                  {!wide && <Th numeric>Cached</Th>}
                  <Th numeric>Output</Th>
                </>
              }
            >
              {report.items.map((row) => (
                <tr key={`${row.userId} ${row.modelAlias} ${row.model}`}>
                  {group.includes('user') && (
                    <Td className="max-w-60 truncate" title={row.email ?? undefined}>
                      <Link
                        to={`/admin/users/${row.userId}`}
                        className="text-accent-strong underline underline-offset-2"
                      >
                        {row.email ?? 'Deleted account'}
                      </Link>
                    </Td>
                  )}
                  {group.includes('model') && (
                    <Td className="whitespace-nowrap">
                      <ModelName alias={row.modelAlias} served={row.model} />
                    </Td>
                  )}
                  <Td numeric>{formatUsd(row.providerCostUsd)}</Td>
                  <Td numeric>{formatCredits(row.burnedMicroCredits)}</Td>
                  <Td numeric>{row.calls.toLocaleString('en')}</Td>
                  <Td numeric>{row.failedCalls.toLocaleString('en')}</Td>
                  <Td numeric>{formatTokens(row.promptTokens)}</Td>
                  {!wide && <Td numeric>{formatTokens(row.cachedTokens)}</Td>}
                  <Td numeric>{formatTokens(row.completionTokens)}</Td>
                </tr>
              ))}
            </Table>
          )}
        </Section>
      </PageBody>
    </>
  );
}

export { ErrorPage as ErrorBoundary };
