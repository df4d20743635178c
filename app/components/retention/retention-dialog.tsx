import { useEffect, useState } from 'react';
import type { Retention } from '#server/retention/contract.ts';
import { callApi } from '#app/components/api.ts';
import { Alert } from '#app/components/ui/alert.tsx';
import { Dialog } from '#app/components/ui/dialog.tsx';
import { Spinner } from '#app/components/ui/spinner.tsx';
import { Switch } from '#app/components/ui/switch.tsx';
import { useAction } from '#app/components/use-action.ts';
import { useReload } from '#app/components/use-reload.ts';

type RetentionDialogProps = {
  /** Of the conversation, in the API. */
  path: string;
  noun: 'room' | 'chat';
  onClose: () => void;
};

/** How long a conversation holds what was said in it, and the choice to keep all of it. */
export function RetentionDialog({ path, noun, onClose }: RetentionDialogProps) {
  const [retention, setRetention] = useState<Retention | null>(null);
  const { pending, problem, run } = useAction();
  const reload = useReload();

  useEffect(() => {
    void run('read', async () => setRetention(await callApi<Retention>('GET', `${path}/retention`)));
    // Read once, when it opens.
    // eslint-disable-next-line react-hooks/exhaustive-deps
  }, [path]);

  function keep(wanted: boolean): void {
    void run('keep', async () => {
      setRetention(await callApi<Retention>('PUT', `${path}/retention`, { body: { keep: wanted } }));
      reload();
    });
  }

  return (
    <Dialog open onOpenChange={(open) => open || onClose()} title="How long it is kept">
      <div className="space-y-4 text-sm">
        {retention === null && !problem && <Spinner label="Loading" />}
        {retention?.days === null && (
          <p className="text-ink-soft">On this server nothing is deleted because of its age.</p>
        )}
        {retention && retention.days !== null && (
          <>
            <p className="text-ink-soft">
              Messages and files are deleted for good when they are {retention.days} days old. You are told a week
              before.
            </p>
            <label className="flex min-h-11 items-center justify-between gap-4 rounded-xl border border-line px-3.5 py-2.5">
              <span>
                <span className="block font-medium">Keep</span>
                <span className="block text-ink-soft">Nothing in this {noun} is deleted because of its age.</span>
              </span>
              <Switch checked={retention.keep} disabled={pending !== null} onCheckedChange={keep} />
            </label>
          </>
        )}
        {problem && <Alert tone="danger">{problem.message}</Alert>}
      </div>
    </Dialog>
  );
}
