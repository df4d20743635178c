import { Check, Copy } from 'lucide-react';
import { useEffect, useState } from 'react';
import type { NewShare, Share } from '#server/shares/contract.ts';
import { callApi } from '#app/components/api.ts';
import { ShareList } from '#app/components/shares/share-list.tsx';
import { Alert } from '#app/components/ui/alert.tsx';
import { Button } from '#app/components/ui/button.tsx';
import { Dialog } from '#app/components/ui/dialog.tsx';
import { Field } from '#app/components/ui/field.tsx';
import { Input, Select } from '#app/components/ui/input.tsx';
import { useAction } from '#app/components/use-action.ts';

const DAYS = [1, 7, 30, 365] as const;
const DAY_MS = 86_400_000;

/** What can be linked to: the API’s path of it, and how it is called. */
export type Shareable = { path: string; label: string };

type ShareDialogProps = {
  conversationId: string;
  title: string;
  /** The first is chosen until another is. */
  choices: readonly [Shareable, ...Shareable[]];
  onClose: () => void;
};

/** Makes a read-only link, shows it once, and lists those that are in force. */
export function ShareDialog({ conversationId, title, choices, onClose }: ShareDialogProps) {
  const [path, setPath] = useState(choices[0].path);
  const [days, setDays] = useState<number>(7);
  const [made, setMade] = useState<NewShare | null>(null);
  const [shares, setShares] = useState<readonly Share[]>([]);
  const { pending, problem, run } = useAction();

  useEffect(() => {
    let left = false;
    callApi<{ items: Share[] }>('GET', `/shares?conversationId=${conversationId}`).then(
      ({ items }) => !left && setShares(items),
      // The list is a convenience here; the settings have it too.
      () => undefined,
    );
    return () => {
      left = true;
    };
  }, [conversationId]);

  return (
    <Dialog
      open
      onOpenChange={(open) => open || onClose()}
      title={title}
      description="Whoever has the link can read it without signing in: who said what, no costs, and nothing that is said later."
    >
      <form
        className="space-y-5"
        onSubmit={(event) => {
          event.preventDefault();
          void run('share', async () => {
            const expiresAt = new Date(Date.now() + days * DAY_MS - 60_000).toISOString();
            const share = await callApi<NewShare>('POST', `${path}/shares`, { body: { expiresAt } });
            setMade(share);
            setShares((now) => [share.share, ...now]);
          });
        }}
      >
        <div className="grid gap-4 sm:grid-cols-2">
          {choices.length > 1 && (
            <Field label="What">
              {(control) => (
                <Select {...control} value={path} onChange={(event) => setPath(event.target.value)}>
                  {choices.map((choice) => (
                    <option key={choice.path} value={choice.path}>
                      {choice.label}
                    </option>
                  ))}
                </Select>
              )}
            </Field>
          )}
          <Field label="Ends after">
            {(control) => (
              <Select {...control} value={days} onChange={(event) => setDays(Number(event.target.value))}>
                {DAYS.map((each) => (
                  <option key={each} value={each}>
                    {each === 1 ? '1 day' : each === 365 ? 'a year' : `${each} days`}
                  </option>
                ))}
              </Select>
            )}
          </Field>
        </div>
        {problem && <Alert tone="danger">{problem.message}</Alert>}
        {made && <MadeLink key={made.url} url={made.url} />}
        <div className="flex justify-end gap-2">
          <Button onClick={onClose}>Close</Button>
          <Button type="submit" variant="primary" pending={pending !== null}>
            Make a link
          </Button>
        </div>
      </form>
      {shares.length > 0 && (
        <section className="mt-6 border-t border-line pt-4">
          <h3 className="mb-2 text-sm font-semibold">Links in force</h3>
          <ShareList
            shares={shares}
            withNames={false}
            onRevoked={({ id }) => {
              setShares((now) => now.filter((share) => share.id !== id));
              setMade((now) => (now?.share.id === id ? null : now));
            }}
          />
        </section>
      )}
    </Dialog>
  );
}

function MadeLink({ url }: { url: string }) {
  const [copied, setCopied] = useState(false);
  return (
    <Field label="The link" hint="Copy it now: it is not shown again.">
      {(control) => (
        <div className="flex gap-2">
          <Input {...control} readOnly value={url} onFocus={(event) => event.target.select()} />
          <Button
            className="h-10"
            onClick={() => {
              void navigator.clipboard.writeText(url).then(() => setCopied(true));
            }}
          >
            {copied ? <Check aria-hidden className="size-4 text-ok" /> : <Copy aria-hidden className="size-4" />}
            {copied ? 'Copied' : 'Copy'}
          </Button>
        </div>
      )}
    </Field>
  );
}
