import { Users } from 'lucide-react';
import type { UseComboboxReturnValue } from 'downshift';
import type { AgentLook } from '#app/components/agent-look.ts';
import { AgentMark } from '#app/components/agent-mark.tsx';
import { cn } from '#app/components/ui/cn.ts';
import type { Mentionable } from '#app/components/mention.ts';

export type MentionItem = Mentionable & { id: string; hint: string };

type MentionListProps = {
  items: MentionItem[];
  combobox: UseComboboxReturnValue<MentionItem>;
  looks: ReadonlyMap<string, AgentLook>;
};

/** Who could be meant, above the composer. The list element is always there: the textarea points at it. */
export function MentionList({ items, combobox, looks }: MentionListProps) {
  const { isOpen, highlightedIndex, getMenuProps, getItemProps } = combobox;
  return (
    <ul
      {...getMenuProps({ 'aria-label': 'Agents to tag' })}
      className={cn(
        'absolute inset-x-0 bottom-full z-20 mb-2 max-h-72 overflow-y-auto rounded-xl border border-line bg-raised p-1 shadow-pop',
        !isOpen && 'hidden',
      )}
    >
      {isOpen &&
        items.map((item, index) => (
          <li
            key={item.id}
            {...getItemProps({ item, index })}
            className={cn(
              'flex cursor-pointer items-center gap-2.5 rounded-lg px-2.5 py-1.5 text-sm pointer-coarse:min-h-11',
              highlightedIndex === index && 'bg-hover',
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
