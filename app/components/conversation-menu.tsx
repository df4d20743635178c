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
import type { Shareable } from '#app/components/shares/share-dialog.tsx';
import { useSwitcher } from '#app/components/switcher/switcher-context.ts';
import { Alert } from '#app/components/ui/alert.tsx';
import { Button } from '#app/components/ui/button.tsx';
import { Confirm } from '#app/components/ui/confirm.tsx';
import { Dialog } from '#app/components/ui/dialog.tsx';
import { Field } from '#app/components/ui/field.tsx';
import { Input, Textarea } from '#app/components/ui/input.tsx';
import { Menu, MenuItem, MenuSeparator } from '#app/components/ui/menu.tsx';
import { onDemand } from '#app/components/ui/on-demand.tsx';
import { useAction } from '#app/components/use-action.ts';
import { useSidebarMove } from '#app/components/use-sidebar-move.ts';
import { useReload } from '#app/components/use-reload.ts';

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

type TextField = { key: string; label: string; value: string; long?: boolean };

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
      {open === 'edit' && <EditTexts path={path} noun={noun} fields={fields} onClose={() => setOpen(null)} />}
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

type EditTextsProps = Pick<ConversationMenuProps, 'path' | 'noun' | 'fields'> & { onClose: () => void };

function EditTexts({ path, noun, fields, onClose }: EditTextsProps) {
  const reload = useReload();
  const [texts, setTexts] = useState(() => Object.fromEntries(fields.map(({ key, value }) => [key, value])));
  const { pending, problem, run } = useAction();
  return (
    <Dialog
      open
      onOpenChange={(open) => open || onClose()}
      title={noun === 'room' ? 'Rename or describe' : 'Rename chat'}
    >
      <form
        noValidate
        className="space-y-5"
        onSubmit={(event) => {
          event.preventDefault();
          void run('save', async () => {
            await callApi('PATCH', path, { body: texts });
            reload();
            onClose();
          });
        }}
      >
        {fields.map(({ key, label, long }) => (
          <Field key={key} label={label} aside={long && 'optional'} error={problem?.fields[key]}>
            {(control) => {
              const props = {
                ...control,
                value: texts[key],
                onChange: (event: { target: { value: string } }) => setTexts({ ...texts, [key]: event.target.value }),
              };
              return long ? <Textarea {...props} rows={3} maxLength={2000} /> : <Input {...props} maxLength={120} />;
            }}
          </Field>
        ))}
        {problem && Object.keys(problem.fields).length === 0 && <Alert tone="danger">{problem.message}</Alert>}
        <div className="flex justify-end gap-2">
          <Button onClick={onClose}>Cancel</Button>
          <Button type="submit" variant="primary" pending={pending !== null}>
            Save
          </Button>
        </div>
      </form>
    </Dialog>
  );
}
