import type { Tx } from '#server/platform/db.ts';
import type { Agent, ModelAlias } from '#server/agents/contract.ts';
import type { User } from '#server/auth/contract.ts';
import type { TurnMode } from '#server/turns/contract.ts';
import type { Conversation } from '#server/turns/place-in-branch.ts';
import { givenTools, type GivenTools } from '#server/tools/turn-tools.ts';
import { MODELS_BY_ALIAS, type Snapshot } from '#server/turns/snapshot.ts';

/** Everything that accepting a message depends on, read at once under the conversation's lock. */
export type Acceptance = GivenTools & {
  mode: TurnMode;
  /** Who is active, in the configured order. */
  agents: Agent[];
  /** False while an owner has web search switched off: no turn is accepted with it then. */
  webSearch: boolean;
  managerAlias: ModelAlias;
  allowedAliases: ModelAlias[];
  pricingVersionId: number;
  models: Snapshot['models'];
  branchId: string | null;
  headTurnId: string | null;
  headDepth: number | null;
  /** Turns of this user that wait, anywhere; and in this conversation. */
  queued: number;
  queuedHere: number;
  runningHere: number;
  queuedInAll: number;
  /** Turns of this user that run, and how many may; and everybody's. */
  running: number;
  mostRunning: number;
  runningInAll: number;
};

type Row = Omit<Acceptance, 'agents'> & { agents: Agent[] | null };

/** `active` is true in a snapshot: only active agents are in it. */
const ROOM = `
  SELECT coalesce(r.pending_mode, r.current_mode) AS mode,
    (SELECT json_agg(json_build_object('id', a.id, 'name', a.name, 'modelAlias', a.model_alias, 'rolePrompt', a.role_prompt,
       'toolPermissions', a.tool_permissions, 'memoryPolicy', a.memory_policy, 'fallbackAlias', a.fallback_alias,
       'active', true, 'position', a.position) ORDER BY a.position, a.id)
     FROM room_agents a WHERE a.room_id = r.id AND a.active AND a.deleted_at IS NULL) AS agents
  FROM rooms r WHERE r.id = $1`;

const DIRECT = `
  SELECT 'direct' AS mode,
    json_build_array(d.agent::jsonb || jsonb_build_object('id', d.id, 'active', true, 'position', 0)) AS agents
  FROM direct_sessions d WHERE d.id = $1`;

/** `attachedIds`: the files that the message comes with. */
export async function readAcceptance(
  tx: Tx,
  user: User,
  { kind, id }: Conversation,
  attachedIds: readonly string[],
): Promise<Acceptance> {
  const { rows } = await tx.query<Row>({
    name: `read-acceptance-${kind}`,
    text: `SELECT c.mode, c.agents, v.id AS "pricingVersionId", ${MODELS_BY_ALIAS} AS models,
       (SELECT value #>> '{}' FROM platform_settings WHERE key = 'manager_model_alias') AS "managerAlias",
       coalesce((SELECT (value->>'webSearch')::boolean FROM platform_settings WHERE key = 'features'), true) AS "webSearch",
       (SELECT p.model_aliases FROM plans p WHERE p.id = coalesce($3, 'starter')) AS "allowedAliases",
       b.id AS "branchId", b.head_turn_id AS "headTurnId", h.depth AS "headDepth",
       (SELECT count(*)::int FROM turns t WHERE t.user_id = $2 AND t.status = 'queued') AS queued,
       (SELECT count(*)::int FROM turns t WHERE t.conversation_id = $1 AND t.status = 'queued') AS "queuedHere",
       (SELECT count(*)::int FROM turns t WHERE t.conversation_id = $1 AND t.status = 'running') AS "runningHere",
       (SELECT count(*)::int FROM turns t WHERE t.status = 'queued') AS "queuedInAll",
       (SELECT count(*)::int FROM turns t WHERE t.user_id = $2 AND t.status = 'running') AS running,
       (SELECT p.concurrent_turns FROM plans p WHERE p.id = coalesce($3, 'starter')) AS "mostRunning",
       (SELECT count(*)::int FROM turns t WHERE t.status = 'running') AS "runningInAll", ${givenTools('$1', '$4')}
     FROM (${kind === 'room' ? ROOM : DIRECT}) c
     CROSS JOIN (SELECT id, metadata FROM pricing_versions WHERE effective_at <= now() ORDER BY effective_at DESC, id DESC LIMIT 1) v
     LEFT JOIN room_sessions b ON b.conversation_id = $1 AND b.active
     LEFT JOIN turns h ON h.id = b.head_turn_id`,
    values: [id, user.id, user.plan, attachedIds],
  });
  const row = rows[0];
  if (!row) throw new Error('There is no pricing version in effect.');
  const agents = row.agents ?? [];
  return { ...row, agents: row.webSearch ? agents : agents.map(withoutSearch) };
}

/** While an owner has web search switched off, no turn is accepted with it. */
export function withoutSearch(agent: Agent): Agent {
  return { ...agent, toolPermissions: { ...agent.toolPermissions, search: false } };
}
