import { Link } from '@remix-run/react';
import { ArrowRight, BadgeCheck, CircleSlash, History, TriangleAlert } from 'lucide-react';
import { useState, type ReactNode } from 'react';
import type { LeftOut, Xray, XrayCall, XrayRequest } from '#server/xray/contract.ts';
import { formatCredits, formatDuration, formatTokens } from '#app/components/format.ts';
import { MODE_INFO } from '#app/components/modes.ts';
import { Badge } from '#app/components/ui/badge.tsx';
import { Alert } from '#app/components/ui/alert.tsx';
import { CopyButton } from '#app/components/copy-button.tsx';
import { cn } from '#app/components/ui/cn.ts';
import { PART_INFO, RequestMessage } from '#app/components/xray/request-message.tsx';
import { TimeBar } from '#app/components/xray/time-bar.tsx';
import { describeToolCall } from '#app/timeline/describe-tool-call.ts';

/** A step laid open: who chose it, what it was sent, what it was not told, what its calls took and cost. */
export function XrayView({ xray, home }: { xray: Xray; home: string | null }) {
  return (
    <div className="space-y-8">
      {xray.reusedFrom && (
        <Alert>This reply was kept when another was made anew. What follows is the step that was really asked.</Alert>
      )}
      <Section title="Why this agent">
        <p className="text-sm leading-relaxed text-ink-soft">{xray.route.reason}</p>
        {xray.route.instruction && <Quoted label="Its instruction">{xray.route.instruction}</Quoted>}
        {xray.kind !== 'manager' && xray.route.plan && xray.route.plan.rationale !== '' && (
          <Quoted label="The manager’s reason">{xray.route.plan.rationale}</Quoted>
        )}
      </Section>
      <Section title="What it was sent">
        <Requests xray={xray} home={home} />
      </Section>
      <Section title="What was left out">
        <LeftOutList leftOut={xray.leftOut} home={home} />
      </Section>
      <Section title="Time">
        <TimeBar timings={xray.timings} />
      </Section>
      <Section title={xray.calls.length === 1 ? 'The call' : `Calls (${xray.calls.length})`}>
        <Calls calls={xray.calls} />
        {xray.toolCalls.length > 0 && <ToolCalls xray={xray} />}
      </Section>
      <Section title="Receipt">
        <ReceiptLines xray={xray} />
      </Section>
    </div>
  );
}

function Section({ title, children }: { title: string; children: ReactNode }) {
  return (
    <section aria-label={title}>
      <h2 className="mb-2.5 text-sm font-semibold tracking-tight">{title}</h2>
      {children}
    </section>
  );
}

function Quoted({ label, children }: { label: string; children: string }) {
  return (
    <p className="mt-2 border-l-2 border-line-strong pl-3 text-sm leading-relaxed text-ink-soft">
      <span className="block text-xs text-ink-faint">{label}</span>
      {children}
    </p>
  );
}

function Requests({ xray, home }: { xray: Xray; home: string | null }) {
  const { requests } = xray;
  const [chosen, setChosen] = useState(0);
  const request = requests[Math.min(chosen, requests.length - 1)];
  if (!request) return <p className="text-sm text-ink-soft">No model was asked: the step never began.</p>;
  return (
    <div className="space-y-3">
      {requests.length > 1 && (
        <div role="group" aria-label="Requests of this step" className="flex flex-wrap gap-1.5">
          {requests.map(({ callNo }, place) => (
            <button
              key={callNo}
              type="button"
              aria-pressed={request.callNo === callNo}
              onClick={() => setChosen(place)}
              className="min-h-8 rounded-lg border border-line px-3 text-[13px] text-ink-soft hover:bg-hover aria-pressed:border-accent aria-pressed:bg-accent-soft aria-pressed:text-accent-strong pointer-coarse:min-h-11"
            >
              Request {callNo + 1}
            </button>
          ))}
        </div>
      )}
      <Exactness request={request} json={jsonOf(xray, request)} />
      {request.messages.length > 0 && <TokenBar request={request} />}
      <ol className="space-y-2">
        {request.messages.map((message, place) => (
          <RequestMessage key={place} message={message} home={home} open={message.part === 'message'} />
        ))}
      </ol>
      <Offered request={request} />
      <MemoryNote xray={xray} />
    </div>
  );
}

