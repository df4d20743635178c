import { createHash } from 'node:crypto';
import type { Tx } from '#server/platform/db.ts';
import { AppError } from '#server/platform/errors.ts';
import { readTurn, type TurnParts } from '#server/turns/read-turn.ts';

/** What tells one request from another that comes under the same Idempotency-Key. */
export function hashRequest(parts: unknown[]): string {
  return createHash('sha256').update(JSON.stringify(parts)).digest('hex');
}

/**
 * The turn that this request has made before, under the conversation's lock; null for a new one.
 * Throws idempotency_conflict where the key came with another request.
 */
export async function findEarlier(
  tx: Tx,
  request: { conversationId: string; idempotencyKey: string | null; requestHash: string },
): Promise<TurnParts | null> {
  if (request.idempotencyKey === null) return null;
  const { rows } = await tx.query<{ id: string }>(
    'SELECT id FROM turns WHERE conversation_id = $1 AND client_request_id = $2',
    [request.conversationId, request.idempotencyKey],
  );
  const earlier = rows[0] ? await readTurn(tx, rows[0].id) : null;
  if (!earlier || earlier.row.request_hash === request.requestHash) return earlier;
  throw new AppError('idempotency_conflict', 'This Idempotency-Key was used with another message. Use a new key.');
}
