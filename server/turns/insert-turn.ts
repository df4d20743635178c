import type { Agent } from '#server/agents/contract.ts';
import type { App } from '#server/app.ts';
import type { User } from '#server/auth/contract.ts';
import { assertHeld, type Hold } from '#server/billing/assert-held.ts';
import { worstCase } from '#server/billing/worst-case.ts';
import type { Tx } from '#server/platform/db.ts';
import { AppError, notFound } from '#server/platform/errors.ts';
import { readServerTools } from '#server/tool-servers/read-server-tools.ts';
import { storable, storedEvents, type NewEvent } from '#server/turns/append-events.ts';
import type { Beginning } from '#server/turns/begin-first-steps.ts';
import { turnTools } from '#server/tools/turn-tools.ts';
import type { StoredEvent } from '#server/turns/event-hub.ts';
import { LEASE_MS } from '#server/turns/lease.ts';
import type { Problem, TurnMode } from '#server/turns/contract.ts';
import { placeBeside, placeInBranch, type Conversation } from '#server/turns/place-in-branch.ts';
import type { Acceptance } from '#server/turns/read-acceptance.ts';
import type { TurnParts } from '#server/turns/read-turn.ts';
import { MESSAGE_COLUMNS, rowsAsJson, STEP_COLUMNS, type StepRow, type TurnRow } from '#server/turns/rows.ts';
import { messageOf } from '#server/turns/message-of.ts';
import { DEFAULT_CAPS, type Snapshot } from '#server/turns/snapshot.ts';

export type NewTurn = {
  turnId: string;
  user: User;
  conversation: Conversation;
  given: Acceptance;
  mode: TurnMode;
  roster: Agent[];
  message: string;
  fileIds: string[];
  /** Absent: after what was said last. */
  parentTurnId: string | null | undefined;
  /** True puts it on a branch of its own even after the head. */
  ownBranch: boolean;
  /** The turn that is tried differently: it is put beside that one, on no branch, and nothing follows it. */
  whatIfOf?: Pick<TurnRow, 'id' | 'depth' | 'parent_turn_id'>;
  /** Pending ones, and completed ones of an earlier turn that this one builds on. */
  steps: StepRow[];
  warnings: Problem[];
  clientRequestId: string | null;
  requestHash: string | null;
  requestId: string;
  /**
   * Where nothing of its conversation waits or runs: the lease of a process that would run it at once, and what it begins
   * with then. Else it waits to be claimed.
   */
  start?: { leaseToken: string; begin: (snapshot: Snapshot) => Beginning } | null;
  /** True where its mode becomes the conversation's, and the conversation's last change is now. */
  isSend?: boolean;
};

/** A turn that was written, and its first events. It runs already if it was given a lease and may start, with its beginning. */
export type InsertedTurn = TurnParts & { logged: StoredEvent[]; beginning: Beginning | null };

/**
 * Sends to one conversation follow each other, so that places in the queue and in the branch are theirs alone. Shares the
 * user's row until the message is in: whoever is being suspended has it either refused or cancelled.
 */
export async function lockConversation(tx: Tx, userId: string, { kind, id }: Conversation): Promise<void> {
  const { rows } = await tx.query<{ suspended: boolean }>({
    name: `lock-${kind}`,
    text: `SELECT u.suspended_at IS NOT NULL AS suspended
      FROM ${kind === 'room' ? 'rooms' : 'direct_sessions'} c JOIN users u ON u.id = c.owner_id
      WHERE c.id = $1 AND c.owner_id = $2 AND c.deleted_at IS NULL FOR UPDATE OF c FOR SHARE OF u`,
    values: [id, userId],
  });
  if (!rows[0]) throw notFound();
  if (rows[0].suspended) throw new AppError('suspended', 'This account is suspended: you can read and sign out.');
}

/**
 * Writes a turn with its message, steps and first event, under the conversation's lock: one that waits, or, where it is given
 * a lease and the limits allow it, one that is the lease's holder's to run.
 * `commit` is called behind the statement that does it all, or nothing, if nothing was written before it.
 * Throws too_many_turns, model_not_allowed, insufficient_credits, monthly_cap_reached.
 */
