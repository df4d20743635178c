import { Check, ChevronDown } from 'lucide-react';
import { useRef, useState } from 'react';
import type { Mode, Room } from '#server/rooms/contract.ts';
import { callApi, problemMessage } from '#app/components/api.ts';
import { MODE_INFO, ROOM_MODES } from '#app/components/modes.ts';
import { Button } from '#app/components/ui/button.tsx';
import { cn } from '#app/components/ui/cn.ts';
import { Popover } from '#app/components/ui/popover.tsx';
import { Spinner } from '#app/components/ui/spinner.tsx';

type ModeSwitchProps = {
  room: Pick<Room, 'id' | 'currentMode' | 'pendingMode'>;
  disabled: boolean;
  onChanged: () => void;
};

/** The room’s mode and the two others, each explained. A change waits for the next send and says so (UI-004, AT-001). */
export function ModeSwitch({ room, disabled, onChanged }: ModeSwitchProps) {
  const button = useRef<HTMLButtonElement>(null);
  const [open, setOpen] = useState(false);
  const [saving, setSaving] = useState<Mode | null>(null);
  const [problem, setProblem] = useState<string | null>(null);
  const chosen = room.pendingMode ?? room.currentMode;
  const { label, icon: Icon } = MODE_INFO[chosen];

  async function choose(mode: Mode) {
    setSaving(mode);
    setProblem(null);
    try {
      await callApi('PUT', `/rooms/${room.id}/mode`, { body: { mode } });
      setOpen(false);
      onChanged();
    } catch (error) {
      setProblem(problemMessage(error));
    } finally {
      setSaving(null);
    }
  }

  return (
    <>
      <Button
        ref={button}
        size="sm"
        disabled={disabled}
        aria-haspopup="dialog"
        aria-expanded={open}
        aria-label={`Mode: ${label}${room.pendingMode ? ' applies on next send' : ''}`}
        onClick={() => setOpen(!open)}
      >
        <Icon aria-hidden className="size-4 text-accent" />
        <span className="hidden sm:inline">{label}</span>{' '}
        {room.pendingMode && (
          <span className="hidden rounded bg-warn-soft px-1.5 py-px text-[11px] font-medium text-warn lg:inline">
            applies on next send
          </span>
        )}
        <ChevronDown aria-hidden className="size-3.5 text-ink-faint max-sm:hidden" />
      </Button>
      <Popover
        open={open}
        onClose={() => setOpen(false)}
        anchor={button}
        align="end"
        label="Choose a mode"
        className="w-[min(24rem,calc(100vw-1.5rem))] rounded-2xl p-1.5"
      >
        <div role="group" aria-label="Mode of the next send" className="space-y-0.5">
          {ROOM_MODES.map((mode) => (
            <ModeOption
              key={mode}
              mode={mode}
              selected={mode === chosen}
              current={mode === room.currentMode}
              saving={saving === mode}
              onChoose={() => void choose(mode)}
            />
          ))}
        </div>
        <p className="px-2.5 pt-2 pb-1.5 text-xs text-ink-faint">
          A change applies on next send. A turn that runs keeps its mode.
        </p>
        {problem && (
          <p role="alert" className="px-2.5 pb-2 text-[13px] text-danger">
            {problem}
          </p>
        )}
      </Popover>
    </>
  );
}

/** Beside the composer, where the next send happens, on every screen. */
export function PendingModeNote({ room }: { room: Pick<Room, 'pendingMode'> }) {
  if (room.pendingMode === null) return null;
  const { label, icon: Icon } = MODE_INFO[room.pendingMode];
  return (
    <p role="status" className="mb-2 flex items-center gap-1.5 px-1 text-[13px] text-warn">
      <Icon aria-hidden className="size-3.5" />
      {label} mode applies on next send.
    </p>
  );
}

type ModeOptionProps = { mode: Mode; selected: boolean; current: boolean; saving: boolean; onChoose: () => void };

function ModeOption({ mode, selected, current, saving, onChoose }: ModeOptionProps) {
  const { label, icon: Icon, explanation } = MODE_INFO[mode];
  return (
    <button
      type="button"
      aria-pressed={selected}
      onClick={onChoose}
      className={cn(
        'flex w-full items-start gap-3 rounded-xl px-2.5 py-2.5 text-left hover:bg-hover',
        selected && 'bg-accent-soft hover:bg-accent-soft',
      )}
    >
      <Icon aria-hidden className={cn('mt-0.5 size-4.5 shrink-0 text-ink-faint', selected && 'text-accent')} />
      <span className="min-w-0 flex-1">
        <span className="flex items-center gap-2 text-sm font-medium">
          {label}
          {selected && !current && <span className="text-xs font-medium text-warn">applies on next send</span>}
          {!selected && current && <span className="text-xs font-normal text-ink-faint">the mode until then</span>}
        </span>
        <span className="mt-0.5 block text-[13px] leading-snug text-ink-soft">{explanation}</span>
      </span>
      {saving ? (
        <Spinner label="Saving" className="mt-1" />
      ) : (
        selected && <Check aria-hidden className="mt-1 size-4 text-accent" />
      )}
    </button>
  );
}
