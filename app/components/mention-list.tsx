import { Users } from 'lucide-react';
import type { AgentLook } from '#app/components/agent-look.ts';
import { AgentMark } from '#app/components/agent-mark.tsx';
import { cn } from '#app/components/ui/cn.ts';
import type { Mentionable } from '#app/components/mention.ts';
import { optionId, type Mentions } from '#app/components/use-mentions.ts';

export type MentionItem = Mentionable & { id: string; hint: string };

type MentionListProps = { mentions: Mentions; looks: ReadonlyMap<string, AgentLook> };

/** Who could be meant, above the composer. The list element is always there: the textarea points at it. */
export function MentionList({ mentions, looks }: MentionListProps) {
  const { listId, items, highlighted, onHighlight, onChoose } = mentions;
  return (
    <ul
      id={listId}
      role="listbox"
      aria-label="Agents to tag"
      className={cn(
        'absolute inset-x-0 bottom-full z-20 mb-2 max-h-72 overflow-y-auto rounded-xl border border-line bg-raised p-1 shadow-pop',
        items.length === 0 && 'hidden',
      )}
    >
      {items.map((item, place) => (
        <li
          key={item.id}
          id={optionId(listId, place)}
          role="option"
          aria-selected={highlighted === place}
          ref={highlighted === place ? scrollIntoList : undefined}
          onMouseMove={() => onHighlight(place)}
          // The textarea keeps the focus.
          onMouseDown={(event) => event.preventDefault()}
          onClick={() => onChoose(item)}
          className={cn(
            'flex cursor-pointer items-center gap-2.5 rounded-lg px-2.5 py-1.5 text-sm pointer-coarse:min-h-11',
            highlighted === place && 'bg-hover',
          )}
        >
          {item.kind === 'agent' ? (
            <AgentMark look={looks.get(item.id)} size="sm" />
          ) : (
            <span className="inline-flex size-6 items-center justify-center rounded-md bg-sunken text-ink-soft">
              <Users aria-hidden className="size-3.5" />
            </span>
          )}
          <span className="font-medium">{item.kind === 'everyone' ? `@${item.name}` : item.name}</span>
          <span className="min-w-0 flex-1 truncate text-[13px] text-ink-faint">{item.hint}</span>
        </li>
      ))}
    </ul>
  );
}

/** The keyboard may go further than the list shows. */
function scrollIntoList(option: HTMLLIElement | null): void {
  option?.scrollIntoView({ block: 'nearest' });
}
