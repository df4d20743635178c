import { useState } from 'react';
import { callApi } from '#app/components/api.ts';
import { Alert } from '#app/components/ui/alert.tsx';
import { Button } from '#app/components/ui/button.tsx';
import { Dialog } from '#app/components/ui/dialog.tsx';
import { Field } from '#app/components/ui/field.tsx';
import { Input } from '#app/components/ui/input.tsx';
import { useAction } from '#app/components/use-action.ts';

/** Asks for the address to be typed, since nothing here is deleted by one click too many. */
export function DeleteAccount({ email }: { email: string }) {
  const [open, setOpen] = useState(false);
  const [typed, setTyped] = useState('');
  const { pending, problem, run } = useAction();
  return (
    <>
      <Button variant="danger" onClick={() => setOpen(true)}>
        Delete my account
      </Button>
      <Dialog
        open={open}
        onOpenChange={setOpen}
        title="Delete your account?"
        description="You are signed out everywhere and what runs is stopped. Sign in within seven days to have everything back; after that it is gone for good, remaining credits included."
      >
        <form
          className="space-y-5"
          onSubmit={(event) => {
            event.preventDefault();
            void run('delete', async () => {
              await callApi('DELETE', '/me');
              window.location.assign('/sign-in');
            });
          }}
        >
          <Field label={`Type ${email} to confirm`}>
            {(control) => (
              <Input
                {...control}
                value={typed}
                autoComplete="off"
                autoCapitalize="none"
                onChange={(event) => setTyped(event.target.value)}
              />
            )}
          </Field>
          {problem && <Alert tone="danger">{problem.message}</Alert>}
          <div className="flex justify-end gap-2">
            <Button onClick={() => setOpen(false)}>Cancel</Button>
            <Button
              type="submit"
              variant="danger"
              pending={pending !== null}
              disabled={typed.trim().toLowerCase() !== email.toLowerCase()}
            >
              Delete my account
            </Button>
          </div>
        </form>
      </Dialog>
    </>
  );
}
