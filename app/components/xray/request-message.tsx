import { Link } from '@remix-run/react';
import { ChevronRight } from 'lucide-react';
import type { Part, XrayMessage } from '#server/xray/contract.ts';
import { CopyButton } from '#app/components/copy-button.tsx';
import { formatTokens } from '#app/components/format.ts';
import { cn } from '#app/components/ui/cn.ts';

/** The parts of a request in words and colours; the colours are the agents’, which colour-blind people can tell apart. */
export const PART_INFO: Record<Part, { label: string; colour: string }> = {
  system: { label: 'Rules and role', colour: 'bg-(--agent-5)' },
  memory: { label: 'Remembered', colour: 'bg-(--agent-3)' },
  turn: { label: 'Of this turn', colour: 'bg-(--agent-2)' },
  attachments: { label: 'Attached', colour: 'bg-(--agent-7)' },
  message: { label: 'Your message', colour: 'bg-(--agent-0)' },
  reply: { label: 'Its reply so far', colour: 'bg-(--agent-1)' },
  tool_result: { label: 'Tool’s answer', colour: 'bg-(--agent-4)' },
  correction: { label: 'Correction', colour: 'bg-(--agent-6)' },
};

type RequestMessageProps = { message: XrayMessage; home: string | null; open: boolean };

/** One message of a request: a line that opens to the whole of it. */
export function RequestMessage({ message, home, open }: RequestMessageProps) {
  const { role, part, author, turnId, tokens, content, toolCalls = [] } = message;
  const first = content.replace(/\s+/gu, ' ').trim().slice(0, 120);
  return (
    <li className="overflow-hidden rounded-xl border border-line bg-raised">
      <details className="group/message" open={open}>
        <summary className="flex min-h-10 list-none items-center gap-2 px-3 py-1.5 text-[13px] hover:bg-hover pointer-coarse:min-h-11 [&::-webkit-details-marker]:hidden">
          <span aria-hidden className={cn('h-5 w-1 shrink-0 rounded-full', PART_INFO[part].colour)} />
          <span className="shrink-0 font-medium">{author ?? PART_INFO[part].label}</span>
          <span className="shrink-0 rounded-md bg-sunken px-1.5 font-mono text-[11px] text-ink-soft">{role}</span>
          <span className="min-w-0 flex-1 truncate text-ink-faint group-open/message:invisible">{first}</span>
          <span className="shrink-0 text-xs text-ink-faint tabular-nums">
            {formatTokens(tokens)}
            <span className="sr-only"> tokens</span>
          </span>
          <ChevronRight
            aria-hidden
            className="size-3.5 shrink-0 text-ink-faint transition-transform group-open/message:rotate-90"
          />
        </summary>
        <div className="relative border-t border-line px-3.5 py-3">
          <pre
            tabIndex={0}
            aria-label={`${author ?? PART_INFO[part].label}, whole`}
            className="max-h-96 overflow-y-auto font-mono text-xs leading-relaxed break-words whitespace-pre-wrap text-ink-soft"
          >
            {content === '' ? '(no text)' : content}
          </pre>
          {toolCalls.map((call) => (
            <p key={call.id} className="mt-2 font-mono text-xs break-all text-ink-soft">
              → {call.name}({call.arguments})
            </p>
          ))}
          <p className="mt-2 -mb-1 flex items-center justify-between gap-2 text-xs">
            {home && turnId ? (
              <Link
                to={`${home}#message-${turnId}`}
                className="text-accent underline underline-offset-2 pointer-coarse:inline-flex pointer-coarse:min-h-11 pointer-coarse:items-center"
              >
                Where it was said
              </Link>
            ) : (
              <span />
            )}
            <CopyButton text={content} label={`Copy: ${author ?? PART_INFO[part].label}`} />
          </p>
        </div>
      </details>
    </li>
  );
}