export async function insertTurn(
  tx: Tx,
  app: Pick<App, 'env'>,
  turn: NewTurn,
  commit?: () => void,
): Promise<InsertedTurn> {
  const { conversation, given } = turn;
  assertQueueHasRoom(given, app.env.limitQueuedTurns);
  assertModelsAllowed(turn);
  const place = turn.whatIfOf ? placeBeside(turn.whatIfOf) : await placeInBranch(tx, conversation, given, turn);
  const serverTools = await readServerTools(tx, { userId: turn.user.id, roster: turn.roster });
  const snapshot: Snapshot = {
    ...turnTools(given, turn.fileIds),
    ...(serverTools.length > 0 ? { serverTools } : {}),
    roster: turn.roster,
    managerAlias: given.managerAlias,
    models: given.models,
    caps: DEFAULT_CAPS,
    fileIds: turn.fileIds,
    requestId: turn.requestId,
  };
  const reserved = holdOf(turn, snapshot);
  const replies = turn.steps.flatMap((step) => (step.status === 'completed' ? (messageOf(step) ?? []) : []));
  const queued: NewEvent = {
    type: 'turn_queued',
    data: { position: placeInQueue(given, app.env.limitRunningTurns) },
  };
  const beginning = turn.start?.begin(snapshot) ?? null;
  const values = [
    turn.turnId,
    conversation.id,
    conversation.kind === 'room' ? conversation.id : null,
    conversation.kind === 'direct' ? conversation.id : null,
    place.branchId,
    place.parentTurnId,
    place.depth,
    turn.user.id,
    turn.mode,
    turn.clientRequestId,
    turn.requestHash,
    given.pricingVersionId,
    JSON.stringify(snapshot),
    JSON.stringify(turn.warnings),
    turn.message,
    rowsAsJson(turn.steps),
    rowsAsJson(replies),
    reserved.toString(),
    storable([queued]),
    turn.start?.leaseToken ?? null,
    LEASE_MS,
    app.env.limitRunningTurns,
    turn.whatIfOf?.id ?? null,
    turn.isSend ?? false,
    beginning && storable([queued, ...beginning.events]),
    beginning && rowsAsJson(beginning.steps),
    beginning && JSON.stringify(beginning.calls),
  ];
  const inserting = tx.query<Hold & TurnRow & { queued_at: Date }>({ name: 'insert-turn', text: INSERT_TURN, values });
  if (place.branchId === given.branchId) commit?.();
  const { rows } = await inserting;
  if (!rows[0]) throw new Error('The turn was not inserted.');
  const { held, passed_cap, available, debt, queued_at, ...row } = rows[0];
  assertHeld({ held, passed_cap, available, debt }, reserved);
  const begun = row.lease_token === null ? null : beginning;
  const logged = storedEvents(row.id, 0, queued_at, [queued, ...(begun?.events ?? [])]);
  return { row, message: turn.message, steps: turn.steps, logged, beginning: begun };
}

/**
 * With what is held for it, without which there is no turn and nothing changes; and with its first events, which nobody can be
 * waiting for: every later one is append_turn_events'. Where it may start, with what it begins with.
 */
