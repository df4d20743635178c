import type { App } from '#server/app.ts';
import type { SearchThreads, State, Thread } from '#server/langgraph/contract.ts';
import { notFound } from '#server/platform/errors.ts';
import type { TurnMode, TurnStatus } from '#server/turns/contract.ts';
import type { Conversation } from '#server/turns/place-in-branch.ts';

/** A conversation's own thread, or a line of one that a program began. */
export type ThreadRow = {
  id: string;
  /** Null until the first run says whom it is for. */
  conversation: Conversation | null;
  /** True for the thread that is the conversation itself: its active branch, whoever writes on it. */
  own: boolean;
  mode: TurnMode | null;
  headTurnId: string | null;
  headStatus: TurnStatus | null;
  metadata: Record<string, unknown>;
  createdAt: Date;
  updatedAt: Date;
};

/** Everything that the caller may name as a thread; other people's and deleted ones are not in it. */
const MINE = `
SELECT r.id, 'room' AS kind, r.id AS conversation_id, true AS own, coalesce(r.pending_mode, r.current_mode) AS mode,
  b.head_turn_id, jsonb_build_object('name', r.name) AS metadata, r.created_at, r.updated_at
FROM rooms r LEFT JOIN room_sessions b ON b.conversation_id = r.id AND b.active
WHERE r.owner_id = $1 AND r.deleted_at IS NULL
UNION ALL
SELECT d.id, 'direct', d.id, true, 'direct', b.head_turn_id, jsonb_build_object('name', d.title), d.created_at, d.updated_at
FROM direct_sessions d LEFT JOIN room_sessions b ON b.conversation_id = d.id AND b.active
WHERE d.owner_id = $1 AND d.deleted_at IS NULL
UNION ALL
SELECT t.id, CASE WHEN t.room_id IS NOT NULL THEN 'room' WHEN t.direct_session_id IS NOT NULL THEN 'direct' END,
  coalesce(t.room_id, t.direct_session_id), false,
  CASE WHEN t.room_id IS NOT NULL THEN coalesce(r.pending_mode, r.current_mode)
       WHEN t.direct_session_id IS NOT NULL THEN 'direct' END,
  t.head_turn_id, t.metadata, t.created_at, t.updated_at
FROM langgraph_threads t
LEFT JOIN rooms r ON r.id = t.room_id
LEFT JOIN direct_sessions d ON d.id = t.direct_session_id
WHERE t.user_id = $1 AND r.deleted_at IS NULL AND d.deleted_at IS NULL`;

const FOUND = `
SELECT th.id, th.kind, th.conversation_id, th.own, th.mode, th.head_turn_id, th.created_at, th.updated_at,
  h.status AS head_status,
  th.metadata || CASE WHEN th.conversation_id IS NULL THEN '{}'
    ELSE jsonb_build_object('assistant_id', th.conversation_id, 'graph_id', th.mode) END AS metadata
FROM (${MINE}) th LEFT JOIN turns h ON h.id = th.head_turn_id`;

type Row = {
  id: string;
  kind: Conversation['kind'] | null;
  conversation_id: string | null;
  own: boolean;
  mode: TurnMode | null;
  head_turn_id: string | null;
  head_status: TurnStatus | null;
  metadata: Record<string, unknown>;
  created_at: Date;
  updated_at: Date;
};

const STATUSES: Record<Thread['status'], TurnStatus[]> = {
  busy: ['queued', 'running'],
  error: ['failed'],
  idle: ['completed', 'cancelled'],
  interrupted: [],
};

const ORDER = {
  thread_id: 'f.id',
  status: 'f.head_status',
  created_at: 'f.created_at',
  updated_at: 'f.updated_at',
  state_updated_at: 'f.updated_at',
};

/** The caller's threads, the last changed first unless asked otherwise. */
export async function findThreads(
  { db }: Pick<App, 'db'>,
  { userId, search }: { userId: string; search: SearchThreads },
): Promise<ThreadRow[]> {
  const { ids, metadata, status, limit, offset } = search;
  const direction = search.sort_order === 'asc' ? 'ASC' : 'DESC';
  const { rows } = await db.query<Row>(
    `SELECT * FROM (${FOUND}) f
     WHERE ($2::text[] IS NULL OR f.id::text = ANY($2)) AND f.metadata @> $3::jsonb
       AND ($4::text[] IS NULL OR f.head_status = ANY($4) OR ($5 AND f.head_status IS NULL))
     ORDER BY ${ORDER[search.sort_by ?? 'updated_at']} ${direction}, f.id ${direction} LIMIT $6 OFFSET $7`,
    [
      userId,
      ids ?? null,
      JSON.stringify(metadata ?? {}),
      status ? STATUSES[status] : null,
      status === 'idle',
      limit,
      offset,
    ],
  );
  return rows.map(fromRow);
}

/** The caller's thread of this id; throws `not_found`. */
export async function getThread({ db }: Pick<App, 'db'>, userId: string, threadId: string): Promise<ThreadRow> {
  const { rows } = await db.query<Row>(`SELECT * FROM (${FOUND}) f WHERE f.id::text = $2`, [
    userId,
    threadId.toLowerCase(),
  ]);
  if (!rows[0]) throw notFound();
  return fromRow(rows[0]);
}

function fromRow(row: Row): ThreadRow {
  const { kind, conversation_id: id } = row;
  return {
    id: row.id,
    conversation: kind === null || id === null ? null : { kind, id },
    own: row.own,
    mode: row.mode,
    headTurnId: row.head_turn_id,
    headStatus: row.head_status,
    metadata: row.metadata,
    createdAt: row.created_at,
    updatedAt: row.updated_at,
  };
}

/** A thread as LangGraph shows it. */
export function presentThread(thread: ThreadRow, values: State | null): Thread {
  return {
    thread_id: thread.id,
    created_at: thread.createdAt.toISOString(),
    updated_at: thread.updatedAt.toISOString(),
    state_updated_at: thread.updatedAt.toISOString(),
    metadata: thread.metadata,
    status: statusOf(thread.headStatus),
    values,
    interrupts: {},
    config: {},
  };
}

function statusOf(head: TurnStatus | null): Thread['status'] {
  if (head === 'queued' || head === 'running') return 'busy';
  return head === 'failed' ? 'error' : 'idle';
}
