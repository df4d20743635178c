import type { Retention } from '#server/retention/contract.ts';
import { callApi } from '#app/components/api.ts';
import { formatDay } from '#app/components/billing/dates.ts';
import { Alert } from '#app/components/ui/alert.tsx';
import { Button } from '#app/components/ui/button.tsx';
import { useAction } from '#app/components/use-action.ts';
import { useReload } from '#app/components/use-reload.ts';

type RetentionNoteProps = { retention: Retention; path: string; canWrite: boolean };

/** Says on the conversation's page that its oldest messages are about to go, and keeps them at a press. */
export function RetentionNote({ retention, path, canWrite }: RetentionNoteProps) {
  const { pending, problem, run } = useAction();
  const reload = useReload();
  if (retention.purgesAt === null) return null;
  const day = formatDay(retention.purgesAt);
  return (
    <Alert
      tone="warn"
      className="mx-4 mt-3"
      title={`From ${day} on, messages and files older than ${retention.days ?? 0} days are deleted here for good.`}
      action={
        canWrite && (
          <Button
            size="sm"
            pending={pending !== null}
            onClick={() =>
              void run('keep', async () => {
                await callApi('PUT', `${path}/retention`, { body: { keep: true } });
                reload();
              })
            }
          >
            Keep
          </Button>
        )
      }
    >
      {problem?.message}
    </Alert>
  );
}
