import { useNavigate } from '@remix-run/react';
import { Ellipsis, Pencil, Trash2 } from 'lucide-react';
import { useState } from 'react';
import type { Room } from '#server/rooms/contract.ts';
import { callApi } from '#app/components/api.ts';
import { Alert } from '#app/components/ui/alert.tsx';
import { Button } from '#app/components/ui/button.tsx';
import { Confirm } from '#app/components/ui/confirm.tsx';
import { Dialog } from '#app/components/ui/dialog.tsx';
import { Field } from '#app/components/ui/field.tsx';
import { Input, Textarea } from '#app/components/ui/input.tsx';
import { Menu, MenuItem, MenuSeparator } from '#app/components/ui/menu.tsx';
import { useAction } from '#app/components/use-action.ts';
import { useReload } from '#app/components/use-reload.ts';

export function RoomMenu({ room }: { room: Room }) {
  const [open, setOpen] = useState<'edit' | 'delete' | null>(null);
  const { run, problem } = useAction();
  const navigate = useNavigate();
  return (
    <>
      <Menu
        trigger={
          <Button variant="ghost" size="icon" aria-label="Room: more">
            <Ellipsis aria-hidden className="size-4.5" />
          </Button>
        }
      >
        <MenuItem onSelect={() => setOpen('edit')}>
          <Pencil aria-hidden />
          Rename or describe
        </MenuItem>
        <MenuSeparator />
        <MenuItem tone="danger" onSelect={() => setOpen('delete')}>
          <Trash2 aria-hidden />
          Delete room
        </MenuItem>
      </Menu>
      {open === 'edit' && <EditRoom room={room} onClose={() => setOpen(null)} />}
      <Confirm
        open={open === 'delete'}
        onOpenChange={(next) => next || setOpen(null)}
        title={`Delete ${room.name}?`}
        verb="Delete room"
        onConfirm={() =>
          void run('delete', async () => {
            await callApi('DELETE', `/rooms/${room.id}`);
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

function EditRoom({ room, onClose }: { room: Room; onClose: () => void }) {
  const reload = useReload();
  const [name, setName] = useState(room.name);
  const [description, setDescription] = useState(room.description);
  const { pending, problem, run } = useAction();
  return (
    <Dialog open onOpenChange={(open) => open || onClose()} title="Room">
      <form
        noValidate
        className="space-y-5"
        onSubmit={(event) => {
          event.preventDefault();
          void run('save', async () => {
            await callApi('PATCH', `/rooms/${room.id}`, { body: { name, description } });
            reload();
            onClose();
          });
        }}
      >
        <Field label="Name" error={problem?.fields['name']}>
          {(control) => (
            <Input {...control} value={name} maxLength={120} onChange={(event) => setName(event.target.value)} />
          )}
        </Field>
        <Field label="What it is for" aside="optional" error={problem?.fields['description']}>
          {(control) => (
            <Textarea
              {...control}
              rows={3}
              value={description}
              maxLength={2000}
              onChange={(event) => setDescription(event.target.value)}
            />
          )}
        </Field>
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
