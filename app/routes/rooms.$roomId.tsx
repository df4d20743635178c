import type { LoaderFunctionArgs, MetaFunction } from '@remix-run/node';
import { useLoaderData } from '@remix-run/react';
import { PanelRight, X } from 'lucide-react';
import { useMemo, useState } from 'react';
import { requirePageUser, pageProblem } from '#server/auth/require-user.ts';
import { findModels } from '#server/models/find-models.ts';
import { isAppError } from '#server/platform/errors.ts';
import { getRoom } from '#server/rooms/get-room.ts';
import { findTurns } from '#server/turns/find-turns.ts';
import { AgentsPanel } from '#app/components/agents-panel.tsx';
import { RoomMenu } from '#app/components/conversation-menu.tsx';
import { ConversationView } from '#app/components/conversation-view.tsx';
import { QuoteHint } from '#app/components/billing/quote-hint.tsx';
import { ErrorPage } from '#app/components/error-page.tsx';
import { useLooks } from '#app/components/use-looks.ts';
import { ModeSwitch, PendingModeNote } from '#app/components/mode-switch.tsx';
import { RoomEmpty } from '#app/components/room-empty.tsx';
import { PageHeader } from '#app/components/shell.tsx';
import { Button } from '#app/components/ui/button.tsx';
import { Sheet } from '#app/components/ui/dialog.tsx';
import { namesCalled, WhoAnswers } from '#app/components/who-answers.tsx';
import { useReload } from '#app/components/use-reload.ts';

export const handle = { shell: true };
export const meta: MetaFunction<typeof loader> = ({ data }) => [{ title: `${data?.room.name ?? 'Room'} · Pantheon` }];

const RECENT_TURNS = 30;

export async function loader({ context, request, params }: LoaderFunctionArgs) {
  const { app } = context;
  const { user } = await requirePageUser(context, request);
  const roomId = params['roomId'] ?? '';
  try {
    const room = await getRoom(app, { userId: user.id, roomId });
    const [turns, models] = await Promise.all([
      findTurns(app, { conversationId: room.id, limit: RECENT_TURNS }),
      findModels(app, user),
    ]);
    return { room, turns: turns.items, nextCursor: turns.nextCursor, models, canWrite: !user.suspended };
  } catch (error) {
    throw isAppError(error) ? pageProblem(context, error) : error;
  }
}

export default function RoomPage() {
  const { room } = useLoaderData<typeof loader>();
  return <RoomWorkspace key={room.id} />;
}

function RoomWorkspace() {
  const { room, turns, nextCursor, models, canWrite } = useLoaderData<typeof loader>();
  const reload = useReload();
  const [panelOpen, setPanelOpen] = useState(true);
  const [sheetOpen, setSheetOpen] = useState(false);
  const agents = useMemo(() => room.agents ?? [], [room.agents]);
  const active = agents.filter((agent) => agent.active);
  const looks = useLooks(agents, turns);
  const modelNames = useMemo(
    () => Object.fromEntries(models.map((model) => [model.alias, model.displayName])),
    [models],
  );
  const nextMode = room.pendingMode ?? room.currentMode;
  const panel = (
    <AgentsPanel
      roomId={room.id}
      agents={agents}
      models={models}
      looks={looks}
      canWrite={canWrite}
      onChanged={reload}
    />
  );

  return (
    <>
      <PageHeader
        title={room.name}
        below={room.description || `${active.length} of ${agents.length} agents active`}
        actions={
          <>
            <ModeSwitch room={room} disabled={!canWrite} onChanged={reload} />
            <Button
              variant="ghost"
              size="icon"
              className="hidden xl:inline-flex"
              aria-label="Agents"
              aria-expanded={panelOpen}
              onClick={() => setPanelOpen(!panelOpen)}
            >
              <PanelRight aria-hidden className="size-4.5" />
            </Button>
            <Button
              variant="ghost"
              size="icon"
              className="xl:hidden"
              aria-label="Agents"
              onClick={() => setSheetOpen(true)}
            >
              <PanelRight aria-hidden className="size-4.5" />
            </Button>
            <RoomMenu room={room} canWrite={canWrite} lastTurnId={turns.at(-1)?.id ?? null} />
          </>
        }
      />
      <div className="flex min-h-0 flex-1">
        <div className="flex min-w-0 flex-1 flex-col">
          <ConversationView
            conversationId={room.id}
            turnsPath={`/rooms/${room.id}/turns`}
            turns={turns}
            nextCursor={nextCursor}
            looks={looks}
            modelNames={modelNames}
            mentionable={nextMode === 'manual' ? active : null}
            placeholder={
              nextMode === 'manual' ? 'Write a message, and tag who should answer with @' : `Write to ${room.name}`
            }
            canWrite={canWrite}
            note={<PendingModeNote room={room} />}
            empty={<RoomEmpty room={room} agents={agents} looks={looks} />}
            hint={(text, busy) => (
              <span className="flex items-center justify-between gap-3">
                <WhoAnswers text={text} mode={nextMode} agents={active} looks={looks} busy={busy} />
                {namesCalled(text, nextMode, active).length > 0 && <QuoteHint path={`/rooms/${room.id}`} text={text} />}
              </span>
            )}
          />
        </div>
        {panelOpen && (
          <aside
            aria-label="Agents"
            className="hidden w-80 shrink-0 overflow-y-auto border-l border-line px-3 py-4 xl:block"
          >
            <h2 className="mb-2 px-2.5 text-xs font-medium text-ink-faint">Agents</h2>
            {panel}
          </aside>
        )}
        <Sheet open={sheetOpen} onOpenChange={setSheetOpen} side="right" title="Agents">
          <div className="flex min-h-14 items-center justify-between border-b border-line pr-2 pl-5">
            <h2 className="text-sm font-semibold">Agents</h2>
            <Button variant="ghost" size="icon" aria-label="Close" onClick={() => setSheetOpen(false)}>
              <X aria-hidden className="size-4" />
            </Button>
          </div>
          <div className="flex-1 overflow-y-auto p-3">{panel}</div>
        </Sheet>
      </div>
    </>
  );
}

export { ErrorPage as ErrorBoundary };
