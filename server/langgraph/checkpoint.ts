import { AppError } from '#server/platform/errors.ts';
import type { ThreadState } from '#server/langgraph/contract.ts';

/**
 * A thread's states are: nothing, then for each turn what was asked and what came of it. A checkpoint's id says which: the
 * zero id, `<turn>.asked`, `<turn>`.
 */
export type Checkpoint = { turnId: string; asked: boolean } | 'nothing';

const NOTHING_ID = '00000000-0000-0000-0000-000000000000';

export function checkpointId(checkpoint: Checkpoint): string {
  if (checkpoint === 'nothing') return NOTHING_ID;
  return checkpoint.asked ? `${checkpoint.turnId}.asked` : checkpoint.turnId;
}

/** Throws `invalid_input` for what is no id of a checkpoint. */
export function readCheckpoint(id: string): Checkpoint {
  if (id === NOTHING_ID) return 'nothing';
  const [, turnId = '', asked] = /^([0-9a-f-]{36})(\.asked)?$/i.exec(id) ?? [];
  if (turnId === '') {
    const message = 'This is not the id of a checkpoint of this thread.';
    throw new AppError('invalid_input', message, { errors: [{ path: 'checkpoint_id', message }] });
  }
  return { turnId: turnId.toLowerCase(), asked: asked !== undefined };
}

export function presentCheckpoint(threadId: string, checkpoint: Checkpoint): ThreadState['checkpoint'] {
  return {
    thread_id: threadId,
    checkpoint_ns: '',
    checkpoint_id: checkpointId(checkpoint),
    checkpoint_map: null,
  };
}
