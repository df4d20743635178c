import type { LoaderFunctionArgs, MetaFunction } from '@remix-run/node';
import { Link, useLoaderData } from '@remix-run/react';
import { getOwnedTurn } from '#server/auth/find-owned.ts';
import { pageProblem, requirePageUser } from '#server/auth/require-user.ts';
import { isAppError } from '#server/platform/errors.ts';
import type { Receipt } from '#server/usage/contract.ts';
import { getReceipt } from '#server/usage/get-receipt.ts';
import { formatTime } from '#app/components/billing/dates.ts';
import { Table, Td, Th } from '#app/components/billing/table.tsx';
import { ErrorPage } from '#app/components/error-page.tsx';
import { formatCredits, formatDuration } from '#app/components/format.ts';
import { PageBody, PageHeader } from '#app/components/shell.tsx';
import { toolName } from '#app/components/tool-names.ts';
import { Button } from '#app/components/ui/button.tsx';

export const handle = { shell: true };
export const meta: MetaFunction = () => [{ title: 'Receipt · Pantheon' }];

export async function loader({ context, request, params }: LoaderFunctionArgs) {
  const { app } = context;
  const { user } = await requirePageUser(context, request);
  try {
    const turn = await getOwnedTurn(app, user.id, params['turnId'] ?? '');
    const back = turn.roomId === null ? `/direct/${turn.directSessionId ?? ''}` : `/rooms/${turn.roomId}`;
    return { receipt: await getReceipt(app, turn.id), back, createdAt: turn.createdAt.toISOString() };
  } catch (error) {
    throw isAppError(error) ? pageProblem(context, error) : error;
  }
}

export default function ReceiptPage() {
  const { receipt, back, createdAt } = useLoaderData<typeof loader>();
  const { calls, tools } = receipt;
  return (
    <>
      <PageHeader
        title="Receipt"
        below={`${formatTime(createdAt)} · ${receipt.status}`}
        actions={
          <Button asChild size="sm" variant="ghost">
            <Link to={back}>To the conversation</Link>
          </Button>
        }
      />
      <PageBody className="space-y-8">
        <section aria-labelledby="charged">
          <h2 id="charged" className="text-sm text-ink-soft">
            Charged
          </h2>
          <p className="text-4xl font-semibold tracking-tight tabular-nums">
            {formatCredits(receipt.chargedMicroCredits)}
          </p>
          <p className="text-sm text-ink-soft">
            credits, the sum of the rows below: {micro(receipt.sumMicroCredits)} micro-credits
            {receipt.reservedMicroCredits !== '0' &&
              `; ${formatCredits(receipt.reservedMicroCredits)} are still set aside`}
          </p>
          <p className="mt-3 text-[13px] text-ink-faint">
            {receipt.formula}. One credit is 1,000,000 micro-credits. Prices: version {receipt.pricingVersion.id},{' '}
            {receipt.pricingVersion.name}.
          </p>
        </section>
        {calls.length === 0 ? (
          <p className="text-ink-soft">No model was asked.</p>
        ) : (
          <Table
            caption="Calls to models"
            head={
              <>
                <Th>Who</Th>
                <Th>Model</Th>
                <Th numeric>Prompt</Th>
                <Th numeric>Cached</Th>
                <Th numeric>Output</Th>
                <Th>Formula</Th>
                <Th numeric>Micro-credits</Th>
              </>
            }
          >
            {calls.map((call) => (
              <tr key={call.id}>
                <Td>
                  {call.agentName}
                  <span className="block text-xs whitespace-nowrap text-ink-faint">{aboutCall(call)}</span>
                </Td>
                <Td className="wrap-anywhere max-sm:min-w-24">{call.model}</Td>
                <Td numeric>{call.promptTokens.toLocaleString('en')}</Td>
                <Td numeric>{call.cachedTokens.toLocaleString('en')}</Td>
                <Td numeric>{call.completionTokens.toLocaleString('en')}</Td>
                <Td className="font-mono text-xs whitespace-nowrap">{call.formula}</Td>
                <Td numeric>{micro(call.chargedMicroCredits)}</Td>
              </tr>
            ))}
          </Table>
        )}
        {tools.length > 0 && (
          <Table
            caption="Tools"
            head={
              <>
                <Th>Tool</Th>
                <Th>Outcome</Th>
                <Th numeric>Units</Th>
                <Th numeric>Micro-credits</Th>
              </>
            }
          >
            {tools.map((tool) => (
              <tr key={tool.id}>
                <Td>{toolName(tool.tool)}</Td>
                <Td>{tool.status}</Td>
                <Td numeric>{tool.units.toLocaleString('en')}</Td>
                <Td numeric>{micro(tool.chargedMicroCredits)}</Td>
              </tr>
            ))}
          </Table>
        )}
      </PageBody>
    </>
  );
}

/** What is not as usual, and how long it took. */
function aboutCall({ purpose, status, errorCode, latencyMs }: Receipt['calls'][number]): string {
  const unusual = [purpose === 'agent' ? null : purpose, status === 'ok' ? null : status, errorCode];
  return [...unusual.filter(Boolean), formatDuration(latencyMs)].join(' · ');
}

function micro(microCredits: string): string {
  return BigInt(microCredits).toLocaleString('en');
}

export { ErrorPage as ErrorBoundary };
