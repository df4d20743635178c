import { redirect, type LoaderFunctionArgs, type MetaFunction } from '@remix-run/node';
import { Link, useLoaderData, useSearchParams } from '@remix-run/react';
import { FlaskConical } from 'lucide-react';
import { useMemo } from 'react';
import { findSpeakers } from '#server/agents/find-speakers.ts';
import { getOwnedTurn } from '#server/auth/find-owned.ts';
import { pageProblem, requirePageUser } from '#server/auth/require-user.ts';
import { findModels } from '#server/models/find-models.ts';
import { isAppError, notFound } from '#server/platform/errors.ts';
import { presentTurn } from '#server/turns/present-turn.ts';
import { readTurn } from '#server/turns/read-turn.ts';
import { findCandidates } from '#server/what-ifs/find-candidates.ts';
import { findWhatIfs } from '#server/what-ifs/find-what-ifs.ts';
import { ErrorPage } from '#app/components/error-page.tsx';
import { PageHeader } from '#app/components/shell.tsx';
import { Button } from '#app/components/ui/button.tsx';
import { useReload } from '#app/components/use-reload.ts';
import { Comparison } from '#app/components/what-ifs/comparison.tsx';
import { WhatIfDialog } from '#app/components/what-ifs/what-if-dialog.tsx';
import { hasEnded } from '#app/timeline/reduce.ts';

export const handle = { shell: true };
export const meta: MetaFunction = () => [{ title: 'What if · Pantheon' }];

export async function loader({ context, request, params }: LoaderFunctionArgs) {
  const { app } = context;
  const { user } = await requirePageUser(context, request);
  try {
    const { id, whatIfOf, roomId, directSessionId } = await getOwnedTurn(app, user.id, params['turnId'] ?? '');
    if (whatIfOf !== null) return redirect(`/turns/${whatIfOf}/what-ifs`);
    const source = await readTurn(app.db, id);
    if (!source) throw notFound();
    const [whatIfs, speakers, models, candidates] = await Promise.all([
      findWhatIfs(app, id),
      findSpeakers(app, source.row.conversation_id),
      findModels(app, user),
      findCandidates(app.db, source.row),
    ]);
    return {
      original: presentTurn(source.row, source.message, source.steps),
      whatIfs: whatIfs.items,
      speakers,
      models,
      candidates,
      home: roomId === null ? `/direct/${directSessionId ?? ''}` : `/rooms/${roomId}`,
      canWrite: !user.suspended,
    };
  } catch (error) {
    throw isAppError(error) ? pageProblem(context, error) : error;
  }
}

export default function WhatIfsPage() {
  const { original, whatIfs, speakers, models, candidates, home, canWrite } = useLoaderData<typeof loader>();
  const [search, setSearch] = useSearchParams();
  const reload = useReload();
  const modelNames = useMemo(
    () => Object.fromEntries(models.map((model) => [model.alias, model.displayName])),
    [models],
  );
  const canTry = canWrite && hasEnded(original) && original.message !== '';
  const setOpen = (open: boolean) => setSearch(open ? { new: '' } : {}, { replace: true, preventScrollReset: true });
  return (
    <>
      <PageHeader
        title="What if…"
        below={original.message.slice(0, 120)}
        actions={
          <>
            <Button asChild size="sm" variant="ghost">
              <Link to={`${home}#message-${original.id}`}>
                <span className="sm:hidden">Back</span>
                <span className="max-sm:hidden">To the conversation</span>
              </Link>
            </Button>
            {canTry && (
              <Button size="sm" variant="primary" onClick={() => setOpen(true)}>
                <FlaskConical aria-hidden className="size-3.5" />
                Try differently
              </Button>
            )}
          </>
        }
      />
      <div className="min-h-0 flex-1 overflow-y-auto overscroll-contain">
        <div className="mx-auto w-full max-w-[100rem] space-y-4 px-4 py-5 sm:px-6">
          <p className="ml-auto w-fit max-w-[min(100%,38rem)] rounded-2xl rounded-br-md bg-accent-soft px-4 py-2.5 text-[15px] leading-relaxed break-words whitespace-pre-wrap">
            <span className="sr-only">You: </span>
            {original.message === '' ? 'This message was deleted.' : original.message}
          </p>
          <Comparison
            original={original}
            whatIfs={whatIfs}
            speakers={speakers}
            modelNames={modelNames}
            canWrite={canWrite}
            onChanged={reload}
            empty={canTry && <NothingTried onTry={() => setOpen(true)} />}
          />
        </div>
      </div>
      {canTry && (
        <WhatIfDialog
          open={search.has('new')}
          onOpenChange={setOpen}
          original={original}
          candidates={candidates}
          models={models}
          onTried={reload}
        />
      )}
    </>
  );
}

/** Where the first what-if will stand. */
function NothingTried({ onTry }: { onTry: () => void }) {
  return (
    <div className="flex w-[calc(100vw-2.5rem)] max-w-xl shrink-0 snap-start flex-col items-center rounded-2xl border border-dashed border-line-strong px-6 py-14 text-center sm:w-96 lg:min-w-80 lg:flex-1">
      <FlaskConical aria-hidden className="size-6 text-ink-faint" />
      <p className="mt-3 text-sm font-medium">Nothing was tried yet</p>
      <p className="mt-1.5 max-w-sm text-[13px] text-balance text-ink-soft">
        Choose another mode, other agents or another model, and see the answers, the credits and the time side by side.
        It costs what a message costs, and the conversation stays as it is.
      </p>
      <Button className="mt-4" onClick={onTry}>
        Try differently
      </Button>
    </div>
  );
}

export { ErrorPage as ErrorBoundary };
