import { useState } from 'react';
import { callApi } from '#app/components/api.ts';
import { Alert } from '#app/components/ui/alert.tsx';
import { Button } from '#app/components/ui/button.tsx';
import { Dialog } from '#app/components/ui/dialog.tsx';
import { Field } from '#app/components/ui/field.tsx';
import { Input, Textarea } from '#app/components/ui/input.tsx';
import { useAction } from '#app/components/use-action.ts';
import { useReload } from '#app/components/use-reload.ts';

export type TextField = { key: string; label: string; value: string; long?: boolean };

type RenameDialogProps = {
  /** Of the conversation in the API. */
  path: string;
  noun: 'room' | 'chat';
  fields: TextField[];
  onClose: () => void;
};

/** What a room or a chat is called, and what it is for. */
export function RenameDialog({ path, noun, fields, onClose }: RenameDialogProps) {
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
