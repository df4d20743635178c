import type { App } from '#server/app.ts';
import { nameKey } from '#server/agents/name-key.ts';
import type { User } from '#server/auth/contract.ts';
import type { ExportedTurn, RoomFile } from '#server/export/contract.ts';
import { assertModelAllowed } from '#server/models/assert-model-allowed.ts';
import { transaction, type Tx } from '#server/platform/db.ts';
import { newId } from '#server/platform/ids.ts';
import type { Room } from '#server/rooms/contract.ts';
import { getRoom } from '#server/rooms/get-room.ts';
import { storable, withoutBigints } from '#server/turns/append-events.ts';
import { messageOf } from '#server/turns/message-of.ts';
import { presentTurn } from '#server/turns/present-turn.ts';
import { MESSAGE_COLUMNS, pendingStep, STEP_COLUMNS, type StepRow, type TurnRow } from '#server/turns/rows.ts';
import { DEFAULT_CAPS } from '#server/turns/snapshot.ts';

type Seats = ReadonlyMap<string, { id: string; alias: StepRow['model_alias'] }>;

/**
 * Makes a room of a file, whole or not at all. What was said becomes its conversation, as of now: nobody is charged for it,
 * and agents remember it. Throws `model_not_allowed` when the plan lacks the model of one of its agents.
 */
export async function importRoom(
  app: Pick<App, 'db' | 'prisma'>,
  { user, file }: { user: User; file: RoomFile },
): Promise<Room> {
  const aliases = file.agents.flatMap(({ modelAlias, fallbackAlias }) => [modelAlias, fallbackAlias]);
  await assertModelAllowed(app, user, aliases);
  const roomId = newId();
  await transaction(app.db, async (tx) => {
    await tx.query('INSERT INTO rooms (id, owner_id, name, description, pending_mode) VALUES ($1, $2, $3, $4, $5)', [
      roomId,
      user.id,
      file.name,
      file.description,
      file.mode === 'manual' ? null : file.mode,
    ]);
    const seats = await seatAgents(tx, roomId, file);
    const branchId = newId();
    await tx.query('INSERT INTO room_sessions (id, conversation_id, room_id) VALUES ($1, $2, $2)', [branchId, roomId]);
    const headTurnId = await tellAgain(tx, { userId: user.id, roomId, branchId, seats, turns: file.turns });
    await tx.query('UPDATE room_sessions SET head_turn_id = $2 WHERE id = $1', [branchId, headTurnId]);
    await tx.query('UPDATE rooms SET read_at = clock_timestamp() WHERE id = $1', [roomId]);
  });
  return getRoom(app, { userId: user.id, roomId });
}

async function seatAgents(tx: Tx, roomId: string, { agents }: RoomFile): Promise<Seats> {
  const rows = agents.map((agent, position) => ({
    id: newId(),
    room_id: roomId,
    name: agent.name,
    name_key: nameKey(agent.name),
    model_alias: agent.modelAlias,
    role_prompt: agent.rolePrompt,
    tool_permissions: agent.toolPermissions,
    memory_policy: agent.memoryPolicy,
    fallback_alias: agent.fallbackAlias,
    active: agent.active,
    position,
  }));
  const columns =
    'id, room_id, name, name_key, model_alias, role_prompt, tool_permissions, memory_policy, fallback_alias, active, position';
  await tx.query(
    `INSERT INTO room_agents (${columns}) SELECT ${columns} FROM json_populate_recordset(null::room_agents, $1::json)`,
    [storable(rows)],
  );
  return new Map(rows.map(({ id, name_key, model_alias }) => [name_key, { id, alias: model_alias }]));
}

type Telling = { userId: string; roomId: string; branchId: string; seats: Seats; turns: readonly ExportedTurn[] };