const INSERT_TURN = `
WITH hold AS (
  SELECT * FROM hold_if_covered($8, $1, $18)
), may AS (
  SELECT CASE WHEN $20::uuid IS NULL THEN false ELSE turn_may_start($8, $22) END AS run, clock_timestamp() AS at
  FROM hold WHERE held
), turn AS (
  INSERT INTO turns (id, conversation_id, room_id, direct_session_id, branch_id, parent_turn_id, depth, user_id,
    mode, queue_position, client_request_id, request_hash, pricing_version_id, snapshot, warnings,
    reserved_micro_credits, last_seq,
    status, lease_token, lease_until, attempt, started_at, what_if_of)
  SELECT $1, $2, $3, $4, $5, $6, $7, $8, $9,
    (SELECT coalesce(max(queue_position), 0) + 1 FROM turns WHERE conversation_id = $2 AND status IN ('queued', 'running')),
    $10, $11, $12, $13::jsonb, $14::jsonb, $18::bigint,
    CASE WHEN may.run THEN json_array_length($25::json) ELSE 1 END,
    CASE WHEN may.run THEN 'running' ELSE 'queued' END, CASE WHEN may.run THEN $20::uuid END,
    CASE WHEN may.run THEN now() + $21::int * interval '1 millisecond' END, may.run::int,
    CASE WHEN may.run THEN now() END, $23::uuid
  FROM may
  RETURNING *
), events AS (
  INSERT INTO turn_events (turn_id, seq, type, step_id, at, data)
  SELECT $1, e.place, e.type, e.step_id, may.at, e.data
  FROM may, ROWS FROM (
    json_to_recordset(CASE WHEN may.run THEN $25::json ELSE $19::json END) AS (type text, "stepId" uuid, data json)
  ) WITH ORDINALITY AS e(type, step_id, data, place)
), head AS (
  UPDATE room_sessions b SET head_turn_id = turn.id FROM turn WHERE b.id = turn.branch_id
), message AS (
  INSERT INTO messages (id, turn_id, index, role, content) SELECT turn.id, turn.id, -1, 'user', $15 FROM turn
), steps AS (
  INSERT INTO turn_steps (${STEP_COLUMNS})
  SELECT ${STEP_COLUMNS}
  FROM may, json_populate_recordset(null::turn_steps, CASE WHEN may.run THEN $26::json ELSE $16::json END)
), calls AS (
  INSERT INTO call_journal (id, turn_id, step_key, call_no, attempt, kind, model, status)
  SELECT id, turn_id, step_key, call_no, attempt, kind, model, status
  FROM may, json_populate_recordset(null::call_journal, $27::json) WHERE may.run
), replies AS (
  INSERT INTO messages (${MESSAGE_COLUMNS})
  SELECT ${MESSAGE_COLUMNS} FROM json_populate_recordset(null::messages, $17::json) WHERE EXISTS (SELECT FROM turn)
), room AS (
  UPDATE rooms r SET updated_at = now(), current_mode = turn.mode, pending_mode = NULL FROM turn WHERE r.id = turn.room_id AND $24
), direct AS (
  UPDATE direct_sessions d SET updated_at = now() FROM turn WHERE d.id = turn.direct_session_id AND $24
)
SELECT hold.*, turn.*, may.at::timestamptz(3) AS queued_at FROM hold LEFT JOIN turn ON true LEFT JOIN may ON true`;

/** The worst case or the turn's credit cap, whichever is less. */
export function holdOf(
  {
    mode,
    roster,
    steps,
    message,
    parentTurnId,
    given,
  }: Pick<NewTurn, 'mode' | 'roster' | 'steps' | 'message' | 'parentTurnId' | 'given'>,
  snapshot: Snapshot,
): bigint {
  const pending = new Set(steps.filter((step) => step.status === 'pending').map((step) => step.agent_id));
  const agents = mode === 'orchestrator' ? roster : roster.filter((agent) => pending.has(agent.id));
  const parent = parentTurnId === undefined ? given.headTurnId : parentTurnId;
  const most = worstCase({ mode, agents, snapshot, message, hasHistory: parent !== null });
  const cap = BigInt(snapshot.caps.microCredits);
  return most < cap ? most : cap;
}

/** How many turns start before this one: of its conversation, or of all that wait for the same limit. */
function placeInQueue(given: Acceptance, mostInAll: number): number {
  return Math.max(
    given.queuedHere,
    given.running >= given.mostRunning ? given.queued : 0,
    given.runningInAll >= mostInAll ? given.queuedInAll : 0,
  );
}

function assertQueueHasRoom(given: Acceptance, limit: number): void {
  if (given.queued < limit) return;
  throw new AppError('too_many_turns', `${limit} of your messages are waiting already. Wait for some to be answered.`, {
    retryAfter: 10,
  });
}

/** Whoever may speak in this turn needs a model that the plan includes; the manager's is the platform's choice. */
export function assertModelsAllowed({
  given,
  mode,
  roster,
  steps,
}: Pick<NewTurn, 'given' | 'mode' | 'roster' | 'steps'>): void {
  const allowed = new Set<string>(given.allowedAliases);
  const speaking =
    mode === 'orchestrator' ? roster : roster.filter((agent) => steps.some((step) => step.agent_id === agent.id));
  for (const agent of speaking) {
    const refused = [agent.modelAlias, agent.fallbackAlias].find((alias) => alias !== null && !allowed.has(alias));
    if (refused === undefined) continue;
    throw new AppError(
      'model_not_allowed',
      `${agent.name} uses the model “${refused}”, which your plan does not include. Choose another model for it, or upgrade.`,
    );
  }
}
