import { useCallback, useMemo, useRef, useState, useTransition, type ReactNode } from 'react';
import type { Agent } from '#server/agents/contract.ts';
import type { Message, Turn } from '#server/turns/contract.ts';
import type { AgentLook } from '#app/components/agent-look.ts';
import { callApi } from '#app/components/api.ts';
import { Composer, type ComposerHandle } from '#app/components/composer.tsx';
import { DropZone } from '#app/components/files/drop-zone.tsx';
import { useFilesActions } from '#app/components/files/files-context.tsx';
import { Alert } from '#app/components/ui/alert.tsx';
import { Sheet } from '#app/components/ui/dialog.tsx';
import { onDemand } from '#app/components/ui/on-demand.tsx';
import { useAction } from '#app/components/use-action.ts';
import { useSend } from '#app/components/use-send.ts';
import { useSentElsewhere } from '#app/components/use-sent-elsewhere.ts';
import { useReload } from '#app/components/use-reload.ts';
import type { OlderTurns } from '#app/components/use-sent-history.ts';
import { PinnedMessages } from '#app/timeline/pinned-messages.tsx';
import { RunBar } from '#app/timeline/run-bar.tsx';
import { TimelineProvider, type TimelineContext } from '#app/timeline/timeline-context.ts';
import { wasNeverBegun } from '#app/timeline/reduce.ts';
import { Timeline } from '#app/timeline/timeline.tsx';
import type { TurnPage } from '#app/timeline/conversation.ts';
import { useConversation } from '#app/timeline/use-conversation.ts';

/** Not of the page's first load: few look into a step at once. */
const XraySheet = onDemand(async () => (await import('#app/components/xray/xray-sheet.tsx')).XraySheet);

const ShareDialog = onDemand(async () => (await import('#app/components/shares/share-dialog.tsx')).ShareDialog);

type ConversationViewProps = {
  conversationId: string;
  /** Where its turns are in the API, e.g. `/rooms/…/turns`. */
  turnsPath: string;
  turns: readonly Turn[];
  nextCursor: string | null;
  pinned: readonly Message[];
  /** Turns that are kept as tests; absent where none can be. */
  kept?: readonly string[];
  looks: ReadonlyMap<string, AgentLook>;
  modelNames: Readonly<Record<string, string>>;
  mentionable: readonly Agent[] | null;
  placeholder: string;
  canWrite: boolean;
  empty: ReactNode;
  /** Above the composer: what the next send changes. */
  note?: ReactNode;
  hint: (text: string, busy: boolean) => ReactNode;
};