function Exactness({ request, json }: { request: XrayRequest; json: string }) {
  return (
    <div
      className={cn(
        'flex items-start gap-2.5 rounded-xl px-3.5 py-2.5 text-[13px] leading-relaxed',
        request.exact ? 'bg-ok-soft text-ok' : 'bg-warn-soft text-warn',
      )}
    >
      {request.exact ? (
        <BadgeCheck aria-hidden className="mt-0.5 size-4 shrink-0" />
      ) : (
        <History aria-hidden className="mt-0.5 size-4 shrink-0" />
      )}
      <p className="min-w-0 flex-1">
        <strong className="font-semibold">{request.exact ? 'Exactly what was sent.' : 'A reconstruction.'}</strong>{' '}
        {request.exact
          ? 'Its fingerprint is the one recorded before the call.'
          : (request.why ?? 'It is not known to be what was sent.')}
        <span className="block font-mono text-[11px] break-all">
          {request.exact ? request.recordedHash.slice(0, 24) : `recorded ${request.recordedHash.slice(0, 24)}`}
        </span>
      </p>
      {request.messages.length > 0 && (
        <CopyButton text={json} label="Copy the request as JSON" className="-my-0.5 shrink-0 text-current" />
      )}
    </div>
  );
}

/** As it goes to the model’s API, but for the way structure is asked for, which differs between providers. */
function jsonOf({ calls }: Xray, { callNo, messages, tools, structured, maxOutputTokens }: XrayRequest): string {
  return JSON.stringify(
    {
      model: calls.find((call) => call.callNo === callNo)?.requestedModel,
      max_tokens: maxOutputTokens,
      messages: messages.map(({ role, content, toolCalls, toolCallId }) => ({
        role,
        content,
        ...(toolCalls && toolCalls.length > 0
          ? { tool_calls: toolCalls.map(({ id, ...called }) => ({ id, type: 'function', function: called })) }
          : {}),
        ...(toolCallId === undefined ? {} : { tool_call_id: toolCallId }),
      })),
      ...(tools.length > 0 ? { tools: tools.map((tool) => ({ type: 'function', function: tool })) } : {}),
      ...(structured ? { response_format: { type: 'json_schema', json_schema: structured } } : {}),
    },
    null,
    2,
  );
}

/** Which part of the request is how large. */
function TokenBar({ request }: { request: XrayRequest }) {
  const sizes = new Map<keyof typeof PART_INFO, number>();
  for (const { part, tokens } of request.messages) sizes.set(part, (sizes.get(part) ?? 0) + tokens);
  const shown = [...sizes].filter(([, tokens]) => tokens > 0);
  return (
    <div>
      <div aria-hidden className="flex h-2.5 gap-0.5 overflow-hidden rounded-full">
        {shown.map(([part, tokens]) => (
          <span key={part} style={{ flexGrow: tokens }} className={cn('min-w-1 rounded-xs', PART_INFO[part].colour)} />
        ))}
      </div>
      <ul className="mt-2 flex flex-wrap gap-x-4 gap-y-1 text-xs text-ink-soft tabular-nums">
        {shown.map(([part, tokens]) => (
          <li key={part} className="inline-flex items-center gap-1.5">
            <span aria-hidden className={cn('size-2 rounded-xs', PART_INFO[part].colour)} />
            {PART_INFO[part].label} <span className="text-ink-faint">{formatTokens(tokens)}</span>
          </li>
        ))}
        <li className="text-ink-faint">about {formatTokens(request.tokens)} tokens in all</li>
      </ul>
    </div>
  );
}

function Offered({ request: { tools, structured, maxOutputTokens } }: { request: XrayRequest }) {
  const parts = [
    tools.length > 0 ? `Tools on offer: ${tools.map(({ name }) => name).join(', ')}.` : 'No tools on offer.',
    structured ? `Asked for JSON of the shape “${structured.name}”.` : '',
    maxOutputTokens > 0 ? `At most ${maxOutputTokens.toLocaleString('en')} tokens of answer.` : '',
  ];
  return <p className="text-[13px] text-ink-faint">{parts.filter(Boolean).join(' ')}</p>;
}

const POLICIES: Record<Xray['memory']['policy'], string> = {
  full: 'Memory: full, as far back as half of its model’s window',
  summary: 'Memory: a summary of what is older, and the latest turns word for word',
  selective: 'Memory: your messages, the manager’s summaries and its own replies',
  none: 'Memory: none',
};

function MemoryNote({ xray: { memory, prompt } }: { xray: Xray }) {
  const changed = prompt.version !== null && prompt.version !== prompt.currentVersion;
  return (
    <p className="text-[13px] leading-relaxed text-ink-faint">
      {POLICIES[memory.policy]}
      {memory.policy !== 'none' &&
        ` (${formatTokens(memory.tokens)} of ${formatTokens(memory.budgetTokens)} tokens, ${memory.messages} ${memory.messages === 1 ? 'message' : 'messages'})`}
      . {memory.summaryMadeInThisTurn && 'The summary was written in this turn, as a call of its own. '}
      Prompt “{prompt.name}”, version <span className="font-mono text-[11px]">{prompt.version ?? 'not recorded'}</span>
      {changed && (
        <>
          {' '}
          (now <span className="font-mono text-[11px]">{prompt.currentVersion}</span>)
        </>
      )}
      .
    </p>
  );
}

