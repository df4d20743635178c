import { useNavigate, useSubmit } from '@remix-run/react';
import { useCombobox } from 'downshift';
import { Search } from 'lucide-react';
import { Dialog as Radix } from 'radix-ui';
import { Fragment, useId, useState } from 'react';
import type { SidebarData } from '#app/components/sidebar.tsx';
import { Snippet } from '#app/components/switcher/snippet.tsx';
import type { SearchScope } from '#app/components/switcher/switcher-context.ts';
import { hitItem, switcherGroups, type SwitcherItem } from '#app/components/switcher/switcher-items.ts';
import { useHits } from '#app/components/switcher/use-hits.ts';
import { cn } from '#app/components/ui/cn.ts';
import { Spinner } from '#app/components/ui/spinner.tsx';
import type { Marks } from '#app/components/use-activity.ts';

type SwitcherProps = {
  data: SidebarData;
  marks: Marks;
  /** Null looks everywhere. */
  scope: SearchScope | null;
  onClose: () => void;
};

/**
 * Goes anywhere by a few keys: rooms, chats, pages, and what was said. A combobox in a dialog: the arrows choose, Enter goes,
 * Escape leaves. The focus never leaves the field, so a screen reader reads the chosen option.
 */
export function Switcher({ data, marks, scope, onClose }: SwitcherProps) {
  const navigate = useNavigate();
  const submit = useSubmit();
  const [typed, setTyped] = useState('');
  const query = typed.replace(/\s+/gu, ' ').trim();
  const { hits, problem, searching } = useHits(query, scope?.conversationId ?? null);
  const groups = scope
    ? [{ title: 'Messages', items: hits.map(hitItem) }].filter(({ items }) => items.length > 0)
    : switcherGroups(data, marks, query, hits);
  const items = groups.flatMap((group) => group.items);
  const title = scope ? `Find in ${scope.name}` : 'Search';

  const go = (item: SwitcherItem) => {
    onClose();
    if (item.post) submit(null, { method: 'post', action: item.to });
    else navigate(item.to);
  };

  const { highlightedIndex, getInputProps, getMenuProps, getItemProps } = useCombobox<SwitcherItem>({
    id: useId(),
    items,
    isOpen: true,
    inputValue: typed,
    selectedItem: null,
    defaultHighlightedIndex: 0,
    initialHighlightedIndex: 0,
    itemToString: (item) => item?.name ?? '',
    stateReducer: (state, { type, changes }) => {
      const { InputBlur, InputChange, MenuMouseLeave } = useCombobox.stateChangeTypes;
      if (type === InputBlur || type === MenuMouseLeave) return { ...state };
      if (type === InputChange) return { ...changes, highlightedIndex: 0 };
      const highlighted = changes.highlightedIndex ?? state.highlightedIndex;
      return { ...changes, inputValue: state.inputValue, highlightedIndex: Math.max(0, highlighted) };
    },
    onSelectedItemChange: ({ selectedItem }) => {
      if (selectedItem) go(selectedItem);
    },
  });

  return (
    <Radix.Root open onOpenChange={(open) => open || onClose()}>
      <Radix.Portal>
        <Radix.Overlay className="fixed inset-0 z-40 bg-veil" />
        <Radix.Content
          aria-describedby={undefined}
          className="fixed inset-x-0 top-0 z-50 flex max-h-dvh flex-col overflow-hidden border border-line bg-raised shadow-pop outline-none data-[state=open]:animate-in sm:inset-x-auto sm:top-[12vh] sm:left-1/2 sm:max-h-[70vh] sm:w-[40rem] sm:-translate-x-1/2 sm:rounded-2xl"
        >
          <Radix.Title className="sr-only">{title}</Radix.Title>
          <div className="flex items-center gap-3 border-b border-line px-4">
            {searching ? (
              <Spinner className="size-4.5 text-ink-faint" />
            ) : (
              <Search aria-hidden className="size-4.5 shrink-0 text-ink-faint" />
            )}
            <input
              {...getInputProps({
                onChange: (event) => setTyped((event.target as HTMLInputElement).value),
                'aria-label': title,
                'aria-labelledby': undefined,
              })}
              type="text"
              autoComplete="off"
              autoCorrect="off"
              spellCheck={false}
              enterKeyHint="go"
              maxLength={200}
              placeholder={scope ? `Find in ${scope.name}` : 'Rooms, chats, pages, and what was said'}
              className="h-13 min-w-0 flex-1 bg-transparent text-[15px] outline-none placeholder:text-ink-faint pointer-coarse:text-base"
            />
            <Radix.Close className="rounded-md px-1.5 py-1 text-xs text-ink-faint hover:bg-hover hover:text-ink pointer-coarse:min-h-11 pointer-coarse:min-w-11">
              <span className="pointer-coarse:hidden" aria-hidden>
                Esc
              </span>
              <span className="pointer-fine:sr-only">Close</span>
            </Radix.Close>
          </div>
          <p role="status" className="sr-only">
            {searching ? 'Searching' : `${items.length} ${items.length === 1 ? 'result' : 'results'}`}
          </p>
          <div
            {...getMenuProps({ 'aria-label': 'Results', 'aria-labelledby': undefined })}
            className={cn('min-h-0 flex-1 overflow-y-auto overscroll-contain', items.length > 0 && 'p-2')}
          >
            {groups.map((group) => (
              <Fragment key={group.title}>
                <div role="group" aria-label={group.title}>
                  <p aria-hidden className="px-2.5 pt-2 pb-1 text-xs font-medium text-ink-faint">
                    {group.title}
                  </p>
                  {group.items.map((item) => {
                    const index = items.indexOf(item);
                    return (
                      <Option
                        key={item.id}
                        item={item}
                        highlighted={index === highlightedIndex}
                        props={getItemProps({ item, index })}
                      />
                    );
                  })}
                </div>
              </Fragment>
            ))}
          </div>
          <Nothing shown={items.length === 0} scope={scope} query={query} searching={searching} problem={problem} />
          {problem && items.length > 0 && (
            <p className="border-t border-line px-4 py-2.5 text-[13px] text-danger">{problem}</p>
          )}
        </Radix.Content>
      </Radix.Portal>
    </Radix.Root>
  );
}

