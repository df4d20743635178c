import { Link } from '@remix-run/react';
import { ClipboardCheck, ClipboardX, Ellipsis, FlaskConical, Pencil, Share2 } from 'lucide-react';
import { memo, useEffect, useRef, useState } from 'react';
import type { Turn } from '#server/turns/contract.ts';
import { Button } from '#app/components/ui/button.tsx';
import { Menu, MenuItem } from '#app/components/ui/menu.tsx';
import { onDemand } from '#app/components/ui/on-demand.tsx';
import { Attachments } from '#app/timeline/attachments.tsx';
import { BranchSwitcher } from '#app/timeline/branch-switcher.tsx';
import { MessageActions, messageAnchor } from '#app/timeline/message-actions.tsx';
import { hasEnded } from '#app/timeline/reduce.ts';
import { useTimeline } from '#app/timeline/timeline-context.ts';

const EditMessage = onDemand(async () => (await import('#app/timeline/edit-message.tsx')).EditMessage);

type UserMessageProps = { turn: Turn };

/** What the person wrote, as it was written. Editing sends it again on a new branch; nothing is overwritten. */
export const UserMessage = memo(function UserMessage({ turn }: UserMessageProps) {
  const [editing, setEditing] = useState(false);
  const { canWrite } = useTimeline();
  const pencil = useRef<HTMLButtonElement>(null);
  const edited = useRef(false);
  useEffect(() => {
    if (edited.current && !editing) pencil.current?.focus();
    edited.current = editing;
  }, [editing]);
  if (editing) return <EditMessage turn={turn} onDone={() => setEditing(false)} />;
  return (
    <div
      id={messageAnchor(turn.id)}
      tabIndex={-1}
      className="group/message flex flex-col not-print:pointer-fine:mb-0 items-end rounded-2xl outline-none data-flash:animate-flash"
    >
      <Attachments files={turn.files} />
      <p className="max-w-[min(100%,38rem)] rounded-2xl rounded-br-md bg-accent-soft px-4 py-2.5 text-[15px] leading-relaxed break-words whitespace-pre-wrap">
        <span className="sr-only">You: </span>
        {turn.message}
      </p>
      <div className="flex h-7 items-center pointer-coarse:h-11 print:hidden">
        <div className="flex items-center transition-opacity pointer-coarse:last:-mr-3.5 pointer-fine:opacity-0 pointer-fine:group-focus-within/message:opacity-100 pointer-fine:group-hover/message:opacity-100 pointer-fine:has-aria-expanded:opacity-100">
          {turn.message !== '' && <MessageActions messageId={turn.id} text={turn.message} whose="your message" />}
          {canWrite && (
            <Button
              ref={pencil}
              variant="ghost"
              size="icon"
              className="size-7 text-ink-faint"
              aria-label="Edit and send again"
              onClick={() => setEditing(true)}
            >
              <Pencil aria-hidden className="size-3.5" />
            </Button>
          )}
          {canWrite && hasEnded(turn) && <TurnMenu turn={turn} />}
        </div>
        <KeptMark turn={turn} />
        <WhatIfs turn={turn} />
        <BranchSwitcher turn={turn} />
      </div>
    </div>
  );
}, isSameMessage);

/** What its agents write changes nothing here. */
function isSameMessage(before: UserMessageProps, after: UserMessageProps): boolean {
  const keys = Object.keys(after.turn) as (keyof Turn)[];
  return keys.every((key) => key === 'steps' || before.turn[key] === after.turn[key]);
}

/** Leads to what was tried of this turn, if anything was. */
function WhatIfs({ turn }: { turn: Turn }) {
  const count = turn.whatIfs ?? 0;
  if (count === 0) return null;
  return (
    <Link
      to={`/turns/${turn.id}/what-ifs`}
      className="mr-1.5 inline-flex items-center gap-1 rounded-md px-1 text-xs text-ink-faint underline-offset-2 hover:underline pointer-coarse:min-h-11"
    >
      <FlaskConical aria-hidden className="size-3" />
      {count === 1 ? '1 what-if' : `${count} what-ifs`}
    </Link>
  );
}

/** What can be done with a turn as a whole. */
function TurnMenu({ turn }: { turn: Turn }) {
  const { onShare, onKeep, kept } = useTimeline();
  const isKept = kept?.has(turn.id) ?? false;
  return (
    <Menu
      trigger={
        <Button variant="ghost" size="icon" className="size-7 text-ink-faint" aria-label="Turn: more">
          <Ellipsis aria-hidden className="size-3.5" />
        </Button>
      }
    >
      <MenuItem onSelect={() => onShare(turn.id)}>
        <Share2 aria-hidden />
        Share this turn…
      </MenuItem>
      {turn.message !== '' && (
        <MenuItem asChild>
          <Link to={`/turns/${turn.id}/what-ifs?new`}>
            <FlaskConical aria-hidden />
            Try differently
          </Link>
        </MenuItem>
      )}
      {kept && turn.status === 'completed' && (
        <MenuItem onSelect={() => onKeep(turn.id, !isKept)}>
          {isKept ? <ClipboardX aria-hidden /> : <ClipboardCheck aria-hidden />}
          {isKept ? 'Drop as a test' : 'Keep as a test'}
        </MenuItem>
      )}
    </Menu>
  );
}

/** A turn that is kept as a test is replayed, for nothing, before an agent of the room is changed. */
function KeptMark({ turn }: { turn: Turn }) {
  const { kept } = useTimeline();
  if (!kept?.has(turn.id)) return null;
  return (
    <span className="mr-1.5 inline-flex items-center gap-1 px-1 text-xs text-ink-faint">
      <ClipboardCheck aria-hidden className="size-3" />
      Kept as a test
    </span>
  );
}
