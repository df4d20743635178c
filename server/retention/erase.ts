import type { Pool } from 'pg';
import type { Tx } from '#server/platform/db.ts';

/** What is taken out of a turn that stays: the person's message, one reply, or what tools brought up of a file. */
export type Erased = { message: true } | { stepId: string } | { fileId: string; fileName: string };

type Json = Record<string, unknown>;

const FILE_TOOLS = ['read_file', 'search_files', 'csv_query', 'list_files'];

/**
 * Takes text out of a turn that has ended: out of its steps, its snapshot and its events. The events keep their number and
 * their order, and what deltas make is still the step's content.
 */
export async function eraseFromTurn(tx: Tx, turnId: string, erased: Erased): Promise<void> {
  const erase = (value: unknown) => walk(value, (object) => eraseObject(object, erased));
  const turn = await tx.query<{ snapshot: unknown; warnings: unknown }>(
    'SELECT snapshot, warnings FROM turns WHERE id = $1 FOR UPDATE',
    [turnId],
  );
  if (!turn.rows[0]) return;
  // A warning may quote the message.
  const warnings = 'message' in erased ? [] : turn.rows[0].warnings;
  await tx.query('UPDATE turns SET snapshot = $2, warnings = $3, request_hash = NULL WHERE id = $1', [
    turnId,
    JSON.stringify(erase(turn.rows[0].snapshot)),
    JSON.stringify(warnings),
  ]);

  const steps = await tx.query<Json & { id: string; tool_calls: unknown }>(
    'SELECT id, kind, content, instruction, data, tool_calls, citations FROM turn_steps WHERE turn_id = $1',
    [turnId],
  );
  for (const { tool_calls, ...row } of steps.rows) {
    const step = erase({ ...row, toolCalls: tool_calls }) as Json;
    await tx.query(
      `UPDATE turn_steps SET content = $2, instruction = $3, data = $4, tool_calls = $5, citations = $6 WHERE id = $1`,
      [
        row.id,
        step['content'],
        step['instruction'],
        step['data'] === null ? null : JSON.stringify(step['data']),
        JSON.stringify(step['toolCalls']),
        JSON.stringify(step['citations']),
      ],
    );
  }

  const events = await tx.query<{ seq: number; type: string; step_id: string | null; data: unknown }>(
    'SELECT seq, type, step_id, data FROM turn_events WHERE turn_id = $1 ORDER BY seq',
    [turnId],
  );
  const kinds = new Map(steps.rows.map(({ id, kind }) => [id, kind]));
  const changed = events.rows.flatMap(({ seq, type, step_id, data }) => {
    const gone =
      ('stepId' in erased && step_id === erased.stepId) ||
      ('message' in erased && step_id !== null && kinds.get(step_id) === 'manager');
    const kept = gone && type === 'step_delta' ? { text: '' } : erase(data);
    return JSON.stringify(kept) === JSON.stringify(data) ? [] : [{ seq, data: kept }];
  });
  await tx.query(
    `UPDATE turn_events e SET data = c.data FROM json_to_recordset($2::json) AS c(seq int, data json)
     WHERE e.turn_id = $1 AND e.seq = c.seq`,
    [turnId, JSON.stringify(changed)],
  );
}

/** The journal is there to go on after a crash; of turns that have ended nobody needs its replies. */
export async function forgetJournal(db: Pool | Tx, conversationId: string): Promise<void> {
  await db.query(
    `UPDATE call_journal SET response = NULL
     WHERE response IS NOT NULL
       AND turn_id IN (SELECT id FROM turns WHERE conversation_id = $1 AND finished_at IS NOT NULL)`,
    [conversationId],
  );
}

/** A copy in which `change` was asked about each object, the innermost first. */
function walk(value: unknown, change: (object: Json) => Json): unknown {
  if (Array.isArray(value)) return value.map((item) => walk(item, change));
  if (typeof value !== 'object' || value === null) return value;
  return change(Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, walk(inner, change)])));
}

/** Recognised by their shapes, which are the wire's: Turn, Step, Plan, ToolCall, Citation, the snapshot's file. */
function eraseObject(object: Json, erased: Erased): Json {
  if ('message' in erased) return eraseMessage(object);
  return 'stepId' in erased ? eraseReply(object, erased.stepId) : eraseFile(object, erased);
}

/** With the message go its restatements: the manager's plan and what it told the agents. */
function eraseMessage(object: Json): Json {
  if ('assignments' in object) return { ...object, rationale: '', assignments: [] };
  if ('toolCalls' in object) {
    return { ...object, instruction: null, ...(object['kind'] === 'manager' ? { content: '' } : {}) };
  }
  if ('roster' in object && 'steps' in object) return { ...object, message: '', warnings: [] };
  return 'mode' in object && 'message' in object ? { ...object, message: '' } : object;
}

function eraseReply(object: Json, stepId: string): Json {
  if ('toolCalls' in object && object['id'] === stepId) {
    const emptied = { data: null, citations: [] };
    const there = Object.entries(emptied).filter(([name]) => name in object);
    return { ...object, content: '', toolCalls: [], ...Object.fromEntries(there) };
  }
  if ('roster' in object && Array.isArray(object['steps']) && 'citations' in object) {
    return { ...object, citations: (object['steps'] as Json[]).flatMap((step) => step['citations'] ?? []) };
  }
  return object;
}

function eraseFile(object: Json, { fileId, fileName }: { fileId: string; fileName: string }): Json {
  if (object['kind'] === 'file' && object['fileId'] === fileId)
    return { ...object, title: 'A deleted file', quote: '' };
  if (object['id'] === fileId && 'name' in object) return { ...object, name: 'A deleted file' };
  // One call may be about several files: what it found goes as a whole.
  if (FILE_TOOLS.includes(String(object['tool'])) && 'arguments' in object) {
    const error = object['error'] as Json | undefined;
    return {
      ...object,
      arguments: {},
      summary: '',
      ...(error === undefined ? {} : { error: { ...error, message: 'It was about a file that is deleted.' } }),
    };
  }
  if ('assignments' in object && Array.isArray(object['assignments'])) {
    const assignments = (object['assignments'] as Json[]).map((assignment) =>
      Array.isArray(assignment['files'])
        ? { ...assignment, files: assignment['files'].filter((name) => !String(name).startsWith(fileName)) }
        : assignment,
    );
    return { ...object, assignments };
  }
  return object;
}
