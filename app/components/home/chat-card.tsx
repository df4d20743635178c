import { Link } from '@remix-run/react';
import type { DirectSession } from '#server/direct/contract.ts';
import { assignLooks } from '#app/components/agent-look.ts';
import { AgentMark } from '#app/components/agent-mark.tsx';
import { formatAge } from '#app/components/format.ts';
import { CARD } from '#app/components/home/card.ts';
import { Badge } from '#app/components/ui/badge.tsx';
import { cn } from '#app/components/ui/cn.ts';
import { Spinner } from '#app/components/ui/spinner.tsx';
import type { Marks } from '#app/components/use-activity.ts';

export function ChatCard({ chat, marks, now }: { chat: DirectSession; marks: Marks; now: number }) {
  return (
    <li>
      <Link to={`/direct/${chat.id}`} prefetch="intent" className={cn(CARD, 'flex-row items-center gap-3 sm:min-h-0')}>
        <AgentMark look={assignLooks([{ id: chat.id, name: chat.agent.name }]).get(chat.id)} size="lg" />
        <span className="min-w-0 flex-1">
          <span className="block truncate text-sm font-semibold tracking-tight">{chat.title}</span>
          <span className="block truncate text-xs text-ink-faint">{formatAge(chat.updatedAt, now)}</span>
        </span>
        {marks.busy.has(chat.id) ? (
          <Spinner label="The agent is at work" className="text-accent" />
        ) : (
          marks.unread.has(chat.id) && <Badge tone="accent">New</Badge>
        )}
      </Link>
    </li>
  );
}
