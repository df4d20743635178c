import { createHash } from 'node:crypto';
import { v4 } from 'uuid';
import type { App } from '#server/app.ts';
import type { User } from '#server/auth/contract.ts';
import { transaction, type Tx } from '#server/platform/db.ts';
import { AppError } from '#server/platform/errors.ts';
import { newId } from '#server/platform/ids.ts';
import { storableText } from '#server/turns/append-events.ts';
import type { CreateTurn, Turn } from '#server/turns/contract.ts';
import { beginRun } from '#server/turns/claim-turn.ts';
import { insertTurn, lockConversation, type InsertedTurn } from '#server/turns/insert-turn.ts';
import type { Conversation } from '#server/turns/place-in-branch.ts';
import { planFirstSteps } from '#server/turns/plan-first-steps.ts';
import { presentTurn } from '#server/turns/present-turn.ts';
import { readAcceptance } from '#server/turns/read-acceptance.ts';
import { readTurn, type TurnParts } from '#server/turns/read-turn.ts';

export type AcceptTurn = {
  user: User;
  conversation: Conversation;
  request: CreateTurn;
  /** The client's name for this send: the same again gives the same turn. */
  idempotencyKey: string | null;
  requestId?: string;
  /** Of a conversation with several lines, the one that it goes on; the parent is then the line's to say. */
  line?: Line;
};

/** Both are called under the conversation's lock, in the transaction that takes the message on. */
export type Line = {
  /** The turn that the message follows; null for the very beginning. */
  parent: (tx: Tx) => Promise<string | null>;
  /** Notes the line's newest turn. */
  follow: (tx: Tx, turnId: string) => Promise<void>;
};

/**
 * Takes a message on: the pending mode becomes the current one, roster, models and caps are snapshotted, and the message
 * and its turn (queued) are written, in one transaction under the conversation's row. What is refused changes nothing.
 *
 * Throws no_active_agents, no_valid_tags, model_not_allowed, insufficient_credits, monthly_cap_reached, too_many_turns,
 * idempotency_conflict, not_found.
 */
export async function acceptTurn(app: Pick<App, 'db' | 'env' | 'runner'>, options: AcceptTurn): Promise<Turn> {
  const { user, conversation, request, idempotencyKey, line } = options;
  const requestHash = hashRequest(request);
  const leaseToken = app.runner.hasRoom() ? v4() : null;
  const { turn, inserted } = await transaction(app.db, async (tx) => {
    const [, earlier, given] = await Promise.all([
      lockConversation(tx, user.id, conversation),
      idempotencyKey === null ? null : findEarlier(tx, conversation.id, idempotencyKey),
      readAcceptance(tx, user, conversation),
    ]);
    if (earlier) return { turn: sameRequest(earlier, requestHash), inserted: null };
    const message = storableText(request.message);
    const turnId = newId();
    const inserting = insertTurn(tx, app, {
      turnId,
      user,
      conversation,
      given,
      mode: given.mode,
      roster: given.agents,
      message,
      fileIds: request.fileIds,
      parentTurnId: line ? await line.parent(tx) : request.parentTurnId,
      ownBranch: false,
      ...planFirstSteps(given, message, turnId),
      clientRequestId: idempotencyKey,
      requestHash,
      requestId: options.requestId,
      leaseToken,
    });
    const [turn] = await Promise.all([inserting, switchMode(tx, conversation, given.mode)]);
    await line?.follow(tx, turn.row.id);
    return { turn, inserted: turn };
  });
  if (inserted) begin(app, inserted);
  return presentTurn({ ...turn.row, ...(inserted ? WAITING : {}) }, turn.message, turn.steps);
}

/** What was accepted has waited, if only for as long as its transaction took. */
const WAITING = { status: 'queued', started_at: null } as const;

function begin(app: Pick<App, 'runner'>, { row, message, steps, queued }: InsertedTurn): void {
  if (row.lease_token === null) return app.runner.kick(row.conversation_id);
  app.runner.adopt(beginRun(row, row.lease_token, { message, elapsedMs: 0, steps, journal: [] }), queued);
}

export async function findEarlier(tx: Tx, conversationId: string, key: string): Promise<TurnParts | null> {
  const { rows } = await tx.query<{ id: string }>(
    'SELECT id FROM turns WHERE conversation_id = $1 AND client_request_id = $2',
    [conversationId, key],
  );
  return rows[0] ? readTurn(tx, rows[0].id) : null;
}

export function sameRequest(earlier: TurnParts, requestHash: string): TurnParts {
  if (earlier.row.request_hash === requestHash) return earlier;
  throw new AppError('idempotency_conflict', 'This Idempotency-Key was used with another message. Use a new key.');
}

function hashRequest({ message, fileIds, parentTurnId }: CreateTurn): string {
  return createHash('sha256')
    .update(JSON.stringify([message, fileIds, parentTurnId ?? null]))
    .digest('hex');
}

/** The pending mode takes effect with this send (FR-ROOM-005), in the same transaction. */
async function switchMode(tx: Tx, { kind, id }: Conversation, mode: string): Promise<void> {
  if (kind === 'direct') {
    const text = 'UPDATE direct_sessions SET updated_at = now() WHERE id = $1';
    await tx.query({ name: 'touch-direct-session', text, values: [id] });
  } else {
    const text = 'UPDATE rooms SET updated_at = now(), current_mode = $2, pending_mode = NULL WHERE id = $1';
    await tx.query({ name: 'switch-mode', text, values: [id, mode] });
  }
}
