import { callApi } from '#app/components/api.ts';
import { Alert } from '#app/components/ui/alert.tsx';
import { Button } from '#app/components/ui/button.tsx';
import { useAction } from '#app/components/use-action.ts';
import { useReload } from '#app/components/use-reload.ts';

/** `path` is in the API. */
export type Deleted = { id: string; name: string; kind: string; path: string };

/** Rooms and chats that were deleted in the last seven days, and can come back as they were. */
export function RecentlyDeleted({ items }: { items: Deleted[] }) {
  const reload = useReload();
  const { pending, problem, run } = useAction();
  return (
    <details className="mt-10">
      <summary className="w-fit rounded-md text-sm font-semibold tracking-tight">
        Recently deleted ({items.length})
      </summary>
      <ul className="mt-3 divide-y divide-line rounded-2xl border border-line bg-raised">
        {items.map((item) => (
          <li key={item.id} className="flex items-center justify-between gap-3 px-4 py-2 text-sm">
            <span className="min-w-0 flex-1 truncate text-ink-soft">{item.name}</span>
            <span className="shrink-0 text-xs text-ink-faint">{item.kind}</span>
            <Button
              size="sm"
              pending={pending === item.id}
              aria-label={`Restore ${item.name}`}
              onClick={() =>
                void run(item.id, async () => {
                  await callApi('POST', `${item.path}/restore`);
                  reload();
                })
              }
            >
              Restore
            </Button>
          </li>
        ))}
      </ul>
      {problem && (
        <Alert tone="danger" className="mt-3">
          {problem.message}
        </Alert>
      )}
    </details>
  );
}
