import { useId, useState, type KeyboardEvent, type RefObject, type TextareaHTMLAttributes } from 'react';
import type { Agent } from '#server/agents/contract.ts';
import { completeMention, matchMentions, openMentionAt } from '#app/components/mention.ts';
import type { MentionItem } from '#app/components/mention-list.tsx';
import { writeText } from '#app/components/write-text.ts';

const EVERYONE: MentionItem[] = [
  { id: 'all', name: 'all', kind: 'everyone', hint: 'Every active agent' },
  { id: 'others', name: 'others', kind: 'everyone', hint: 'Every active agent that you don’t tag by name' },
];

type Options = {
  /** Null where tags mean nothing. */
  agents: readonly Agent[] | null;
  text: string;
  onText: (text: string) => void;
  textarea: RefObject<HTMLTextAreaElement>;
};

export type Mentions = {
  listId: string;
  items: MentionItem[];
  highlighted: number;
  onHighlight: (place: number) => void;
  onChoose: (item: MentionItem) => void;
  textareaProps: TextareaHTMLAttributes<HTMLTextAreaElement>;
  /** True when the key was for the list. */
  onKeyDown: (event: KeyboardEvent<HTMLTextAreaElement>) => boolean;
};

export function optionId(listId: string, place: number): string {
  return `${listId}-${place}`;
}

/**
 * Completes `@` in a textarea: arrows choose, Enter and Tab insert, Escape leaves. The element stays a textbox that points
 * at the highlighted option; a textarea may not take the role of a combobox.
 */
export function useMentions({ agents, text, onText, textarea }: Options): Mentions {
  const listId = useId();
  const [caret, setCaret] = useState(0);
  const [highlighted, setHighlighted] = useState(0);
  const [dismissed, setDismissed] = useState<number | null>(null);
  const [focused, setFocused] = useState(false);
  const mention = agents && focused ? openMentionAt(text, caret) : null;
  const items = mention && agents && dismissed !== mention.start ? matchMentions(itemsOf(agents), mention.query) : [];
  const place = Math.min(highlighted, items.length - 1);

  const choose = (item: MentionItem) => {
    if (!mention) return;
    const done = completeMention(text, caret, mention, item.name);
    writeText(textarea, done.caret, () => {
      onText(done.text);
      setCaret(done.caret);
    });
  };

  const onKeyDown = (event: KeyboardEvent<HTMLTextAreaElement>): boolean => {
    const chosen = items[place];
    if (!chosen || event.nativeEvent.isComposing || event.shiftKey) return false;
    switch (event.key) {
      case 'ArrowDown':
        setHighlighted((place + 1) % items.length);
        break;
      case 'ArrowUp':
        setHighlighted((place + items.length - 1) % items.length);
        break;
      case 'Enter':
      case 'Tab':
        choose(chosen);
        break;
      case 'Escape':
        setDismissed(mention?.start ?? null);
        break;
      default:
        return false;
    }
    event.preventDefault();
    return true;
  };

  return {
    listId,
    items,
    highlighted: place,
    onHighlight: setHighlighted,
    onChoose: choose,
    onKeyDown,
    textareaProps: {
      'aria-autocomplete': agents ? 'list' : undefined,
      'aria-haspopup': agents ? 'listbox' : undefined,
      'aria-controls': listId,
      'aria-activedescendant': items.length > 0 ? optionId(listId, place) : undefined,
      onChange: (event) => {
        const next = event.target.selectionStart;
        onText(event.target.value);
        setCaret(next);
        if (openMentionAt(event.target.value, next)?.start !== dismissed) setDismissed(null);
        setHighlighted(0);
      },
      onSelect: (event) => setCaret(event.currentTarget.selectionStart),
      onFocus: () => setFocused(true),
      onBlur: () => setFocused(false),
    },
  };
}

function itemsOf(agents: readonly Agent[]): MentionItem[] {
  const named = agents.map(({ id, name, rolePrompt }) => ({ id, name, kind: 'agent' as const, hint: rolePrompt }));
  return agents.length > 1 ? [...named, ...EVERYONE] : named;
}