/** A room’s or a direct chat’s conversation: timeline, what runs, composer. */
export function ConversationView(props: ConversationViewProps) {
  const { conversationId, turnsPath, turns, looks, modelNames, mentionable, placeholder, canWrite, empty, hint } =
    props;
  const reload = useReload();
  const conversation = useConversation({ turns, older: props.nextCursor }, reload);
  const { sent, current, connection, announcement, accept } = conversation;
  useSentElsewhere(conversationId, (id) => conversation.views.some(({ turn }) => turn.id === id), reload);
  const views = conversation.views.filter(({ turn }) => !wasNeverBegun(turn));
  const older = useOlder(turnsPath, conversation.older, conversation.addOlder);
  const { readyOf } = useFilesActions();
  const [xray, setXray] = useState<{ turnId: string; stepId: string } | null>(null);
  const [sharing, setSharing] = useState<string | null>(null);
  const { pending, problem, run, clear } = useAction();
  const [sentId, setSentId] = useState<string | null>(null);
  const onAccepted = (turn: Turn) => {
    accept(turn);
    setSentId(turn.id);
    reload();
  };
  const sender = useSend(turnsPath, onAccepted);
  const resender = useSend(turnsPath, onAccepted);

  const composer = useRef<ComposerHandle>(null);
  const busy = current !== null;
  const hintOf = useCallback((text: string) => hint(text, busy), [hint, busy]);
  const { send } = sender;
  const onSend = useCallback((message: string, fileIds: string[]) => send({ message, fileIds }), [send]);
  const kept = useMemo(() => (props.kept ? new Set(props.kept) : null), [props.kept]);
  const pinned = useMemo(() => new Set(props.pinned.map(({ id }) => id)), [props.pinned]);
  const conversationPath = turnsPath.replace(/\/turns$/, '');
  const waiting = views.flatMap(({ turn }) => (turn.status === 'queued' ? [turn.id] : []));

  const act = (id: string, path: string) =>
    void run(id, async () => {
      const answer = await callApi<{ turn?: Turn } | null>('POST', path);
      if (answer?.turn) accept(answer.turn);
      reload();
    });
  const stop = (turnId: string) => act(turnId, `/turns/${turnId}/stop`);
  const context = {
    looks,
    modelNames,
    pendingId: pending,
    canWrite,
    onSkip: (turnId: string, stepId: string) => act(stepId, `/turns/${turnId}/steps/${stepId}/skip`),
    onRegenerate: (turnId: string, stepId: string) => act(stepId, `/turns/${turnId}/steps/${stepId}/regenerate`),
    onCancel: (turn: Turn) => {
      stop(turn.id);
      composer.current?.giveBack(turn.message);
    },
    onBranch: (turnId: string) =>
      void run(turnId, async () => {
        await callApi('PUT', `${conversationPath}/branch`, { body: { turnId } });
        reload();
      }),
    onQuote: (text: string) => composer.current?.insert(`${text.replace(/^/gm, '> ')}\n\n`),
    onPin: (messageId: string, pin: boolean) =>
      void run(`pin-${messageId}`, async () => {
        await callApi(pin ? 'PUT' : 'DELETE', `/messages/${messageId}/pin`);
        reload();
      }),
    pinned,
    kept,
    onKeep: (turnId: string, keep: boolean) =>
      void run(`keep-${turnId}`, async () => {
        await callApi(keep ? 'PUT' : 'DELETE', `/turns/${turnId}/recording`, keep ? { body: {} } : {});
        reload();
      }),
    onShare: setSharing,
    onXray: (turnId: string, stepId: string) => setXray({ turnId, stepId }),
    onMoveUp: (turnId: string) =>
      void run(`up-${turnId}`, async () => {
        await callApi('PUT', `${conversationPath}/queue`, { body: { turnIds: movedUp(waiting, turnId) } });
        reload();
      }),
    onResend: ({ parentTurnId, files = [] }: Pick<Turn, 'parentTurnId' | 'files'>, message: string) =>
      resender.send({ message, parentTurnId, fileIds: readyOf(files.map(({ id }) => id)) }),
  };
  const refused = problem ?? resender.problem;

  return (
    <TimelineProvider value={useStable(context, waiting.join())}>
      <DropZone />
      <PinnedMessages messages={props.pinned} />
      <Timeline
        views={views}
        announcement={announcement}
        sentId={sentId}
        empty={empty}
        onOlder={older.more}
        loadingOlder={older.loading}
      />
      <div className="relative mx-auto w-full max-w-[50rem] shrink-0 px-3 pb-[max(0.75rem,env(safe-area-inset-bottom))] sm:px-6 sm:pb-5 print:hidden">
        {refused && (
          <Alert tone="danger" className="mb-2">
            <button type="button" className="text-left" onClick={refused === problem ? clear : resender.clearProblem}>
              {refused.message} <span className="underline">Dismiss</span>
            </button>
          </Alert>
        )}
        {current && (
          <div className="absolute inset-x-3 bottom-full mb-1.5 sm:inset-x-6">
            <RunBar
              view={current}
              connection={connection}
              stopping={pending === current.turn.id}
              onStop={canWrite ? () => stop(current.turn.id) : null}
            />
          </div>
        )}
        {props.note}
        {canWrite ? (
          <Composer
            ref={composer}
            sent={sent}
            older={older}
            conversationId={conversationId}
            placeholder={placeholder}
            mentionable={mentionable}
            looks={looks}
            hint={hintOf}
            busy={busy}
            sending={sender.sending}
            problem={sender.problem}
            onEdit={sender.clearProblem}
            onSend={onSend}
          />
        ) : (
          <Alert tone="warn">This account is suspended: you can read, and nothing else.</Alert>
        )}
      </div>
      {sharing !== null && (
        <ShareDialog
          conversationId={conversationId}
          title="Share this turn"
          choices={[{ path: `/turns/${sharing}`, label: 'This question and its answers' }]}
          onClose={() => setSharing(null)}
        />
      )}
      <Sheet
        open={xray !== null}
        onOpenChange={(open) => open || setXray(null)}
        side="right"
        title="X-ray"
        className="w-screen sm:w-[min(44rem,94vw)]"
      >
        {xray && (
          <XraySheet
            {...xray}
            home={conversationPath.replace('/direct-sessions/', '/direct/')}
            onClose={() => setXray(null)}
          />
        )}
      </Sheet>
    </TimelineProvider>
  );
}

function movedUp(waiting: readonly string[], turnId: string): string[] {
  const place = waiting.indexOf(turnId);
  const rest = waiting.filter((id) => id !== turnId);
  return [...rest.slice(0, Math.max(place - 1, 0)), turnId, ...rest.slice(Math.max(place - 1, 0))];
}

/** Cards are memoised, so what they are given must only change when they would look or act differently. */
function useStable(value: TimelineContext, waiting: string): TimelineContext {
  const { looks, pendingId, canWrite, modelNames, pinned, kept } = value;
  // eslint-disable-next-line react-hooks/exhaustive-deps -- the other callbacks use only what is stable for a conversation
  return useMemo(() => value, [looks, pendingId, canWrite, modelNames, pinned, kept, waiting]);
}

/** A page of older turns: few enough to be drawn without holding up a scroll. */
const OLDER_TURNS = 10;

function useOlder(turnsPath: string, cursor: string | null, addOlder: (page: TurnPage) => void): OlderTurns {
  const [fetching, setFetching] = useState(false);
  // Drawn in the pauses between frames: nobody waits for what is above the window.
  const [drawing, startDrawing] = useTransition();
  const more = useCallback(async () => {
    if (cursor === null) return;
    setFetching(true);
    try {
      const page = await callApi<{ items: Turn[]; nextCursor: string | null }>(
        'GET',
        `${turnsPath}?limit=${OLDER_TURNS}&cursor=${encodeURIComponent(cursor)}`,
      );
      startDrawing(() => addOlder({ turns: page.items, older: page.nextCursor }));
    } catch {
      // The button is still there to be pressed again.
    } finally {
      setFetching(false);
    }
  }, [cursor, turnsPath, addOlder]);
  const press = useMemo(() => (cursor === null ? null : () => void more()), [cursor, more]);
  const loading = fetching || drawing;
  return useMemo(() => ({ loading, more: press }), [loading, press]);
}
