import { useState } from 'react';
import type { ToolServer } from '#server/tool-servers/contract.ts';
import { callApi } from '#app/components/api.ts';
import { Alert } from '#app/components/ui/alert.tsx';
import { Button } from '#app/components/ui/button.tsx';
import { Dialog } from '#app/components/ui/dialog.tsx';
import { Field } from '#app/components/ui/field.tsx';
import { Input } from '#app/components/ui/input.tsx';
import { useAction } from '#app/components/use-action.ts';

type ToolServerDialogProps = {
  /** Null adds one. */
  server: ToolServer | null;
  onSaved: () => void;
  onClose: () => void;
};

const FIELDS = ['name', 'url', 'header', 'secret'];

/** Where a server is and what it wants to be told. It has to list its tools before it is kept. */
export function ToolServerDialog({ server, onSaved, onClose }: ToolServerDialogProps) {
  const [name, setName] = useState(server?.name ?? '');
  const [url, setUrl] = useState(server?.url ?? '');
  const [header, setHeader] = useState(server?.header ?? 'Authorization');
  const [secret, setSecret] = useState('');
  const { pending, problem, run } = useAction();
  const elsewhere = problem && !FIELDS.some((field) => problem.fields[field]);

  async function save() {
    const given = { name, url, header, ...(secret === '' ? {} : { secret }) };
    const saved = await run('save', async () => {
      if (server) await callApi('PATCH', `/tool-servers/${server.id}`, { body: given });
      else await callApi('POST', '/tool-servers', { body: given });
    });
    if (saved) onSaved();
  }

  return (
    <Dialog
      open
      onOpenChange={(open) => open || onClose()}
      title={server ? `Edit ${server.name}` : 'Add a tool server'}
      description="A server that speaks the Model Context Protocol over HTTP. Add only servers that you trust."
    >
      <form
        noValidate
        className="space-y-5"
        onSubmit={(event) => {
          event.preventDefault();
          void save();
        }}
      >
        <Field label="Name" error={problem?.fields['name']} hint="Agents see it with each of its tools.">
          {(control) => (
            <Input
              {...control}
              value={name}
              maxLength={60}
              placeholder="Calendar"
              autoComplete="off"
              onChange={(event) => setName(event.target.value)}
            />
          )}
        </Field>
        <Field label="Address" error={problem?.fields['url']}>
          {(control) => (
            <Input
              {...control}
              type="url"
              inputMode="url"
              value={url}
              maxLength={2000}
              placeholder="https://tools.example.com/mcp"
              autoComplete="off"
              spellCheck={false}
              onChange={(event) => setUrl(event.target.value)}
            />
          )}
        </Field>
        <div className="grid gap-5 sm:grid-cols-[11rem_1fr]">
          <Field label="Header" error={problem?.fields['header']}>
            {(control) => (
              <Input
                {...control}
                value={header}
                maxLength={100}
                autoComplete="off"
                spellCheck={false}
                onChange={(event) => setHeader(event.target.value)}
              />
            )}
          </Field>
          <Field
            label="Token"
            error={problem?.fields['secret']}
            hint={
              server?.hasSecret
                ? 'One is kept, sealed. Leave this empty to keep it.'
                : 'The header’s whole value. Empty if the server wants none.'
            }
          >
            {(control) => (
              <Input
                {...control}
                type="password"
                value={secret}
                maxLength={4000}
                placeholder={server?.hasSecret ? '••••••••' : 'Bearer …'}
                autoComplete="off"
                onChange={(event) => setSecret(event.target.value)}
              />
            )}
          </Field>
        </div>
        {elsewhere && <Alert tone="danger">{problem.message}</Alert>}
        <div className="flex justify-end gap-2">
          <Button onClick={onClose}>Cancel</Button>
          <Button type="submit" variant="primary" pending={pending !== null}>
            {server ? 'Save' : 'Connect'}
          </Button>
        </div>
      </form>
    </Dialog>
  );
}
