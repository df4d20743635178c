import { useNavigate } from '@remix-run/react';
import { Upload } from 'lucide-react';
import { useRef } from 'react';
import type { Room } from '#server/rooms/contract.ts';
import { ApiProblem, callApi } from '#app/components/api.ts';
import { Alert } from '#app/components/ui/alert.tsx';
import { Button } from '#app/components/ui/button.tsx';
import { useAction } from '#app/components/use-action.ts';

/** Takes a room’s file in and goes there; what is wrong with it is said by its place in the file. */
export function ImportRoom({ disabled }: { disabled: boolean }) {
  const picker = useRef<HTMLInputElement>(null);
  const navigate = useNavigate();
  const { pending, problem, run } = useAction();

  const take = (file: File) =>
    void run('import', async () => {
      const body: unknown = await file
        .text()
        .then(JSON.parse)
        .catch(() => null);
      if (body === null) throw new ApiProblem(422, { detail: `${file.name} is not a room file.` });
      const room = await callApi<Room>('POST', '/rooms/import', { body });
      navigate(`/rooms/${room.id}`);
    });

  return (
    <>
      <input
        ref={picker}
        type="file"
        accept="application/json,.json"
        aria-label="Room file"
        tabIndex={-1}
        className="sr-only"
        onChange={(event) => {
          const [file] = event.target.files ?? [];
          event.target.value = '';
          if (file) take(file);
        }}
      />
      <Button pending={pending !== null} disabled={disabled} onClick={() => picker.current?.click()}>
        <Upload aria-hidden className="size-4" />
        Import a room
      </Button>
      {problem && (
        <Alert tone="danger" className="mt-4" title={problem.message}>
          {Object.entries(problem.fields)
            .filter(([path, message]) => path !== '' && message !== problem.message)
            .slice(0, 5)
            .map(([path, message]) => (
              <p key={path}>
                {path}: {message}
              </p>
            ))}
        </Alert>
      )}
    </>
  );
}
