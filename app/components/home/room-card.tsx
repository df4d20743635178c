import { Link } from '@remix-run/react';
import { ArrowRight } from 'lucide-react';
import type { Room } from '#server/rooms/contract.ts';
import { AgentMark } from '#app/components/agent-mark.tsx';
import { formatAge, formatNames } from '#app/components/format.ts';
import { CARD } from '#app/components/home/card.ts';
import type { Council } from '#app/components/home/council-of.ts';
import { MODE_INFO } from '#app/components/modes.ts';
import { Badge } from '#app/components/ui/badge.tsx';
import { Spinner } from '#app/components/ui/spinner.tsx';
import type { Marks } from '#app/components/use-activity.ts';

type RoomCardProps = { room: Room & { council: Council }; marks: Marks; now: number };

export function RoomCard({ room, marks, now }: RoomCardProps) {
  const { label, icon: Icon } = MODE_INFO[room.pendingMode ?? room.currentMode];
  return (
    <li>
      <Link to={`/rooms/${room.id}`} prefetch="intent" className={CARD}>
        <span className="flex items-center justify-between gap-3">
          <span className="truncate text-[15px] font-semibold tracking-tight">{room.name}</span>
          {marks.busy.has(room.id) ? (
            <Spinner label="Agents are at work" className="text-accent" />
          ) : marks.unread.has(room.id) ? (
            <Badge tone="accent">New</Badge>
          ) : (
            <ArrowRight
              aria-hidden
              className="size-4 text-ink-faint opacity-0 transition-opacity group-hover:opacity-100"
            />
          )}
        </span>
        {room.description !== '' && (
          <span className="mt-1 line-clamp-2 text-[13px] leading-snug text-ink-soft">{room.description}</span>
        )}
        <span className="mt-auto flex items-center gap-1.5 pt-3 text-xs text-ink-faint">
          <Icon aria-hidden className="size-3.5 shrink-0" />
          <span className="min-w-0 flex-1 truncate">
            {label} · {formatAge(room.updatedAt, now)}
          </span>
          <CouncilMarks council={room.council} />
        </span>
      </Link>
    </li>
  );
}

/** So many fit beside what else stands in the line. */
const MARKS = 4;

function CouncilMarks({ council }: { council: Council }) {
  if (council.length === 0) return <span>no agents yet</span>;
  const more = council.length - MARKS;
  return (
    <span className="flex shrink-0 items-center gap-1">
      <span className="sr-only">With {formatNames(council.map(({ name }) => name))}</span>
      {council.slice(0, MARKS).map(({ id, look }) => (
        <AgentMark key={id} look={look} size="xs" />
      ))}
      {more > 0 && <span aria-hidden>+{more}</span>}
    </span>
  );
}
