import { Link, useNavigate } from '@remix-run/react';
import {
  ArrowDown,
  ArrowUp,
  Clock,
  Download,
  Ellipsis,
  ClipboardCheck,
  Link2,
  Pencil,
  Printer,
  Search,
  Trash2,
} from 'lucide-react';
import { useState } from 'react';
import type { DirectSession } from '#server/direct/contract.ts';
import type { Room } from '#server/rooms/contract.ts';
import { callApi } from '#app/components/api.ts';
import type { TextField } from '#app/components/rename-dialog.tsx';
import type { Shareable } from '#app/components/shares/share-dialog.tsx';
import { useSwitcher } from '#app/components/switcher/switcher-context.ts';
import { Alert } from '#app/components/ui/alert.tsx';
import { Button } from '#app/components/ui/button.tsx';
import { Confirm } from '#app/components/ui/confirm.tsx';
import { Menu, MenuItem, MenuSeparator } from '#app/components/ui/menu.tsx';
import { onDemand } from '#app/components/ui/on-demand.tsx';
import { useAction } from '#app/components/use-action.ts';
import { useSidebarMove } from '#app/components/use-sidebar-move.ts';

const RenameDialog = onDemand(async () => (await import('#app/components/rename-dialog.tsx')).RenameDialog);
const ShareDialog = onDemand(async () => (await import('#app/components/shares/share-dialog.tsx')).ShareDialog);
const RetentionDialog = onDemand(
  async () => (await import('#app/components/retention/retention-dialog.tsx')).RetentionDialog,
);

/** What can be done with a room as a whole. */
export function RoomMenu({ room, canWrite, lastTurnId }: { room: Room; canWrite: boolean; lastTurnId: string | null }) {
  return (
    <ConversationMenu
      id={room.id}
      path={`/rooms/${room.id}`}
      page={`/rooms/${room.id}`}
      noun="room"
      exportPath={`/api/v1/rooms/${room.id}/export`}
      name={room.name}
      canWrite={canWrite}
      shareable={
        lastTurnId === null ? [] : [{ path: `/rooms/${room.id}`, label: 'Everything until now' }, lastTurn(lastTurnId)]
      }
      fields={[
        { key: 'name', label: 'Name', value: room.name },
        { key: 'description', label: 'What it is for', value: room.description, long: true },
      ]}
    />
  );
}

/** The same for a direct chat. */
export function DirectMenu({
  session,
  canWrite,
  lastTurnId,
}: {
  session: DirectSession;
  canWrite: boolean;
  lastTurnId: string | null;
}) {
  return (
    <ConversationMenu
      id={session.id}
      path={`/direct-sessions/${session.id}`}
      page={`/direct/${session.id}`}
      noun="chat"
      name={session.title}
      canWrite={canWrite}
      shareable={lastTurnId === null ? [] : [lastTurn(lastTurnId)]}
      fields={[{ key: 'title', label: 'Title', value: session.title }]}
    />
  );
}

function lastTurn(turnId: string): Shareable {
  return { path: `/turns/${turnId}`, label: 'The last question and its answers' };
}

type ConversationMenuProps = {
  id: string;
  /** In the API. */
  path: string;
  /** The conversation’s own address. */
  page: string;
  noun: 'room' | 'chat';
  name: string;
  canWrite: boolean;
  fields: TextField[];
  /** Nothing, before anything was said. */
  shareable: Shareable[];
  exportPath?: string;
};

function ConversationMenu({
  id,
  path,
  page,
  noun,
  name,
  canWrite,
  fields,
  shareable,
  exportPath,
}: ConversationMenuProps) {
  const [open, setOpen] = useState<'edit' | 'share' | 'retention' | 'delete' | null>(null);
  const { run, problem } = useAction();
  const { findIn } = useSwitcher();
  const navigate = useNavigate();
  const moveBy = useSidebarMove(id);
  const [up, down] = [moveBy(-1), moveBy(1)];
  const [firstChoice, ...choices] = shareable;
  return (
    <>
      <Menu
        trigger={
          <Button variant="ghost" size="icon" aria-label={`${noun === 'room' ? 'Room' : 'Chat'}: more`}>
            <Ellipsis aria-hidden className="size-4.5" />
          </Button>
        }
      >
        <MenuItem onSelect={() => findIn({ conversationId: id, name })}>
          <Search aria-hidden />
          Find in this {noun}
        </MenuItem>
        {noun === 'room' && (
          <MenuItem asChild>
            <Link to={`/rooms/${id}/tests`}>
              <ClipboardCheck aria-hidden />
              Tests
            </Link>
          </MenuItem>
        )}
        <MenuItem asChild>
          <Link to={`${page}/print`}>
            <Printer aria-hidden />
            Print
          </Link>
        </MenuItem>
        {exportPath && (
          <MenuItem asChild>
            <a href={exportPath} download>
              <Download aria-hidden />
              Export as a file
            </a>
          </MenuItem>
        )}
        {canWrite && (
          <>
            <MenuItem onSelect={() => setOpen('edit')}>
              <Pencil aria-hidden />
              {noun === 'room' ? 'Rename or describe' : 'Rename'}
            </MenuItem>
            {firstChoice && (
              <MenuItem onSelect={() => setOpen('share')}>
                <Link2 aria-hidden />
                Share a link
              </MenuItem>
            )}
            <MenuItem onSelect={() => setOpen('retention')}>
              <Clock aria-hidden />
              How long it is kept
            </MenuItem>
            {(up ?? down) && <MenuSeparator />}
            {up && (
              <MenuItem onSelect={() => void run('move', up)}>
                <ArrowUp aria-hidden />
                Move up in the sidebar
              </MenuItem>
            )}
            {down && (
              <MenuItem onSelect={() => void run('move', down)}>
                <ArrowDown aria-hidden />
                Move down in the sidebar
              </MenuItem>
            )}
            <MenuSeparator />
            <MenuItem tone="danger" onSelect={() => setOpen('delete')}>
              <Trash2 aria-hidden />
              Delete {noun}
            </MenuItem>
          </>
        )}
      </Menu>
      {open === 'edit' && <RenameDialog path={path} noun={noun} fields={fields} onClose={() => setOpen(null)} />}
      {open === 'share' && firstChoice && (
        <ShareDialog
          conversationId={id}
          title={`Share ${name}`}
          choices={[firstChoice, ...choices]}
          onClose={() => setOpen(null)}
        />
      )}
      {open === 'retention' && <RetentionDialog path={path} noun={noun} onClose={() => setOpen(null)} />}
      <Confirm
        open={open === 'delete'}
        onOpenChange={(next) => next || setOpen(null)}
        title={`Delete ${name}?`}
        verb={`Delete ${noun}`}
        onConfirm={() =>
          void run('delete', async () => {
            await callApi('DELETE', path);
            navigate('/');
          })
        }
      >
        You can restore it from Home for seven days. After that its messages and files are gone for good.
      </Confirm>
      {problem && <Alert tone="danger">{problem.message}</Alert>}
    </>
  );
}
