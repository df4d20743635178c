import type { LoaderFunctionArgs, MetaFunction } from '@remix-run/node';
import { useLoaderData } from '@remix-run/react';
import { Files } from 'lucide-react';
import { useMemo } from 'react';
import { pageProblem, requirePageUser } from '#server/auth/require-user.ts';
import { getDirectSession } from '#server/direct/get-direct-session.ts';
import { MAX_ROOM_BYTES } from '#server/files/contract.ts';
import { findFiles } from '#server/files/find-files.ts';
import { findModels } from '#server/models/find-models.ts';
import { isAppError } from '#server/platform/errors.ts';
import { getRetention } from '#server/retention/get-retention.ts';
import { findPinnedMessages } from '#server/turns/find-pinned-messages.ts';
import { findRecentTurns } from '#server/turns/find-recent-turns.ts';
import { assignLooks } from '#app/components/agent-look.ts';
import { AgentMark } from '#app/components/agent-mark.tsx';
import { DirectMenu } from '#app/components/conversation-menu.tsx';
import { BeginAtEnd } from '#app/timeline/begin-at-end.tsx';
import { ConversationView } from '#app/components/conversation-view.tsx';
import { QuoteHint } from '#app/components/billing/quote-hint.tsx';
import { ErrorPage } from '#app/components/error-page.tsx';
import { FilesProvider } from '#app/components/files/files-context.tsx';
import { useSidePanels } from '#app/components/side-panels.tsx';
import { RetentionNote } from '#app/components/retention/retention-note.tsx';
import { PageHeader } from '#app/components/shell.tsx';
import { onDemand } from '#app/components/ui/on-demand.tsx';

const FilesPanel = onDemand(async () => (await import('#app/components/files/files-panel.tsx')).FilesPanel);

export const handle = { shell: true };
export const meta: MetaFunction<typeof loader> = ({ data }) => [
  { title: `${data?.session.title ?? 'Chat'} · Pantheon` },
];

export async function loader({ context, request, params }: LoaderFunctionArgs) {
  const { app } = context;
  const { user } = await requirePageUser(context, request);
  try {
    const session = await getDirectSession(app, { userId: user.id, directSessionId: params['directSessionId'] ?? '' });
    const [turns, models, files, pinned, retention] = await Promise.all([
      findRecentTurns(app, session.id),
      findModels(app, user),
      findFiles(app, { home: { directSessionId: session.id } }),
      findPinnedMessages(app, session.id),
      getRetention(app, session.id),
    ]);
    return {
      session,
      turns: turns.items,
      nextCursor: turns.nextCursor,
      pinned,
      retention,
      models,
      files: { ...files, maxBytes: MAX_ROOM_BYTES },
      canWrite: !user.suspended,
    };
  } catch (error) {
    throw isAppError(error) ? pageProblem(context, error) : error;
  }
}

export default function DirectPage() {
  const { session } = useLoaderData<typeof loader>();
  return <DirectChat key={session.id} />;
}

function DirectChat() {
  const { session, turns, nextCursor, pinned, retention, models, files, canWrite } = useLoaderData<typeof loader>();
  const { name, modelAlias, rolePrompt } = session.agent;
  const look = useMemo(() => assignLooks([{ id: session.id, name }]).get(session.id), [session.id, name]);
  const agentIds = [...new Set(turns.flatMap((turn) => turn.roster.map(({ id }) => id)))].join(' ');
  const looks = useMemo(
    () => new Map(look ? [session.id, ...agentIds.split(' ')].map((id) => [id, look]) : []),
    [agentIds, look, session.id],
  );
  const modelNames = useMemo(
    () => Object.fromEntries(models.map((model) => [model.alias, model.displayName])),
    [models],
  );
  const { buttons, layout, panel } = useSidePanels(
    [{ id: 'files', label: 'Files', icon: Files, content: <FilesPanel /> }],
    null,
  );
  return (
    <FilesProvider
      conversationId={session.id}
      home={`/direct-sessions/${session.id}`}
      loaded={files}
      canWrite={canWrite}
      hasReader={session.agent.toolPermissions.files}
    >
      <PageHeader
        icon={<AgentMark look={look} className="mr-1" />}
        title={session.title}
        below={`${session.title === name ? '' : `${name} · `}${modelNames[modelAlias] ?? modelAlias}`}
        actions={
          <>
            {buttons}
            <DirectMenu session={session} canWrite={canWrite} lastTurnId={turns.at(-1)?.id ?? null} />
          </>
        }
      />
      <div className={layout}>
        <div className="relative flex min-h-0 min-w-0 flex-1 flex-col">
          <RetentionNote retention={retention} path={`/direct-sessions/${session.id}`} canWrite={canWrite} />
          <ConversationView
            conversationId={session.id}
            turnsPath={`/direct-sessions/${session.id}/turns`}
            turns={turns}
            nextCursor={nextCursor}
            pinned={pinned}
            looks={looks}
            modelNames={modelNames}
            mentionable={null}
            placeholder={`Message ${name}`}
            canWrite={canWrite}
            empty={
              <div className="flex min-h-[50dvh] flex-col items-center justify-center text-center">
                <AgentMark look={look} size="lg" />
                <h2 className="mt-5 text-lg font-semibold tracking-tight">{name}</h2>
                <p className="mt-1.5 line-clamp-4 max-w-md text-[15px] text-pretty text-ink-soft">{rolePrompt}</p>
              </div>
            }
            hint={(text, busy) => (
              <span className="flex items-center justify-between gap-3">
                <span className="truncate">
                  {busy ? 'Waits for the answer that is being written' : `${name} answers`}
                </span>
                <QuoteHint path={`/direct-sessions/${session.id}`} text={text} />
              </span>
            )}
          />
        </div>
        {panel}
      </div>
      <BeginAtEnd />
    </FilesProvider>
  );
}

export { ErrorPage as ErrorBoundary };
