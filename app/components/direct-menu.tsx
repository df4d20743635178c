import { useNavigate } from '@remix-run/react';
import { Ellipsis, Pencil, Trash2 } from 'lucide-react';
import { useState } from 'react';
import type { DirectSession } from '#server/direct/contract.ts';
import { callApi } from '#app/components/api.ts';
import { Alert } from '#app/components/ui/alert.tsx';
import { Button } from '#app/components/ui/button.tsx';
import { Confirm } from '#app/components/ui/confirm.tsx';
import { Dialog } from '#app/components/ui/dialog.tsx';
import { Field } from '#app/components/ui/field.tsx';
import { Input } from '#app/components/ui/input.tsx';
import { Menu, MenuItem, MenuSeparator } from '#app/components/ui/menu.tsx';
import { useAction } from '#app/components/use-action.ts';
import { useReload } from '#app/components/use-reload.ts';

export function DirectMenu({ session }: { session: DirectSession }) {
  const [open, setOpen] = useState<'edit' | 'delete' | null>(null);
  const { run, problem } = useAction();
  const navigate = useNavigate();
  return (
    <>
      <Menu
        trigger={
          <Button variant="ghost" size="icon" aria-label="Chat: more">
            <Ellipsis aria-hidden className="size-4.5" />
          </Button>
        }
      >
        <MenuItem onSelect={() => setOpen('edit')}>
          <Pencil aria-hidden />
          Rename
        </MenuItem>
        <MenuSeparator />
        <MenuItem tone="danger" onSelect={() => setOpen('delete')}>
          <Trash2 aria-hidden />
          Delete chat
        </MenuItem>
      </Menu>
      {open === 'edit' && <RenameChat session={session} onClose={() => setOpen(null)} />}
      <Confirm
        open={open === 'delete'}
        onOpenChange={(next) => next || setOpen(null)}
        title={`Delete ${session.title}?`}
        verb="Delete chat"
        onConfirm={() =>
          void run('delete', async () => {
            await callApi('DELETE', `/direct-sessions/${session.id}`);
            navigate('/');
          })
        }
      >
        It can be restored for seven days.
      </Confirm>
      {problem && <Alert tone="danger">{problem.message}</Alert>}
    </>
  );
}

function RenameChat({ session, onClose }: { session: DirectSession; onClose: () => void }) {
  const reload = useReload();
  const [title, setTitle] = useState(session.title);
  const { pending, problem, run } = useAction();
  return (
    <Dialog open onOpenChange={(open) => open || onClose()} title="Rename chat">
      <form
        noValidate
        className="space-y-5"
        onSubmit={(event) => {
          event.preventDefault();
          void run('save', async () => {
            await callApi('PATCH', `/direct-sessions/${session.id}`, { body: { title } });
            reload();
            onClose();
          });
        }}
      >
        <Field label="Title" error={problem?.fields['title'] ?? problem?.message}>
          {(control) => (
            <Input {...control} value={title} maxLength={120} onChange={(event) => setTitle(event.target.value)} />
          )}
        </Field>
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
