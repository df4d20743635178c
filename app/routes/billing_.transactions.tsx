import type { LoaderFunctionArgs, MetaFunction } from '@remix-run/node';
import { Link, useLoaderData } from '@remix-run/react';
import { pageProblem, requirePageUser } from '#server/auth/require-user.ts';
import type { Transaction } from '#server/billing/contract.ts';
import { findTransactions } from '#server/billing/find-transactions.ts';
import { isAppError } from '#server/platform/errors.ts';
import { formatTime } from '#app/components/billing/dates.ts';
import { Table, Td, Th } from '#app/components/billing/table.tsx';
import { ErrorPage } from '#app/components/error-page.tsx';
import { formatCredits } from '#app/components/format.ts';
import { PageBody, PageHeader } from '#app/components/shell.tsx';
import { Button } from '#app/components/ui/button.tsx';

export const handle = { shell: true };
export const meta: MetaFunction = () => [{ title: 'Transactions · Pantheon' }];

const PER_PAGE = 50;

export async function loader({ context, request }: LoaderFunctionArgs) {
  const { user } = await requirePageUser(context, request);
  const cursor = new URL(request.url).searchParams.get('cursor') ?? undefined;
  try {
    return await findTransactions(context.app, { userId: user.id, limit: PER_PAGE, cursor });
  } catch (error) {
    throw isAppError(error) ? pageProblem(context, error) : error;
  }
}

const KINDS: Record<Transaction['kind'], string> = {
  grant: 'Credits arrived',
  hold: 'Set aside for a message',
  charge: 'A call was paid',
  release: 'Set aside and not needed',
  expire: 'Expired',
  clawback: 'Taken back after a refund or dispute',
  debt: 'Owed',
  repay: 'Debt paid',
};

export default function TransactionsPage() {
  const { items, nextCursor } = useLoaderData<typeof loader>();
  return (
    <>
      <PageHeader
        title="Transactions"
        below="Nothing here is ever changed: the balance is the sum of these rows"
        actions={
          <Button asChild size="sm" variant="ghost">
            <Link to="/billing">Billing</Link>
          </Button>
        }
      />
      <PageBody>
        {items.length === 0 ? (
          <p className="text-ink-soft">Nothing has happened yet.</p>
        ) : (
          <Table
            caption="Transactions, the newest first"
            head={
              <>
                <Th className="max-sm:hidden">When</Th>
                <Th>What</Th>
                <Th numeric>Available</Th>
                <Th numeric>Set aside</Th>
                <Th numeric>Owed</Th>
                <Th>
                  <span className="sr-only">Receipt</span>
                </Th>
              </>
            }
          >
            {items.map((row) => (
              <tr key={row.id}>
                <Td className="whitespace-nowrap text-ink-soft max-sm:hidden">{formatTime(row.createdAt)}</Td>
                <Td>
                  {KINDS[row.kind]}
                  {row.note && <span className="text-ink-faint"> · {row.note}</span>}
                  <span className="block text-xs text-ink-faint sm:hidden">{formatTime(row.createdAt)}</span>
                </Td>
                <Td numeric>{signed(row.availableDeltaMicroCredits)}</Td>
                <Td numeric>{signed(row.heldDeltaMicroCredits)}</Td>
                <Td numeric>{signed(row.debtDeltaMicroCredits)}</Td>
                <Td>
                  {row.turnId && (
                    <Link
                      to={`/turns/${row.turnId}/receipt`}
                      className="text-accent-strong underline underline-offset-2"
                    >
                      Receipt
                    </Link>
                  )}
                </Td>
              </tr>
            ))}
          </Table>
        )}
        {nextCursor && (
          <Button asChild className="mt-4">
            <Link to={`?${new URLSearchParams({ cursor: nextCursor }).toString()}`}>Older</Link>
          </Button>
        )}
      </PageBody>
    </>
  );
}

function signed(microCredits: string): string {
  if (microCredits === '0') return '';
  return microCredits.startsWith('-') ? formatCredits(microCredits) : `+${formatCredits(microCredits)}`;
}

export { ErrorPage as ErrorBoundary };
