import type { Tx } from '#server/platform/db.ts';
import { newId } from '#server/platform/ids.ts';
import type { FileAccess } from '#server/tools/outcome.ts';

export type ToolCallRow = {
  /** The journal's: one call has one row, and is charged once. */
  id: string;
  userId: string;
  turnId: string;
  stepId: string;
  agentId: string | null;
  tool: string;
  status: 'completed' | 'failed' | 'denied';
  units: number;
  microCredits: bigint;
  pricingVersion: number;
  latencyMs: number;
  access: FileAccess[];
};

/** Records what a tool's call was, what it read and what it cost (FR-TOOL-007). Returns what is left of the turn's hold. */
export async function saveToolCall(tx: Tx, call: ToolCallRow): Promise<bigint | null> {
  const { rowCount } = await tx.query(
    `INSERT INTO tool_call_events (id, user_id, turn_id, step_id, agent_id, tool, status, units, credits_burned, pricing_version, latency_ms)
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11) ON CONFLICT (id) DO NOTHING`,
    [
      call.id,
      call.userId,
      call.turnId,
      call.stepId,
      call.agentId,
      call.tool,
      call.status,
      call.units,
      call.microCredits.toString(),
      call.pricingVersion,
      call.latencyMs,
    ],
  );
  if (rowCount === 0) return null;
  const access = call.access.map((entry) => ({ ...entry, id: newId() }));
  await tx.query(
    `INSERT INTO file_access_events (id, user_id, file_id, turn_id, step_id, agent_id, action, pages, allowed)
     SELECT a.id, $2, a."fileId", $3, $4, $5, a.action, a.pages, a.allowed
     FROM jsonb_to_recordset($1::jsonb) AS a(id uuid, "fileId" uuid, action text, pages jsonb, allowed boolean)`,
    [JSON.stringify(access), call.userId, call.turnId, call.stepId, call.agentId],
  );
  if (call.microCredits === 0n) return null;
  const { rows } = await tx.query<{ reserved_micro_credits: bigint }>(
    `UPDATE turns SET charged_micro_credits = charged_micro_credits + $4::bigint,
       reserved_micro_credits = charge_call($1, $2, $3, $4::bigint)
     WHERE id = $2 RETURNING reserved_micro_credits`,
    [call.userId, call.turnId, call.id, call.microCredits.toString()],
  );
  return rows[0]?.reserved_micro_credits ?? null;
}
