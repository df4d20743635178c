import { BadgeCheck, History } from 'lucide-react';
import { useState } from 'react';
import type { Xray, XrayRequest } from '#server/xray/contract.ts';
import { CopyButton } from '#app/components/copy-button.tsx';
import { formatTokens } from '#app/components/format.ts';
import { cn } from '#app/components/ui/cn.ts';
import { PART_INFO, RequestMessage } from '#app/components/xray/request-message.tsx';

/** What the step's model was sent, call by call, and whether that is known to be exact. */
export function Requests({ xray, home }: { xray: Xray; home: string | null }) {
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
