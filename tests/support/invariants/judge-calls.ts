import { createHash } from 'node:crypto';
import type { Pool } from 'pg';
import type { LogEntry } from '../model-server/log.ts';
import { findPairs } from './find-pairs.ts';

export type CallFigures = {
  /** Requests that the provider received. */
  received: number;
  rows: number;
  /** Calls that were broken off by a crash: closed as `lost`, uncharged. */
  lost: number;
  /** Of those, the ones that the provider had received: what the crashes cost us, not the user. */
  lostAfterReceived: number;
  /** Recorded calls that were made again. */
  repeated: number;
};

type CallRow = {
  id: string;
  /** Turn, step and number of the call: the same for each time that it was made. */
  call: string;
  requestId: string;
  /** Null of a first call that was lost before what it asks was written down. */
  requestHash: string | null;
  requestedModel: string;
  status: string;
  promptTokens: number;
  completionTokens: number;
  cachedTokens: number;
  burned: string;
  multiplier: string;
  from: Date;
  to: Date | null;
};

/** Clocks of two processes on one machine, and a transaction's time, which is that of its begin. */
const SLACK_MS = 250;

/**
 * I2: one usage row for each request that the provider received, priced by what it served. A row that carries the provider's
 * own id is matched by that; others (refused, broken off, lost) by what was asked, of which model and when.
 * A `lost` row may have no request: the process died between the intent and the call.
 */
export async function judgeCalls(
  db: Pool,
  log: LogEntry[],
  since: Date,
): Promise<{ violations: string[]; figures: CallFigures }> {
  const violations: string[] = [];
  const { rows } = await db.query<CallRow>(CALLS, [since]);
  const byId = Map.groupBy(rows, (row) => row.requestId);
  const entryIds = new Set(log.map((entry) => entry.id));
  const pairs: [LogEntry, CallRow][] = [];
  const unclaimed: LogEntry[] = [];
  for (const entry of log) {
    const [row, ...others] = byId.get(entry.id) ?? [];
    if (others.length > 0) violations.push(`I2 ${others.length + 1} usage rows for one request: ${entry.id}`);
    if (row) pairs.push([entry, row]);
    else unclaimed.push(entry);
  }
  const unnamed = rows.filter((row) => !entryIds.has(row.requestId));
  const known = new Set(rows.map((row) => row.requestHash));
  const found = findPairs(unclaimed, unnamed, (entry, row) => mayBe(entry, row, known));
  pairs.push(...found.pairs);
  for (const entry of found.left) {
    violations.push(
      `I2 a request without a usage row: ${entry.id}, ${entry.status} after ${entry.tokensServed} tokens`,
    );
  }
  for (const row of found.right.filter(({ status }) => status !== 'lost')) {
    violations.push(`I2 a usage row for a request that nobody received: ${row.id}, ${row.status}`);
  }
  for (const [entry, row] of pairs) violations.push(...judgePrice(entry, row));
  const repeated = [...Map.groupBy(rows, (row) => row.call).values()].filter(wasRepeated);
  return {
    violations,
    figures: {
      received: log.length,
      rows: rows.length,
      lost: rows.filter(({ status }) => status === 'lost').length,
      lostAfterReceived: pairs.filter(([, { status }]) => status === 'lost').length,
      repeated: repeated.length,
    },
  };
}

/** True when a call was made after it had been answered and the answer recorded. */
function wasRepeated(made: CallRow[]): boolean {
  const inOrder = made.toSorted((a, b) => a.from.getTime() - b.from.getTime());
  return inOrder.slice(0, -1).some(({ status }) => status === 'ok' || status === 'estimated');
}

const CALLS = `
SELECT c.id, coalesce(j.turn_id || j.step_key || ' ' || j.call_no, c.id::text) AS call, c.request_id AS "requestId", j.request_hash AS "requestHash", coalesce(j.model, c.model) AS "requestedModel",
  c.status, c.prompt_tokens AS "promptTokens", c.completion_tokens AS "completionTokens",
  c.cached_tokens AS "cachedTokens", c.credits_burned::text AS burned, c.multiplier::text AS multiplier,
  coalesce(j.started_at, c.created_at) AS from, j.finished_at AS to
FROM turns t JOIN llm_call_events c ON c.turn_id = t.id LEFT JOIN call_journal j ON j.id = c.id
WHERE t.created_at >= $1`;

function mayBe(entry: LogEntry, row: CallRow, known: Set<string | null>): boolean {
  const at = Date.parse(entry.at);
  if (entry.model.requested !== row.requestedModel || at < row.from.getTime() - SLACK_MS) return false;
  if (row.to && at > row.to.getTime() + SLACK_MS) return false;
  const hash = hashOf(entry);
  return !known.has(hash) || row.requestHash === null || hash === row.requestHash;
}

/** The journal's hash of a request in prose; a structured one has its schema in it, which the log doesn't keep. */
function hashOf(entry: LogEntry): string {
  const messages = entry.messages.map(({ role, content }) => ({ role, content }));
  return createHash('sha256')
    .update(JSON.stringify([messages, null]))
    .digest('hex');
}

/** A whole call costs what the provider counted; a broken one at most what it served; nothing served costs nothing. */
function judgePrice(entry: LogEntry, row: CallRow): string[] {
  const violations: string[] = [];
  const wrong = (what: string) =>
    violations.push(`I2 ${what}: ${entry.id}, ${entry.status}, ${JSON.stringify({ row, usage: entry.usageSent })}`);
  if (BigInt(row.burned) !== priceOf(row) && row.status !== 'lost') wrong('a price that is not the formula’s');
  if (row.status === 'ok') {
    const usage = entry.usageSent as { prompt_tokens?: number; completion_tokens?: number } | null;
    if (entry.status !== 'completed') wrong('a whole call that the provider did not finish');
    if (usage?.prompt_tokens !== row.promptTokens || usage.completion_tokens !== row.completionTokens) {
      wrong('counts that are not the provider’s');
    }
  } else if (row.completionTokens > entry.tokensServed) wrong('more tokens than were served');
  if (entry.tokensServed === 0 && entry.usageSent === null && row.burned !== '0') wrong('a charge for nothing');
  return violations;
}

/** FR-BILL-003 once more, apart from the product's own: (35·fresh + 10·cached + 100·output) × multiplier, rounded up. */
function priceOf({ promptTokens, cachedTokens, completionTokens, multiplier }: CallRow): bigint {
  const [whole = '0', part = ''] = multiplier.split('.');
  const tenThousandths = BigInt(whole + part.padEnd(4, '0').slice(0, 4));
  const billed = tenThousandths < 5_000n ? 5_000n : tenThousandths;
  const oe = BigInt(35 * (promptTokens - cachedTokens) + 10 * cachedTokens + 100 * completionTokens) * billed;
  return oe / 10_000n + (oe % 10_000n === 0n ? 0n : 1n);
}
