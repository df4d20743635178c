import { Fragment, useState } from 'react';
import { opensByKey, setOpensByKey } from '#app/components/shortcuts/opens-by-key.ts';
import { useModKey } from '#app/components/switcher/mod-key.tsx';
import { Dialog } from '#app/components/ui/dialog.tsx';
import { Switch } from '#app/components/ui/switch.tsx';

/** Keys that are pressed together; `Mod` is ⌘ or Ctrl. */
type Chord = readonly string[];
type Shortcut = { what: string; chords: readonly [Chord, ...Chord[]] };

const GROUPS: readonly { title: string; shortcuts: readonly Shortcut[] }[] = [
  {
    title: 'Anywhere',
    shortcuts: [
      { what: 'Search, or go to a room, a chat or a page', chords: [['Mod', 'K']] },
      { what: 'Go through a list or a menu', chords: [['↑'], ['↓']] },
      { what: 'Close what is open', chords: [['Esc']] },
      { what: 'Show these shortcuts', chords: [['?']] },
    ],
  },
  {
    title: 'Writing a message',
    shortcuts: [
      { what: 'Send', chords: [['Enter']] },
      { what: 'New line', chords: [['Shift', 'Enter']] },
      { what: 'Tag an agent', chords: [['@']] },
      { what: 'Take the agent that is marked', chords: [['Enter'], ['Tab']] },
      { what: 'In an empty field: what you sent before', chords: [['↑'], ['↓']] },
    ],
  },
  {
    title: 'Editing a message that was sent',
    shortcuts: [
      { what: 'Send it again, on a new branch', chords: [['Mod', 'Enter']] },
      { what: 'Leave it as it was', chords: [['Esc']] },
    ],
  },
  {
    title: 'Putting in order',
    shortcuts: [
      {
        what: 'Move the room, chat or agent that has the focus',
        chords: [
          ['Alt', '↑'],
          ['Alt', '↓'],
        ],
      },
    ],
  },
];

/** Every shortcut of the product, and the switch for the one that is a single character. */
export function ShortcutsWindow({ onClose }: { onClose: () => void }) {
  const mod = useModKey();
  const [byKey, setByKey] = useState(opensByKey);
  return (
    <Dialog open onOpenChange={(open) => open || onClose()} title="Keyboard shortcuts" className="sm:w-[38rem]">
      <div className="space-y-6">
        {GROUPS.map(({ title, shortcuts }) => (
          <section key={title}>
            <h3 className="text-xs font-medium text-ink-faint">{title}</h3>
            <dl className="mt-1 divide-y divide-line">
              {shortcuts.map(({ what, chords }) => (
                <div key={what} className="flex min-h-10 items-center justify-between gap-4 py-1.5 text-sm">
                  <dt className="min-w-0">{what}</dt>
                  <dd className="flex shrink-0 items-center gap-1.5">
                    {chords.map((chord, place) => (
                      <Fragment key={chord.join()}>
                        {place > 0 && <span className="text-xs text-ink-faint">or</span>}
                        <span className="flex gap-1">
                          {chord.map((key) => (
                            <kbd
                              key={key}
                              className="inline-flex h-6 min-w-6 items-center justify-center rounded-md border border-line-strong bg-surface px-1.5 font-sans text-xs text-ink-soft shadow-xs"
                            >
                              {key === 'Mod' ? mod : key}
                            </kbd>
                          ))}
                        </span>
                      </Fragment>
                    ))}
                  </dd>
                </div>
              ))}
            </dl>
          </section>
        ))}
        <label className="flex items-center justify-between gap-4 rounded-xl bg-sunken px-4 py-3 text-sm">
          <span>
            “?” opens this list
            <span className="block text-[13px] text-ink-faint">Off, it is still in the account menu.</span>
          </span>
          <Switch
            aria-label="“?” opens this list"
            checked={byKey}
            onCheckedChange={(on) => {
              setOpensByKey(on);
              setByKey(on);
            }}
          />
        </label>
      </div>
    </Dialog>
  );
}
