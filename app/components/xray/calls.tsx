import { ArrowRight, TriangleAlert } from 'lucide-react';
import type { Xray, XrayCall } from '#server/xray/contract.ts';
import { formatCredits, formatDuration } from '#app/components/format.ts';
import { Badge } from '#app/components/ui/badge.tsx';
import { describeToolCall } from '#app/timeline/describe-tool-call.ts';

const CALL_WORDS: Record<XrayCall['status'], string> = {
  intent: 'On its way',
  ok: 'Answered',
  failed: 'Failed',
  cancelled: 'Stopped',
  lost: 'Lost in a crash',
};

export function Calls({ calls }: { calls: XrayCall[] }) {
  if (calls.length === 0) return <p className="text-sm text-ink-soft">None was made.</p>;
  return (
    <ol className="divide-y divide-line rounded-xl border border-line bg-raised">
      {calls.map((call) => (
        <li key={call.id} className="px-3.5 py-2.5 text-[13px]">
          <p className="flex flex-wrap items-center gap-x-2 gap-y-1">
            <span className="font-medium">
              Request {call.callNo + 1}
              {call.attempt > 1 && `, attempt ${call.attempt}`}
            </span>
            <Badge tone={call.status === 'ok' || call.status === 'intent' ? 'plain' : 'warn'}>
              {call.status !== 'ok' && call.status !== 'intent' && <TriangleAlert aria-hidden className="size-3" />}
              {CALL_WORDS[call.status]}
              {call.errorCode && `: ${call.errorCode.replaceAll('_', ' ')}`}
            </Badge>
            {call.fallback && <Badge tone="accent">Fallback model</Badge>}
          </p>
          <p className="mt-1 flex flex-wrap items-center gap-x-1.5 font-mono text-xs break-all text-ink-soft">
            {call.requestedModel}
            {call.servedModel !== null && call.servedModel !== call.requestedModel && (
              <>
                <ArrowRight role="img" aria-label="served by" className="size-3" />
                {call.servedModel}
              </>
            )}
          </p>
          <p className="mt-0.5 text-xs text-ink-faint tabular-nums">{figuresOf(call)}</p>
        </li>
      ))}
    </ol>
  );
}

function figuresOf(call: XrayCall): string {
  const { promptTokens, cachedTokens, completionTokens, firstTokenMs, latencyMs, chargedMicroCredits } = call;
  const figures = [
    firstTokenMs !== null && `first token after ${formatDuration(firstTokenMs)}`,
    latencyMs !== null && `${formatDuration(latencyMs)} in all`,
    promptTokens !== null &&
      `${promptTokens.toLocaleString('en')} tokens in${cachedTokens ? ` (${cachedTokens.toLocaleString('en')} cached)` : ''}`,
    completionTokens !== null && `${completionTokens.toLocaleString('en')} out`,
    chargedMicroCredits !== null && `${formatCredits(chargedMicroCredits)} credits`,
  ].filter((figure) => figure !== false);
  return figures.length > 0 ? figures.join(' · ') : 'The provider was not reached, and nothing was charged';
}

export function ToolCalls({ xray: { toolCalls, timings } }: { xray: Xray }) {
  return (
    <>
      <h3 className="mt-4 mb-1.5 text-[13px] font-medium text-ink-soft">
        Tools{timings.toolMs > 0 && `, ${formatDuration(timings.toolMs)} in all`}
      </h3>
      <ul className="space-y-1 text-[13px] text-ink-soft">
        {toolCalls.map((call) => {
          const { line, result } = describeToolCall(call);
          const { chargedMicroCredits = '0' } = call;
          return (
            <li key={call.id} className="break-words">
              {line}
              {result !== '' && ` · ${result}`}
              <span className="text-ink-faint">
                {chargedMicroCredits === '0' ? '' : ` · ${formatCredits(chargedMicroCredits)} credits`}
                {call.status !== 'completed' && call.error && ` · ${call.error.message}`}
              </span>
            </li>
          );
        })}
      </ul>
    </>
  );
}
