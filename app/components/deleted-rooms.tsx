import type { Room } from '#server/rooms/contract.ts';
import { callApi } from '#app/components/api.ts';
import { Alert } from '#app/components/ui/alert.tsx';
import { Button } from '#app/components/ui/button.tsx';
import { useAction } from '#app/components/use-action.ts';
import { useReload } from '#app/components/use-reload.ts';

/** Rooms that were deleted in the last seven days, and can come back as they were. */
export function DeletedRooms({ rooms }: { rooms: Room[] }) {
  const reload = useReload();
  const { pending, problem, run } = useAction();
  return (
    <details className="mt-10">
      <summary className="w-fit rounded-md text-sm font-semibold tracking-tight">
        Recently deleted ({rooms.length})
      </summary>
      <ul className="mt-3 divide-y divide-line rounded-2xl border border-line bg-raised">
        {rooms.map((room) => (
          <li key={room.id} className="flex items-center justify-between gap-3 px-4 py-2 text-sm">
            <span className="truncate text-ink-soft">{room.name}</span>
            <Button
              size="sm"
              pending={pending === room.id}
              aria-label={`Restore ${room.name}`}
              onClick={() =>
                void run(room.id, async () => {
                  await callApi('POST', `/rooms/${room.id}/restore`);
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
