import type { App } from '#server/app.ts';
import type { User } from '#server/auth/contract.ts';
import { transaction } from '#server/platform/db.ts';
import { newId } from '#server/platform/ids.ts';
import type { Turn } from '#server/turns/contract.ts';
import { findEarlier, hashRequest } from '#server/turns/find-earlier.ts';
import { insertTurn, lockConversation } from '#server/turns/insert-turn.ts';
import { planFirstSteps } from '#server/turns/plan-first-steps.ts';
import { presentTurn } from '#server/turns/present-turn.ts';
import type { WhatIf } from '#server/what-ifs/contract.ts';
import { varyTurn } from '#server/what-ifs/vary-turn.ts';

type TryWhatIf = {
  user: User;
  /** The turn and where it is, already the caller's. */
  turn: { id: string; conversationId: string; roomId: string | null };
  wanted: WhatIf;
  idempotencyKey: string | null;
  requestId: string;
};

/**
 * Takes a what-if on: a turn like any other in what it costs, waits for and can be stopped by, with the message and the
 * past of its original, and on no branch. The conversation is as before: its mode, its order, its branches.
 * Throws what varyTurn throws, and what a send does.
 */
export async function tryWhatIf(app: Pick<App, 'db' | 'env' | 'runner'>, options: TryWhatIf): Promise<Turn> {
  const { user, turn, wanted, idempotencyKey } = options;
  const requestHash = hashRequest(['what-if', turn.id, wanted]);
  const place = { kind: turn.roomId === null ? ('direct' as const) : ('room' as const), id: turn.conversationId };
  const { accepted, fresh } = await transaction(app.db, async (tx) => {
    await lockConversation(tx, user.id, place);
    const earlier = await findEarlier(tx, { conversationId: place.id, idempotencyKey, requestHash });
    if (earlier) return { accepted: earlier, fresh: false };
    const { source, conversation, given } = await varyTurn(tx, user, turn.id, wanted);
    const turnId = newId();
    const accepted = await insertTurn(tx, app, {
      turnId,
      user,
      conversation,
      given,
      mode: given.mode,
      roster: given.agents,
      message: source.message,
      fileIds: source.row.snapshot.fileIds,
      parentTurnId: source.row.parent_turn_id,
      ownBranch: true,
      whatIfOf: source.row,
      ...planFirstSteps(given, source.message, turnId),
      clientRequestId: idempotencyKey,
      requestHash,
      requestId: options.requestId,
    });
    return { accepted, fresh: true };
  });
  if (fresh) app.runner.kick(place.id);
  return presentTurn(accepted.row, accepted.message, accepted.steps);
}