type OptionProps = { item: SwitcherItem; highlighted: boolean; props: Record<string, unknown> };

function Option({ item, highlighted, props }: OptionProps) {
  const { icon: Icon, hit } = item;
  return (
    <div
      {...props}
      className={cn(
        'flex min-h-9 cursor-pointer items-center gap-3 rounded-lg px-2.5 py-1.5 text-sm pointer-coarse:min-h-11',
        highlighted && 'bg-hover',
      )}
    >
      <Icon aria-hidden className="size-4 shrink-0 text-ink-faint" />
      {hit ? (
        <span className="min-w-0 flex-1">
          <span className="flex items-baseline gap-2">
            <span className="max-w-[60%] shrink-0 truncate font-medium">{item.name}</span>
            <span className="truncate text-xs text-ink-faint">{item.hint}</span>
          </span>
          <span className="line-clamp-2 text-[13px] leading-snug text-ink-soft">
            <Snippet parts={hit.snippet} />
          </span>
        </span>
      ) : (
        <>
          <span className="min-w-0 flex-1 truncate">{item.name}</span>
          <span className="shrink-0 text-xs text-ink-faint">{item.hint}</span>
        </>
      )}
    </div>
  );
}

type NothingProps = {
  shown: boolean;
  scope: SearchScope | null;
  query: string;
  searching: boolean;
  problem: string | null;
};

function Nothing({ shown, scope, query, searching, problem }: NothingProps) {
  if (!shown) return null;
  const text =
    problem ??
    (searching
      ? 'Looking…'
      : query.length < 2
        ? `Type what was said${scope ? ' here' : ''}.`
        : `Nobody said “${query}”${scope ? ' here' : ''}.`);
  return <p className="px-5 py-8 text-center text-sm text-ink-soft">{text}</p>;
}