/** Writes the turns as ones that are over, each with its last event, and returns the newest one’s id. */
async function tellAgain(tx: Tx, { userId, roomId, branchId, seats, turns }: Telling): Promise<string | null> {
  const { rows } = await tx.query<{ pricing: number; manager: StepRow['model_alias']; now: Date }>(
    `SELECT now(), (SELECT value #>> '{}' FROM platform_settings WHERE key = 'manager_model_alias') AS manager,
       (SELECT id FROM pricing_versions WHERE effective_at <= now() ORDER BY effective_at DESC, id DESC LIMIT 1) AS pricing`,
  );
  const [{ pricing, manager, now } = { pricing: 1, manager: 'llama' as const, now: new Date() }] = rows;
  let head: string | null = null;
  const told: Told = { turns: [], steps: [], messages: [], events: [] };
  for (const [depth, given] of turns.entries()) {
    const turn: TurnRow = {
      id: newId(),
      conversation_id: roomId,
      room_id: roomId,
      direct_session_id: null,
      branch_id: branchId,
      parent_turn_id: head,
      what_if_of: null,
      depth,
      user_id: userId,
      status: 'completed',
      mode: given.mode === 'direct' ? 'manual' : given.mode,
      queue_position: BigInt(depth + 1),
      request_hash: null,
      lease_token: null,
      attempt: 0,
      last_seq: 1,
      stop_requested_at: null,
      failed_steps: 0,
      reserved_micro_credits: 0n,
      charged_micro_credits: 0n,
      pricing_version_id: pricing,
      created_at: now,
      started_at: now,
      finished_at: now,
      snapshot: { roster: [], managerAlias: manager, models: {}, caps: DEFAULT_CAPS, fileIds: [] },
      warnings: [],
      error: null,
    };
    const steps = given.replies.map((reply, index) => {
      const seat = reply.role === 'agent' ? seats.get(nameKey(reply.agentName)) : undefined;
      return pendingStep({
        id: newId(),
        turn_id: turn.id,
        key: `import-${index}`,
        index,
        kind: reply.role,
        agent_id: seat?.id ?? null,
        agent_name: reply.agentName,
        model_alias: seat?.alias ?? manager,
        status: 'completed',
        content: reply.content,
        started_at: now,
        finished_at: now,
      });
    });
    const asked = { id: turn.id, turn_id: turn.id, index: -1, role: 'user', content: given.message, created_at: now };
    told.turns.push(turn);
    told.steps.push(...steps);
    told.messages.push(asked, ...steps.flatMap((step) => messageOf(step) ?? []));
    const data = presentTurn(turn, given.message, steps);
    told.events.push({ turn_id: turn.id, seq: 1, type: 'turn_completed', at: now, data });
    head = turn.id;
  }
  await insertTold(tx, told);
  return head;
}

type Told = { turns: TurnRow[]; steps: StepRow[]; messages: unknown[]; events: unknown[] };

const TURN_COLUMNS = `id, conversation_id, room_id, branch_id, parent_turn_id, depth, user_id, status, mode, queue_position,
  last_seq, pricing_version_id, created_at, started_at, finished_at, snapshot`;

/** `append_turn_events` writes for turns that go on; these never did. */
async function insertTold(tx: Tx, { turns, steps, messages, events }: Told): Promise<void> {
  await tx.query(
    `WITH turns AS (
       INSERT INTO turns (${TURN_COLUMNS}) SELECT ${TURN_COLUMNS} FROM json_populate_recordset(null::turns, $1::json)
     ), steps AS (
       INSERT INTO turn_steps (${STEP_COLUMNS}) SELECT ${STEP_COLUMNS} FROM json_populate_recordset(null::turn_steps, $2::json)
     ), events AS (
       INSERT INTO turn_events (turn_id, seq, type, at, data)
       SELECT turn_id, seq, type, at, data FROM json_populate_recordset(null::turn_events, $4::json)
     )
     INSERT INTO messages (${MESSAGE_COLUMNS}) SELECT ${MESSAGE_COLUMNS} FROM json_populate_recordset(null::messages, $3::json)`,
    [turns.map(withoutBigints), steps.map(withoutBigints), messages, events].map(storable),
  );
}
