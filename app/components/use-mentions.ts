import { useCombobox, type UseComboboxReturnValue } from 'downshift';
import { useId, useState, type ComponentPropsWithRef, type KeyboardEvent, type RefObject } from 'react';
import type { Agent } from '#server/agents/contract.ts';
import { completeMention, matchMentions, openMentionAt } from '#app/components/mention.ts';
import type { MentionItem } from '#app/components/mention-list.tsx';

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

/** Downshift types its field as an input; a textarea has all that it uses. */
type TextareaProps = ComponentPropsWithRef<'textarea'>;

export type Mentions = {
  items: MentionItem[];
  combobox: UseComboboxReturnValue<MentionItem>;
  textareaProps: Record<string, unknown>;
};

/**
 * Completes `@` in a textarea: arrows choose, Enter and Tab insert, Escape leaves. The element stays a textbox that points
 * at the highlighted option; a textarea may not take the role of a combobox.
 */
export function useMentions({ agents, text, onText, textarea }: Options): Mentions {
  const [caret, setCaret] = useState(0);
  const [dismissed, setDismissed] = useState<number | null>(null);
  const mention = agents ? openMentionAt(text, caret) : null;
  const items = mention && agents && dismissed !== mention.start ? matchMentions(itemsOf(agents), mention.query) : [];
  const isOpen = items.length > 0;

  const insert = (item: MentionItem) => {
    if (!mention) return;
    const done = completeMention(text, caret, mention, item.name);
    onText(done.text);
    setCaret(done.caret);
    requestAnimationFrame(() => {
      textarea.current?.focus();
      textarea.current?.setSelectionRange(done.caret, done.caret);
    });
  };

  const combobox = useCombobox<MentionItem>({
    id: useId(),
    items,
    isOpen,
    inputValue: text,
    selectedItem: null,
    defaultHighlightedIndex: 0,
    itemToString: (item) => item?.name ?? '',
    stateReducer: (state, { type, changes }) => {
      const highlightedIndex = changes.highlightedIndex ?? state.highlightedIndex;
      // Leaving the field, or the mouse leaving the list, chooses nothing.
      if (type === useCombobox.stateChangeTypes.InputBlur) return { ...state, highlightedIndex: 0 };
      return { ...changes, highlightedIndex: highlightedIndex < 0 ? 0 : highlightedIndex };
    },
    onSelectedItemChange: ({ selectedItem }) => {
      if (selectedItem) insert(selectedItem);
    },
  });
  const { highlightedIndex } = combobox;

  const onKeyDown = (event: KeyboardEvent<HTMLTextAreaElement>) => {
    const ours = isOpen && ['ArrowDown', 'ArrowUp', 'Enter'].includes(event.key) && !event.shiftKey;
    if (!ours) (event.nativeEvent as { preventDownshiftDefault?: boolean }).preventDownshiftDefault = true;
    if (!isOpen || event.nativeEvent.isComposing) return;
    const chosen = items[highlightedIndex] ?? items[0];
    if (event.key === 'Tab' && chosen) {
      event.preventDefault();
      insert(chosen);
    }
    if (event.key === 'Escape') {
      event.preventDefault();
      setDismissed(mention?.start ?? null);
    }
  };

  const getTextareaProps = combobox.getInputProps as unknown as (props: TextareaProps) => Record<string, unknown>;
  const inputProps = getTextareaProps({
    ref: textarea,
    onKeyDown,
    onChange: (event) => {
      (event.nativeEvent as { preventDownshiftDefault?: boolean }).preventDownshiftDefault = true;
      const next = event.target.selectionStart;
      onText(event.target.value);
      setCaret(next);
      if (openMentionAt(event.target.value, next)?.start !== dismissed) setDismissed(null);
      combobox.setHighlightedIndex(0);
    },
    onSelect: (event) => setCaret(event.currentTarget.selectionStart),
  });

  return {
    items,
    combobox,
    textareaProps: {
      ...inputProps,
      role: undefined,
      'aria-expanded': undefined,
      'aria-haspopup': agents ? 'listbox' : undefined,
      'aria-labelledby': undefined,
    },
  };
}

function itemsOf(agents: readonly Agent[]): MentionItem[] {
  const named = agents.map(({ id, name, rolePrompt }) => ({ id, name, kind: 'agent' as const, hint: rolePrompt }));
  return agents.length > 1 ? [...named, ...EVERYONE] : named;
}
