import type { Pool } from 'pg';
import type { Agent } from '#server/agents/contract.ts';
import type { Tx } from '#server/platform/db.ts';
import type { TurnRow } from '#server/turns/rows.ts';

/**
 * Whom a turn can be tried with, in the room's order: its agents as they were, and the room's others as they are, muted ones
 * too. Who was taken out of the room is not among them.
 */
export async function findCandidates(
  db: Pool | Tx,
  { room_id, snapshot }: Pick<TurnRow, 'room_id' | 'snapshot'>,
): Promise<Agent[]> {
  if (room_id === null) return snapshot.roster;
  const { rows } = await db.query<Agent>(
    `SELECT id, name, model_alias AS "modelAlias", role_prompt AS "rolePrompt", tool_permissions AS "toolPermissions",
       memory_policy AS "memoryPolicy", fallback_alias AS "fallbackAlias", true AS active, position
     FROM room_agents WHERE room_id = $1 AND deleted_at IS NULL ORDER BY position, id`,
    [room_id],
  );
  const then = new Map(snapshot.roster.map((agent) => [agent.id, agent]));
  return rows.map((agent) => ({ ...(then.get(agent.id) ?? agent), position: agent.position }));
}
