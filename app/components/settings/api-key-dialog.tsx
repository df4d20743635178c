import { Check, Copy } from 'lucide-react';
import { useState } from 'react';
import type { Scope } from '#server/auth/contract.ts';
import { callApi } from '#app/components/api.ts';
import { Alert } from '#app/components/ui/alert.tsx';
import { Button } from '#app/components/ui/button.tsx';
import { Dialog } from '#app/components/ui/dialog.tsx';
import { Field } from '#app/components/ui/field.tsx';
import { Input, Select } from '#app/components/ui/input.tsx';
import { useAction } from '#app/components/use-action.ts';

const DAY_MS = 86_400_000;

const SCOPES: { scope: Scope; label: string; hint: string }[] = [
  { scope: 'read', label: 'Read', hint: 'Rooms, conversations, files, usage' },
  { scope: 'write', label: 'Write', hint: 'Send messages, which costs credits; change and delete' },
  { scope: 'admin', label: 'Admin', hint: 'What your role allows in the administration' },
];

const LIFETIMES = [
  { days: 30, label: '30 days' },
  { days: 90, label: '90 days' },
  { days: 365, label: 'A year' },
  { days: 0, label: 'Until it is revoked' },
];

type ApiKeyDialogProps = { isAdmin: boolean; onMade: () => void; onClose: () => void };

/** Asks what a key is for, then shows it, this once. */
export function ApiKeyDialog({ isAdmin, onMade, onClose }: ApiKeyDialogProps) {
  const [name, setName] = useState('');
  const [scopes, setScopes] = useState<Scope[]>(['read', 'write']);
  const [days, setDays] = useState(90);
  const [made, setMade] = useState<string | null>(null);
  const { pending, problem, run } = useAction();

  async function make() {
    await run('make', async () => {
      const expiresAt = days === 0 ? null : new Date(Date.now() + days * DAY_MS).toISOString();
      const { key } = await callApi<{ key: string }>('POST', '/api-keys', { body: { name, scopes, expiresAt } });
      setMade(key);
      onMade();
    });
  }

  if (made !== null) return <MadeKey value={made} name={name} onClose={onClose} />;
  const elsewhere = problem && !problem.fields['name'] && !problem.fields['scopes'];
  return (
    <Dialog open onOpenChange={(open) => open || onClose()} title="New API key">
      <form
        noValidate
        className="space-y-5"
        onSubmit={(event) => {
          event.preventDefault();
          void make();
        }}
      >
        <Field label="Name" error={problem?.fields['name']} hint="So that you know later what it is for.">
          {(control) => (
            <Input
              {...control}
              value={name}
              maxLength={120}
              placeholder="Nightly report"
              autoComplete="off"
              onChange={(event) => setName(event.target.value)}
            />
          )}
        </Field>
        <fieldset>
          <legend className="text-sm font-medium">It may</legend>
          <div className="mt-1.5 space-y-2">
            {SCOPES.filter(({ scope }) => scope !== 'admin' || isAdmin).map(({ scope, label, hint }) => (
              <label key={scope} className="flex cursor-pointer items-start gap-3 text-sm pointer-coarse:min-h-11">
                <input
                  type="checkbox"
                  className="mt-0.5 size-4 shrink-0 accent-(--accent)"
                  checked={scopes.includes(scope)}
                  onChange={(event) =>
                    setScopes(event.target.checked ? [...scopes, scope] : scopes.filter((other) => other !== scope))
                  }
                />
                <span>
                  <span className="font-medium">{label}</span> <span className="text-ink-soft">{hint}</span>
                </span>
              </label>
            ))}
          </div>
          {problem?.fields['scopes'] && (
            <p role="alert" className="mt-1.5 text-[13px] text-danger">
              {problem.fields['scopes']}
            </p>
          )}
        </fieldset>
        <Field label="It is good for">
          {(control) => (
            <Select {...control} value={days} onChange={(event) => setDays(Number(event.target.value))}>
              {LIFETIMES.map(({ days: value, label }) => (
                <option key={value} value={value}>
                  {label}
                </option>
              ))}
            </Select>
          )}
        </Field>
        {elsewhere && <Alert tone="danger">{problem.message}</Alert>}
        <div className="flex justify-end gap-2">
          <Button onClick={onClose}>Cancel</Button>
          <Button type="submit" variant="primary" pending={pending !== null}>
            Make key
          </Button>
        </div>
      </form>
    </Dialog>
  );
}

function MadeKey({ value, name, onClose }: { value: string; name: string; onClose: () => void }) {
  const [copied, setCopied] = useState(false);
  const copy = () =>
    navigator.clipboard.writeText(value).then(
      () => setCopied(true),
      () => setCopied(false),
    );
  return (
    <Dialog
      open
      onOpenChange={(open) => open || onClose()}
      title={`Key “${name.trim()}”`}
      description="Copy it now: it is shown this once and kept nowhere."
    >
      <Field label="The key">
        {(control) => (
          <div className="flex items-center gap-2">
            <Input
              {...control}
              readOnly
              value={value}
              className="font-mono"
              onFocus={(event) => event.target.select()}
            />
            <Button onClick={() => void copy()} aria-label={copied ? 'Copied' : 'Copy the key'}>
              {copied ? <Check aria-hidden className="size-4" /> : <Copy aria-hidden className="size-4" />}
              {copied ? 'Copied' : 'Copy'}
            </Button>
          </div>
        )}
      </Field>
      <p className="mt-3 text-sm text-ink-soft">
        Treat it like a password: whoever has it acts as you. Programs send it as <code>Authorization: Bearer …</code>.
      </p>
      <div className="mt-5 flex justify-end">
        <Button variant="primary" onClick={onClose}>
          Done
        </Button>
      </div>
    </Dialog>
  );
}
