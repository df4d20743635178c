import { transaction } from '#server/platform/db.ts';
import type { Counts, PurgeApp, PurgeOptions } from '#server/retention/purge-app.ts';
import { bury } from '#server/retention/tombstones.ts';
import { RESTORE_DAYS } from '#server/rooms/contract.ts';

/**
 * Purges an agent that was taken out of its room, with its prompt, which turns that stay keep in their snapshots no longer
 * either. What it said and its name on it stay.
 */
export async function purgeAgent(
  app: Pick<PurgeApp, 'env' | 'db'>,
  agentId: string,
  { asked }: PurgeOptions,
): Promise<Counts> {
  return transaction(app.db, async (tx) => {
    const { rows } = await tx.query<{ room_id: string }>(
      `SELECT room_id FROM room_agents
       WHERE id = $1 AND (NOT $2 OR deleted_at <= now() - make_interval(days => $3)) FOR UPDATE`,
      [agentId, asked, RESTORE_DAYS],
    );
    const [agent] = rows;
    if (!agent) return {};
    await bury(app, tx, [{ id: agentId, kind: 'agent' }]);
    await tx.query(ERASE_PROMPT, [agent.room_id, agentId]);
    await tx.query(ERASE_TOLD_PROMPT, [agent.room_id, agentId]);
    await tx.query('DELETE FROM room_agents WHERE id = $1', [agentId]);
    return { agents: 1 };
  });
}

const WITHOUT_PROMPT = (roster: string) =>
  `SELECT jsonb_agg(CASE WHEN a->>'id' = $2 THEN a || '{"rolePrompt": ""}' ELSE a END ORDER BY place)
   FROM jsonb_array_elements(${roster}) WITH ORDINALITY AS r(a, place)`;

const ERASE_PROMPT = `
UPDATE turns SET snapshot = jsonb_set(snapshot, '{roster}', (${WITHOUT_PROMPT(`snapshot->'roster'`)}))
WHERE conversation_id = $1 AND finished_at IS NOT NULL AND snapshot->'roster' @> jsonb_build_array(jsonb_build_object('id', $2::text))`;

/** The last event of a turn tells its roster. */
const ERASE_TOLD_PROMPT = `
UPDATE turn_events SET data = jsonb_set(data::jsonb, '{roster}', (${WITHOUT_PROMPT(`data::jsonb->'roster'`)}))::json
WHERE type IN ('turn_completed', 'turn_failed', 'turn_cancelled')
  AND turn_id IN (SELECT id FROM turns WHERE conversation_id = $1)
  AND data::jsonb->'roster' @> jsonb_build_array(jsonb_build_object('id', $2::text))`;
