import type { LoaderFunctionArgs, MetaFunction } from '@remix-run/node';
import { useLoaderData } from '@remix-run/react';
import { Bot, Files } from 'lucide-react';
import { useMemo } from 'react';
import { findSpeakers } from '#server/agents/find-speakers.ts';
import { requirePageUser, pageProblem } from '#server/auth/require-user.ts';
import { MAX_ROOM_BYTES } from '#server/files/contract.ts';
import { findFiles } from '#server/files/find-files.ts';
import { findModels } from '#server/models/find-models.ts';
import { isAppError } from '#server/platform/errors.ts';
import { getRoom } from '#server/rooms/get-room.ts';
import { getRetention } from '#server/retention/get-retention.ts';
import { findTests } from '#server/recordings/find-tests.ts';
import { findPinnedMessages } from '#server/turns/find-pinned-messages.ts';
import { findRecentTurns } from '#server/turns/find-recent-turns.ts';
import { AgentsPanel } from '#app/components/agents-panel.tsx';
import { RoomMenu } from '#app/components/conversation-menu.tsx';
import { BeginAtEnd } from '#app/timeline/begin-at-end.tsx';
import { ConversationView } from '#app/components/conversation-view.tsx';
import { QuoteHint } from '#app/components/billing/quote-hint.tsx';
import { ErrorPage } from '#app/components/error-page.tsx';
import { FilesProvider } from '#app/components/files/files-context.tsx';
import { useLooks } from '#app/components/use-looks.ts';
import { ModeSwitch, PendingModeNote } from '#app/components/mode-switch.tsx';
import { RoomEmpty } from '#app/components/room-empty.tsx';
import { RetentionNote } from '#app/components/retention/retention-note.tsx';
import { PageHeader } from '#app/components/shell.tsx';
import { useSidePanels } from '#app/components/side-panels.tsx';
import { namesCalled, WhoAnswers } from '#app/components/who-answers.tsx';
import { onDemand } from '#app/components/ui/on-demand.tsx';
import { useReload } from '#app/components/use-reload.ts';

const FilesPanel = onDemand(async () => (await import('#app/components/files/files-panel.tsx')).FilesPanel);

export const handle = { shell: true };
export const meta: MetaFunction<typeof loader> = ({ data }) => [{ title: `${data?.room.name ?? 'Room'} · Pantheon` }];

export async function loader({ context, request, params }: LoaderFunctionArgs) {
  const { app } = context;
  const { user } = await requirePageUser(context, request);
  const roomId = params['roomId'] ?? '';
  try {
    const room = await getRoom(app, { userId: user.id, roomId });
    const [turns, speakers, models, files, pinned, retention, tests] = await Promise.all([
      findRecentTurns(app, room.id),
      findSpeakers(app, room.id),
      findModels(app, user),
      findFiles(app, { home: { roomId: room.id } }),
      findPinnedMessages(app, room.id),
      getRetention(app, room.id),
      findTests(app, room.id),
    ]);
    return {
      room,
      turns: turns.items,
      nextCursor: turns.nextCursor,
      speakers,
      pinned,
      retention,
      kept: tests.map(({ turnId }) => turnId),
      models,
      files: { ...files, maxBytes: MAX_ROOM_BYTES },
      canWrite: !user.suspended,
    };
  } catch (error) {
    throw isAppError(error) ? pageProblem(context, error) : error;
  }
}

export default function RoomPage() {
  const { room } = useLoaderData<typeof loader>();
  return <RoomWorkspace key={room.id} />;
}

function RoomWorkspace() {
  const { room, turns, nextCursor, speakers, pinned, retention, kept, models, files, canWrite } =
    useLoaderData<typeof loader>();
  const reload = useReload();
  const agents = useMemo(() => room.agents ?? [], [room.agents]);
  const active = agents.filter((agent) => agent.active);
  const looks = useLooks(speakers, turns);
  const modelNames = useMemo(
    () => Object.fromEntries(models.map((model) => [model.alias, model.displayName])),
    [models],
  );
  const nextMode = room.pendingMode ?? room.currentMode;
  const roster = (
    <AgentsPanel
      roomId={room.id}
      agents={agents}
      models={models}
      looks={looks}
      canWrite={canWrite}
      tests={kept.length}
      onChanged={reload}
    />
  );
  const { buttons, layout, panel, show } = useSidePanels(
    [
      { id: 'agents', label: 'Agents', icon: Bot, content: roster },
      { id: 'files', label: 'Files', icon: Files, content: <FilesPanel /> },
    ],
    'agents',
  );

  return (
    <FilesProvider
      conversationId={room.id}
      home={`/rooms/${room.id}`}
      loaded={files}
      canWrite={canWrite}
      hasReader={active.some(({ toolPermissions }) => toolPermissions.files)}
    >
      <PageHeader
        title={room.name}
        below={<span className="max-sm:hidden">{room.description || agentsInWords(agents.length, active.length)}</span>}
        actions={
          <>
            <ModeSwitch room={room} disabled={!canWrite} onChanged={reload} />
            {buttons}
            <RoomMenu room={room} canWrite={canWrite} lastTurnId={turns.at(-1)?.id ?? null} />
          </>
        }
      />
      <div className={layout}>
        <div className="relative flex min-h-0 min-w-0 flex-1 flex-col">
          <RetentionNote retention={retention} path={`/rooms/${room.id}`} canWrite={canWrite} />
          <ConversationView
            conversationId={room.id}
            turnsPath={`/rooms/${room.id}/turns`}
            turns={turns}
            nextCursor={nextCursor}
            pinned={pinned}
            kept={kept}
            looks={looks}
            modelNames={modelNames}
            mentionable={nextMode === 'manual' ? active : null}
            placeholder="Write a message"
            canWrite={canWrite}
            note={<PendingModeNote room={room} />}
            empty={<RoomEmpty room={room} agents={agents} looks={looks} onAgents={() => show('agents')} />}
            hint={(text, busy) => (
              <span className="flex items-center justify-between gap-3">
                <span className="min-w-0">
                  <WhoAnswers text={text} mode={nextMode} agents={active} looks={looks} busy={busy} />
                </span>
                {namesCalled(text, nextMode, active).length > 0 && <QuoteHint path={`/rooms/${room.id}`} text={text} />}
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

function agentsInWords(all: number, active: number): string {
  if (all === 0) return 'No agents yet';
  if (active < all) return `${active} of ${all} agents active`;
  return all === 1 ? '1 agent' : `${all} agents`;
}

export { ErrorPage as ErrorBoundary };