function LeftOutList({ leftOut, home }: { leftOut: LeftOut[]; home: string | null }) {
  if (leftOut.length === 0) {
    return <p className="text-sm text-ink-soft">Nothing: it was told all there was, and could use every tool.</p>;
  }
  return (
    <ul className="divide-y divide-line rounded-xl border border-line bg-raised">
      {leftOut.map((group) => (
        <li key={group.code} className="px-3.5 py-2.5 text-sm">
          <div className="flex items-start gap-2.5">
            <CircleSlash aria-hidden className="mt-0.5 size-4 shrink-0 text-ink-faint" />
            <p className="min-w-0 flex-1 leading-relaxed text-ink-soft">{group.reason}</p>
            {(group.tokens !== null || group.count > 1) && (
              <span className="shrink-0 text-xs leading-6 text-ink-faint tabular-nums">
                {group.count}
                {group.tokens !== null && ` · ${formatTokens(group.tokens)} tokens`}
              </span>
            )}
          </div>
          {group.items.length > 0 && <LeftOutItems group={group} home={home} />}
        </li>
      ))}
    </ul>
  );
}

function LeftOutItems({ group, home }: { group: LeftOut; home: string | null }) {
  return (
    <details className="ml-6.5">
      <summary className="w-fit text-xs leading-7 text-accent pointer-coarse:min-h-11 pointer-coarse:content-center">
        Show {group.items.length < group.count ? `the newest ${group.items.length}` : group.count === 1 ? 'it' : 'them'}
      </summary>
      <ul className="space-y-1.5 pb-1 text-[13px]">
        {group.items.map(({ label, excerpt, turnId }, place) => (
          <li key={place} className="break-words text-ink-soft">
            <span className="font-medium text-ink">{label}</span> {excerpt}
            {home && turnId && (
              <Link to={`${home}#message-${turnId}`} className="ml-1.5 text-xs whitespace-nowrap text-accent underline">
                Go there
              </Link>
            )}
          </li>
        ))}
      </ul>
    </details>
  );
}

const CALL_WORDS: Record<XrayCall['status'], string> = {
  intent: 'On its way',
  ok: 'Answered',
  failed: 'Failed',
  cancelled: 'Stopped',
  lost: 'Lost in a crash',
};

function Calls({ calls }: { calls: XrayCall[] }) {
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

function ToolCalls({ xray: { toolCalls, timings } }: { xray: Xray }) {
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

function ReceiptLines({ xray: { receipt, turnId, reusedFrom } }: { xray: Xray }) {
  return (
    <div className="rounded-xl border border-line bg-raised px-3.5 py-2.5 text-[13px]">
      <ul className="space-y-2">
        {receipt.calls.map((call) => (
          <li key={call.id}>
            <span className="block text-ink-soft">{call.model}</span>
            <span className="block font-mono text-[11px] break-words text-ink-faint">{call.formula}</span>
          </li>
        ))}
        {receipt.tools.map((tool) => (
          <li key={tool.id} className="flex justify-between gap-3 text-ink-soft">
            <span>
              {tool.tool}, {tool.units} {tool.units === 1 ? 'unit' : 'units'}
            </span>
            <span className="font-mono text-[11px] text-ink-faint tabular-nums">{tool.chargedMicroCredits}</span>
          </li>
        ))}
      </ul>
      <p className="mt-2.5 flex flex-wrap items-baseline justify-between gap-x-3 border-t border-line pt-2.5">
        <strong className="font-semibold tabular-nums">{formatCredits(receipt.chargedMicroCredits)} credits</strong>
        <Link
          to={`/turns/${reusedFrom?.turnId ?? turnId}/receipt`}
          className="text-accent underline underline-offset-2 pointer-coarse:inline-flex pointer-coarse:min-h-11 pointer-coarse:items-center"
        >
          The turn’s whole receipt
        </Link>
      </p>
    </div>
  );
}

/** “Roundtable · finished in 4.2 s · 1.2 credits”. */
export function headlineOf(xray: Xray): string {
  const { totalMs } = xray.timings;
  return [
    MODE_INFO[xray.mode].label,
    `${xray.status}${totalMs === null ? '' : ` in ${formatDuration(totalMs)}`}`,
    `${formatCredits(xray.receipt.chargedMicroCredits)} credits`,
  ].join(' · ');
}
