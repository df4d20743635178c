import type { LoaderFunctionArgs, MetaFunction } from '@remix-run/node';
import { Link, useLoaderData } from '@remix-run/react';
import { Download, ClipboardCheck } from 'lucide-react';
import { pageProblem, requirePageUser } from '#server/auth/require-user.ts';
import { isAppError } from '#server/platform/errors.ts';
import type { TestResult } from '#server/recordings/contract.ts';
import { runTests } from '#server/recordings/run-tests.ts';
import { getRoom } from '#server/rooms/get-room.ts';
import { callApi } from '#app/components/api.ts';
import { ErrorPage } from '#app/components/error-page.tsx';
import { formatCredits } from '#app/components/format.ts';
import { TestDetails } from '#app/components/recordings/test-details.tsx';
import { PageBody, PageHeader } from '#app/components/shell.tsx';
import { Alert } from '#app/components/ui/alert.tsx';
import { Badge } from '#app/components/ui/badge.tsx';
import { Button } from '#app/components/ui/button.tsx';
import { useAction } from '#app/components/use-action.ts';
import { useReload } from '#app/components/use-reload.ts';

export const handle = { shell: true };
export const meta: MetaFunction<typeof loader> = ({ data }) => [
  { title: `Tests of ${data?.room.name ?? 'a room'} · Pantheon` },
];

/** Runs them: they cost nothing and ask nobody. */
export async function loader({ context, request, params }: LoaderFunctionArgs) {
  const { app } = context;
  const { user } = await requirePageUser(context, request);
  try {
    const { id, name } = await getRoom(app, { userId: user.id, roomId: params['roomId'] ?? '' });
    return { room: { id, name }, report: await runTests(app, { roomId: id }), canWrite: !user.suspended };
  } catch (error) {
    throw isAppError(error) ? pageProblem(context, error) : error;
  }
}

export default function TestsPage() {
  const { room, report, canWrite } = useLoaderData<typeof loader>();
  const { items, broken, changed } = report;
  return (
    <>
      <PageHeader
        title="Tests"
        below={`Turns of ${room.name}, replayed with its agents as they are now: no model is asked, nothing is charged`}
        actions={
          <Button asChild size="sm" variant="ghost">
            <Link to={`/rooms/${room.id}`}>To the room</Link>
          </Button>
        }
      />
      <PageBody className="space-y-6">
        {items.length === 0 ? (
          <NoTests />
        ) : (
          <>
            <Alert
              tone={broken > 0 ? 'warn' : 'ok'}
              title={broken > 0 ? `${broken} of ${items.length} broken` : 'All hold'}
            >
              {changed === 0
                ? 'Every model would be asked what it was asked.'
                : `${changed === 1 ? 'One asks' : `${changed} ask`} a model something else than it was asked then.`}
            </Alert>
            <ul className="space-y-4">
              {items.map((result) => (
                <Test key={result.turnId} result={result} canWrite={canWrite} />
              ))}
            </ul>
          </>
        )}
      </PageBody>
    </>
  );
}

function Test({ result, canWrite }: { result: TestResult; canWrite: boolean }) {
  const { turnId, message, mode, ok, changedRequests, chargedMicroCredits, maxMicroCredits } = result;
  const { pending, problem, run } = useAction();
  const reload = useReload();
  const drop = () =>
    void run('drop', async () => {
      await callApi('DELETE', `/turns/${turnId}/recording`);
      reload();
    });
  return (
    <li className="rounded-2xl border border-line bg-canvas p-4 sm:p-5">
      <div className="flex flex-wrap items-center gap-2">
        <Badge tone={ok ? 'plain' : 'danger'}>{ok ? 'Holds' : 'Broken'}</Badge>
        {changedRequests.length > 0 && <Badge tone="accent">Requests change</Badge>}
        <span className="text-xs text-ink-faint">{mode}</span>
      </div>
      <h2 className="mt-2 font-medium break-words">{message || 'A message that was deleted'}</h2>
      <p className="mt-1 text-xs text-ink-faint tabular-nums">
        It cost {formatCredits(chargedMicroCredits)} credits and may cost {formatCredits(maxMicroCredits)}.
      </p>
      <TestDetails result={result} className="mt-4" />
      {problem && (
        <Alert tone="danger" className="mt-3">
          {problem.message}
        </Alert>
      )}
      <div className="mt-4 flex flex-wrap gap-2">
        <Button asChild size="sm">
          <a href={`/api/v1/turns/${turnId}/recording`} download>
            <Download aria-hidden className="size-4 text-ink-faint" />
            Export as a file
          </a>
        </Button>
        {canWrite && (
          <Button size="sm" variant="ghost" pending={pending !== null} onClick={drop}>
            Drop this test
          </Button>
        )}
      </div>
    </li>
  );
}

function NoTests() {
  return (
    <div className="rounded-2xl border border-dashed border-line-strong px-4 py-12 text-center">
      <ClipboardCheck aria-hidden className="mx-auto size-6 text-ink-faint" />
      <p className="mt-2 text-sm font-medium">No tests yet</p>
      <p className="mx-auto mt-1 max-w-md text-[13px] text-ink-soft">
        In the room, choose “Keep as a test” in the menu of a message whose answers are as they should be. Before an
        agent is saved, the room’s tests say what would break.
      </p>
    </div>
  );
}

export { ErrorPage as ErrorBoundary };
