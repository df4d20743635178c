import type { AuditAction } from '#server/admin/contract.ts';
import type { Tx } from '#server/platform/db.ts';
import { newId } from '#server/platform/ids.ts';
import type { Prisma } from '#server/platform/prisma/client.ts';

/** Who did it, and in which request; a job has neither. */
export type By = { actorId: string | null; requestId: string | null };

export type AuditEntry = By & {
  action: AuditAction;
  target: { type: string; id: string | null };
  /** What changed, and only that. */
  before?: Record<string, unknown>;
  after?: Record<string, unknown>;
};

const INSERT = `INSERT INTO admin_audit_logs (id, actor_id, action, target_type, target_id, before, after, request_id)
  VALUES ($1::uuid, $2::uuid, $3, $4, $5, $6::jsonb, $7::jsonb, $8)`;

/**
 * Notes what is done in the transaction that does it: both are there, or neither. The database chains the row to the one
 * before it and lets one transaction at a time do so; call this last.
 */
export async function recordAudit(tx: Tx | Prisma.TransactionClient, entry: AuditEntry): Promise<void> {
  const { actorId, requestId, action, target, before, after } = entry;
  const values = [newId(), actorId, action, target.type, target.id, json(before), json(after), requestId];
  if ('$executeRawUnsafe' in tx) await tx.$executeRawUnsafe(INSERT, ...values);
  else await tx.query(INSERT, values);
}

/** Credits are bigint inside and text in JSON. */
function json(value: Record<string, unknown> | undefined): string | null {
  if (value === undefined) return null;
  return JSON.stringify(value, (_key, each: unknown) => (typeof each === 'bigint' ? each.toString() : each));
}
