import type { LoaderFunctionArgs, MetaFunction } from '@remix-run/node';
import { Link, useLoaderData } from '@remix-run/react';
import { readPeriod } from '#server/admin/analytics/read-period.ts';
import { reportUsage } from '#server/admin/analytics/report-usage.ts';
import { mayChange } from '#server/admin/may-change.ts';
import { findUserTurns } from '#server/admin/turns/find-user-turns.ts';
import { getUser } from '#server/admin/users/find-users.ts';
import { pageProblem, requireAdminPage } from '#server/auth/require-user.ts';
import { findPlans } from '#server/models/find-plans.ts';
import { isAppError } from '#server/platform/errors.ts';
import { formatUsd } from '#app/components/admin/amounts.ts';
import { Charted } from '#app/components/admin/charted.tsx';
import { everyDay } from '#app/components/admin/every-day.ts';
import { ModelName } from '#app/components/admin/model-name.tsx';
import { PeriodForm } from '#app/components/admin/period-form.tsx';
import { ReadOnlyNote } from '#app/components/admin/read-only-note.tsx';
import { Empty, Section } from '#app/components/admin/section.tsx';
import { Stat, Stats } from '#app/components/admin/stat.tsx';
import { UserControls } from '#app/components/admin/user-controls.tsx';
import { inWords } from '#app/components/admin/words.ts';
import { formatDay, formatTime } from '#app/components/billing/dates.ts';
import { Table, Td, Th } from '#app/components/billing/table.tsx';
import { ErrorPage } from '#app/components/error-page.tsx';
import { formatCredits, formatDuration, formatTokens } from '#app/components/format.ts';
import { PageBody, PageHeader } from '#app/components/shell.tsx';
import { Badge } from '#app/components/ui/badge.tsx';
import { Button } from '#app/components/ui/button.tsx';

export const handle = { shell: true };
export const meta: MetaFunction = () => [{ title: 'User · Admin · Pantheon' }];

const TURNS = 25;

export async function loader({ context, request, params }: LoaderFunctionArgs) {
  const principal = await requireAdminPage(context, request);
  const { app } = context;
  const { today, ...period } = readPeriod(request);
  const user = await getUser(app, params['userId'] ?? '').catch((error: unknown) => {
    throw isAppError(error) ? pageProblem(context, error) : error;
  });
  const mine = { ...period, userId: user.id };
  const [byDay, byModel, turns, plans] = await Promise.all([
    reportUsage(app, { ...mine, groupBy: ['day'], limit: 400 }),
    reportUsage(app, { ...mine, groupBy: ['model'], limit: 50 }),
    findUserTurns(app, { userId: user.id, limit: TURNS }),
    findPlans(app),
  ]);
  const planNames = plans.map(({ id, name, modelAliases }) => ({ id, name, modelAliases }));
  return { ...period, today, user, byDay, byModel, turns, plans: planNames, canChange: mayChange(principal) };
}

export default function UserPage() {
  const { from, to, today, user, byDay, byModel, turns, plans, canChange } = useLoaderData<typeof loader>();
  return (
    <>
      <PageHeader
        title={user.email}
        below={`Since ${formatDay(user.createdAt)}`}
        actions={
          <>
            {user.role !== 'user' && <Badge tone="accent">{user.role}</Badge>}
            {user.suspended && <Badge tone="danger">suspended</Badge>}
            <Button asChild size="sm" variant="ghost">
              <Link to={`/admin/audit?targetId=${user.id}`}>History</Link>
            </Button>
          </>
        }
      />
      <PageBody className="max-w-6xl space-y-8">
        <ReadOnlyNote canChange={canChange} />
        <Stats>
          <Stat name="Balance" value={formatCredits(user.balanceMicroCredits)} note="credits" />
          <Stat
            name="Monthly cap"
            value={user.monthlyCapMicroCredits === null ? 'None' : formatCredits(user.monthlyCapMicroCredits)}
            note={user.debtMicroCredits === '0' ? undefined : `owes ${formatCredits(user.debtMicroCredits)}`}
          />
          <Stat name="Plan" value={user.plan === null ? 'None' : inWords(user.plan)} />
          <Stat name="Last seen" value={user.lastSeenAt ? formatDay(user.lastSeenAt) : 'Never'} />
        </Stats>
        <UserControls key={JSON.stringify(user)} user={user} plans={plans} canChange={canChange} />
        <Section title="Usage">
          <div className="space-y-4">
            <PeriodForm from={from} to={to} today={today} />
            {byDay.items.length === 0 ? (
              <Empty>No model was called for them in this period.</Empty>
            ) : (
              <>
                <Charted
                  title="Provider cost by day"
                  first="Day"
                  points={everyDay({ from, to }, byDay.items, (row) => ({ cost: Number(row?.providerCostUsd ?? 0) }))}
                  series={[{ key: 'cost', name: 'Provider cost, USD', shape: 'bar' }]}
                  format={formatUsd}
                />
                <Table
                  caption="Usage by model"
                  head={
                    <>
                      <Th>Model</Th>
                      <Th numeric>Cost</Th>
                      <Th numeric>Credits</Th>
                      <Th numeric>Calls</Th>
                      <Th numeric>Failed</Th>
                      <Th numeric>Tokens</Th>
                    </>
                  }
                >
                  {byModel.items.map((row) => (
                    <tr key={`${row.modelAlias} ${row.model}`}>
                      <Td>
                        <ModelName alias={row.modelAlias} served={row.model} />
                      </Td>
                      <Td numeric>{formatUsd(row.providerCostUsd)}</Td>
                      <Td numeric>{formatCredits(row.burnedMicroCredits)}</Td>
                      <Td numeric>{row.calls.toLocaleString('en')}</Td>
                      <Td numeric>{row.failedCalls.toLocaleString('en')}</Td>
                      <Td numeric>{formatTokens(row.totalTokens)}</Td>
                    </tr>
                  ))}
                </Table>
              </>
            )}
          </div>
        </Section>
        <Section title="Newest turns" note="When, how and what they cost; what was said stays theirs.">
          {turns.length === 0 ? (
            <Empty>They have sent nothing yet.</Empty>
          ) : (
            <Table
              caption="Newest turns"
              head={
                <>
                  <Th>When</Th>
                  <Th>Mode</Th>
                  <Th>State</Th>
                  <Th numeric>Took</Th>
                  <Th numeric>Failed steps</Th>
                  <Th numeric>Credits</Th>
                </>
              }
            >
              {turns.map((turn) => (
                <tr key={turn.id}>
                  <Td className="whitespace-nowrap">
                    <Link to={`/admin/turns/${turn.id}`} className="text-accent-strong underline underline-offset-2">
                      {formatTime(turn.createdAt)}
                    </Link>
                  </Td>
                  <Td>{inWords(turn.mode)}</Td>
                  <Td>{inWords(turn.status)}</Td>
                  <Td numeric>{turn.durationMs === null ? '–' : formatDuration(turn.durationMs)}</Td>
                  <Td numeric>{turn.failedSteps}</Td>
                  <Td numeric>{formatCredits(turn.chargedMicroCredits)}</Td>
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
