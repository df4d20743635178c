import { Link } from '@remix-run/react';
import { ChevronDown, Pin } from 'lucide-react';
import type { Message } from '#server/turns/contract.ts';
import { messageAnchor } from '#app/timeline/message-actions.tsx';

/** What was pinned, one line each, above the conversation. */
export function PinnedMessages({ messages }: { messages: readonly Message[] }) {
  if (messages.length === 0) return null;
  return (
    <details className="group/pins shrink-0 border-b print:hidden border-line bg-canvas/60">
      <summary className="mx-auto flex h-9 max-w-[50rem] list-none items-center gap-2 px-4 text-[13px] text-ink-soft sm:px-6 pointer-coarse:h-11 [&::-webkit-details-marker]:hidden">
        <Pin aria-hidden className="size-3.5 text-ink-faint" />
        {messages.length === 1 ? '1 pinned message' : `${messages.length} pinned messages`}
        <ChevronDown aria-hidden className="size-3.5 text-ink-faint transition-transform group-open/pins:rotate-180" />
      </summary>
      <ul className="mx-auto max-h-56 max-w-[50rem] overflow-y-auto px-2 pb-2 sm:px-4">
        {messages.map(({ id, agentName, content }) => (
          <li key={id}>
            <Link
              to={`#${messageAnchor(id)}`}
              className="flex gap-2 rounded-lg px-2 py-1.5 text-[13px] hover:bg-hover pointer-coarse:min-h-11 pointer-coarse:items-center"
            >
              <span className="shrink-0 font-medium">{agentName ?? 'You'}</span>
              <span className="truncate text-ink-soft">{content}</span>
            </Link>
          </li>
        ))}
      </ul>
    </details>
  );
}
