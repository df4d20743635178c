import type { App } from '#server/app.ts';
import { presentCheckpoint, readCheckpoint, type Checkpoint } from '#server/langgraph/checkpoint.ts';
import type { HistoryQuery, ThreadState } from '#server/langgraph/contract.ts';
import type { ThreadRow } from '#server/langgraph/find-threads.ts';
import { NODE_OF } from '#server/langgraph/node-of.ts';
import { humanOf, NOTHING, stateOf } from '#server/langgraph/present-state.ts';
import { findBeside, readInOrder, readLine, STATE_TURNS } from '#server/langgraph/read-line.ts';
import { notFound } from '#server/platform/errors.ts';
import type { Turn } from '#server/turns/contract.ts';

/** The thread's state now. */
export async function getState(app: Pick<App, 'db'>, thread: ThreadRow): Promise<ThreadState> {
  const line = await readLine(app, thread.headTurnId);
  const last = line.at(-1);
  if (!last) return nothingOf(thread);
  return stateAt(thread, line, { turnId: last.id, asked: !hasEnded(last) });
}

/** The thread's state at a checkpoint; throws `not_found` for one of another conversation. */
export async function getStateAt(app: Pick<App, 'db'>, thread: ThreadRow, id: string): Promise<ThreadState> {
  const checkpoint = readCheckpoint(id);
  if (checkpoint === 'nothing') return nothingOf(thread);
  const line = await readLine(app, checkpoint.turnId);
  const last = line.at(-1);
  if (!last || conversationOf(last) !== thread.conversation?.id) throw notFound();
  return stateAt(thread, line, checkpoint);
}

/** The thread's states, the newest first, with those of the turns that stand beside its own on other branches. */
export async function findStates(
  app: Pick<App, 'db'>,
  thread: ThreadRow,
  { limit, before }: HistoryQuery,
): Promise<ThreadState[]> {
  const line = await readLine(app, thread.headTurnId, Math.ceil(limit / 2) + STATE_TURNS);
  const shown = line.slice(-Math.ceil(limit / 2) - 1);
  const beside = await readInOrder(
    app,
    await findBeside(
      app,
      shown.map(({ id }) => id),
    ),
  );
  const turns = [...shown, ...beside].sort((a, b) => (a.id < b.id ? -1 : 1));
  const states = turns.flatMap((turn) => {
    const at = line.findIndex(({ id }) => id === turn.parentTurnId) + 1;
    const own = [...line.slice(0, at), turn].slice(-STATE_TURNS);
    const asked = stateAt(thread, own, { turnId: turn.id, asked: true });
    return hasEnded(turn) ? [asked, stateAt(thread, own, { turnId: turn.id, asked: false })] : [asked];
  });
  const all = [...(shown.length < line.length ? [] : [nothingOf(thread)]), ...states].toReversed();
  const from = before ? all.findIndex(({ checkpoint }) => checkpoint.checkpoint_id === idOf(before)) + 1 : 0;
  return all.slice(from, from + limit);
}

function idOf(before: NonNullable<HistoryQuery['before']>): string {
  if (typeof before === 'string') return before;
  return ('configurable' in before ? before.configurable.checkpoint_id : before.checkpoint_id) ?? '';
}

/** `line` ends with the checkpoint's turn. */
function stateAt(thread: ThreadRow, line: readonly Turn[], checkpoint: Exclude<Checkpoint, 'nothing'>): ThreadState {
  const turn = line.at(-1);
  if (!turn) throw notFound();
  const { asked } = checkpoint;
  const before = stateOf(line.slice(0, -1));
  const step = line.length * 2 - (asked ? 1 : 0);
  return {
    values: asked ? { ...before, messages: [...before.messages, ...humanOf(turn)] } : stateOf(line),
    next: asked ? [NODE_OF[turn.mode].first] : [],
    checkpoint: presentCheckpoint(thread.id, checkpoint),
    metadata: {
      source: 'loop',
      step,
      parents: {},
      run_id: turn.id,
      thread_id: thread.id,
      assistant_id: conversationOf(turn),
      graph_id: turn.mode,
    },
    created_at: (asked ? turn.createdAt : turn.finishedAt) ?? turn.createdAt,
    parent_checkpoint: presentCheckpoint(thread.id, parentOf(turn, asked)),
    tasks: asked || !turn.error ? [] : [failedTask(turn)],
  };
}

function parentOf(turn: Turn, asked: boolean): Checkpoint {
  if (!asked) return { turnId: turn.id, asked: true };
  return turn.parentTurnId === null ? 'nothing' : { turnId: turn.parentTurnId, asked: false };
}

function failedTask({ id, mode, error }: Turn): ThreadState['tasks'][number] {
  return { id, name: NODE_OF[mode].first, error: error?.message ?? null, interrupts: [] };
}

function nothingOf(thread: ThreadRow): ThreadState {
  return {
    values: NOTHING,
    next: [],
    checkpoint: presentCheckpoint(thread.id, 'nothing'),
    metadata: { source: 'input', step: -1, parents: {}, thread_id: thread.id },
    created_at: thread.createdAt.toISOString(),
    parent_checkpoint: null,
    tasks: [],
  };
}

export function conversationOf(turn: Turn): string {
  return turn.roomId ?? turn.directSessionId ?? '';
}

export function hasEnded({ status }: Turn): boolean {
  return status !== 'queued' && status !== 'running';
}
