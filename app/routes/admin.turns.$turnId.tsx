import type { LoaderFunctionArgs, MetaFunction } from '@remix-run/node';
import { Link, useLoaderData } from '@remix-run/react';
import { getTurnMetadata } from '#server/admin/turns/get-turn-metadata.ts';
import { pageProblem, requireAdminPage } from '#server/auth/require-user.ts';
import { isAppError } from '#server/platform/errors.ts';
import { formatUsd } from '#app/components/admin/amounts.ts';
import { ModelName } from '#app/components/admin/model-name.tsx';
import { Empty, Section } from '#app/components/admin/section.tsx';
import { Stat, Stats } from '#app/components/admin/stat.tsx';
import { inWords } from '#app/components/admin/words.ts';
import { formatTime } from '#app/components/billing/dates.ts';
import { Table, Td, Th } from '#app/components/billing/table.tsx';
import { ErrorPage } from '#app/components/error-page.tsx';
import { formatCredits, formatDuration, formatTokens } from '#app/components/format.ts';
import { PageBody, PageHeader } from '#app/components/shell.tsx';

export const handle = { shell: true };
export const meta: MetaFunction = () => [{ title: 'Turn · Admin · Pantheon' }];

/** A turn's metadata. What was said in it is read by nobody but its owner. */
export async function loader({ context, request, params }: LoaderFunctionArgs) {
  await requireAdminPage(context, request);
  return getTurnMetadata(context.app, params['turnId'] ?? '').catch((error: unknown) => {
    throw isAppError(error) ? pageProblem(context, error) : error;
  });
}

export default function TurnPage() {
  const turn = useLoaderData<typeof loader>();
  return (
    <>
      <PageHeader title={`Turn of ${formatTime(turn.createdAt)}`} below={`Id ${turn.id}`} />
      <PageBody className="max-w-6xl space-y-8">
        <p className="text-sm text-ink-soft">
          Sent by{' '}
          <Link to={`/admin/users/${turn.userId}`} className="text-accent-strong underline underline-offset-2">
            {turn.email ?? 'a deleted account'}
          </Link>
          . What was said is theirs, and not shown here.
        </p>
        <Stats>
          <Stat
            name="State"
            value={inWords(turn.status)}
            note={turn.errorCode === null ? undefined : inWords(turn.errorCode)}
          />
          <Stat
            name="Mode"
            value={inWords(turn.mode)}
            note={turn.attempt === 1 ? undefined : `attempt ${turn.attempt}`}
          />
          <Stat name="Took" value={turn.durationMs === null ? '–' : formatDuration(turn.durationMs)} />
          <Stat
            name="Charged"
            value={formatCredits(turn.chargedMicroCredits)}
            note={`credits, at pricing version ${turn.pricingVersion}`}
          />
        </Stats>
        <Section title="Steps">
          <Table
            caption="Steps"
            head={
              <>
                <Th>Step</Th>
                <Th>Model</Th>
                <Th>State</Th>
                <Th numeric>Tokens</Th>
                <Th numeric>Took</Th>
                <Th numeric>Credits</Th>
              </>
            }
          >
            {turn.steps.map((step) => (
              <tr key={step.id}>
                <Td>
                  {step.index + 1}. {inWords(step.kind)}
                </Td>
                <Td>
                  <ModelName alias={step.modelAlias} served={step.servedModel} />
                </Td>
                <Td>
                  {inWords(step.status)}
                  <span className="block text-xs text-ink-faint">{inWords(step.errorCode ?? '')}</span>
                </Td>
                <Td numeric>{formatTokens(step.totalTokens)}</Td>
                <Td numeric>{formatDuration(step.latencyMs)}</Td>
                <Td numeric>{formatCredits(step.chargedMicroCredits)}</Td>
              </tr>
            ))}
          </Table>
        </Section>
        <Section title="Model calls" note="With the model that was served and the provider’s own id of the request.">
          {turn.calls.length === 0 ? (
            <Empty>No model was called.</Empty>
          ) : (
            <Table
              caption="Model calls"
              head={
                <>
                  <Th>For</Th>
                  <Th>Model</Th>
                  <Th>State</Th>
                  <Th numeric>Prompt</Th>
                  <Th numeric>Output</Th>
                  <Th numeric>First token</Th>
                  <Th numeric>Took</Th>
                  <Th numeric>Cost</Th>
                  <Th numeric>Credits</Th>
                </>
              }
            >
              {turn.calls.map((call) => (
                <tr key={call.id}>
                  <Td>{inWords(call.purpose)}</Td>
                  <Td className="whitespace-nowrap">
                    <ModelName alias={call.modelAlias} served={`${call.provider}: ${call.model}`} />
                    <span className="block font-mono text-xs text-ink-faint">{call.requestId}</span>
                  </Td>
                  <Td>
                    {inWords(call.status)}
                    <span className="block text-xs text-ink-faint">{inWords(call.errorCode ?? '')}</span>
                  </Td>
                  <Td numeric>{formatTokens(call.promptTokens)}</Td>
                  <Td numeric>{formatTokens(call.completionTokens)}</Td>
                  <Td numeric>{call.firstTokenMs === null ? '–' : formatDuration(call.firstTokenMs)}</Td>
                  <Td numeric>{formatDuration(call.latencyMs)}</Td>
                  <Td numeric>{formatUsd(call.providerCostUsd)}</Td>
                  <Td numeric>{formatCredits(call.burnedMicroCredits)}</Td>
                </tr>
              ))}
            </Table>
          )}
        </Section>
        {turn.tools.length > 0 && (
          <Section title="Tools">
            <Table
              caption="Tools"
              head={
                <>
                  <Th>Tool</Th>
                  <Th>State</Th>
                  <Th numeric>Units</Th>
                  <Th numeric>Took</Th>
                  <Th numeric>Credits</Th>
                </>
              }
            >
              {turn.tools.map((tool) => (
                <tr key={tool.id}>
                  <Td>{inWords(tool.tool)}</Td>
                  <Td>{inWords(tool.status)}</Td>
                  <Td numeric>{tool.units}</Td>
                  <Td numeric>{formatDuration(tool.latencyMs)}</Td>
                  <Td numeric>{formatCredits(tool.burnedMicroCredits)}</Td>
                </tr>
              ))}
            </Table>
          </Section>
        )}
      </PageBody>
    </>
  );
}

export { ErrorPage as ErrorBoundary };
