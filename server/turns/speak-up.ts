import type { App } from '#server/app.ts';
import type { User } from '#server/auth/contract.ts';
import { transaction, type Tx } from '#server/platform/db.ts';
import { AppError } from '#server/platform/errors.ts';
import { newId } from '#server/platform/ids.ts';
import type { Turn } from '#server/turns/contract.ts';
import { insertTurn, lockConversation } from '#server/turns/insert-turn.ts';
import { putFirst } from '#server/turns/order-queue.ts';
import { planFirstSteps } from '#server/turns/plan-first-steps.ts';
import { presentTurn } from '#server/turns/present-turn.ts';
import { readAcceptance } from '#server/turns/read-acceptance.ts';

/**
 * Asks an agent to speak next: a turn of its own, in manual mode, that starts as soon as the running one has ended and before
 * all that wait. The room's mode stays. The agent must be one of the room's, and the room the caller's.
 *
 * Throws conflict for a muted agent and for one that speaks in the running turn yet, and what a send does.
 */
export async function speakUp(
  app: Pick<App, 'db' | 'env' | 'runner'>,
  { user, roomId, agentId, requestId }: { user: User; roomId: string; agentId: string; requestId: string },
): Promise<Turn> {
  const conversation = { kind: 'room', id: roomId } as const;
  const turnId = newId();
  const accepted = await transaction(app.db, async (tx) => {
    await lockConversation(tx, user.id, conversation);
    const given = { ...(await readAcceptance(tx, user, conversation, [])), mode: 'manual' as const, queuedHere: 0 };
    const agent = given.agents.find(({ id }) => id === agentId);
    if (!agent) throw new AppError('conflict', 'This agent is muted. Switch it on first.');
    await assertHasSpoken(tx, roomId, agent);
    const message = `@"${agent.name}" what do you say to this?`;
    const turn = await insertTurn(tx, app, {
      turnId,
      user,
      conversation,
      given,
      mode: given.mode,
      roster: given.agents,
      message,
      fileIds: [],
      parentTurnId: undefined,
      ownBranch: false,
      ...planFirstSteps(given, message, turnId),
      clientRequestId: null,
      requestHash: null,
      requestId,
    });
    const place = await putFirst(tx, roomId, turnId);
    return { ...turn, row: { ...turn.row, ...place } };
  });
  app.runner.kick(roomId);
  return presentTurn(accepted.row, accepted.message, accepted.steps);
}

/** Its own place in the running turn comes before any turn that could be put after that one. */
async function assertHasSpoken(tx: Tx, roomId: string, { id, name }: { id: string; name: string }): Promise<void> {
  const { rows } = await tx.query<{ status: string }>(
    `SELECT s.status FROM turns t JOIN turn_steps s ON s.turn_id = t.id
     WHERE t.conversation_id = $1 AND t.status = 'running' AND t.what_if_of IS NULL
       AND s.agent_id = $2 AND s.status IN ('pending', 'running')
     ORDER BY s.status DESC LIMIT 1`,
    [roomId, id],
  );
  if (rows[0]?.status === 'running') throw new AppError('conflict', `${name} is speaking.`);
  if (rows[0]) {
    throw new AppError('conflict', `${name} speaks in this turn yet. To hear it sooner, skip who comes before it.`);
  }
}
