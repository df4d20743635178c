import type { Pool } from 'pg';
import type { Client } from './client.ts';
import { judgeCalls, type CallFigures } from './invariants/judge-calls.ts';
import { judgeReaders } from './invariants/judge-readers.ts';
import { findBrokenRules } from './invariants/rules.ts';
import type { LogEntry } from './model-server/log.ts';

export type InvariantOptions = {
  db: Pool;
  /** The scripted model server's own log, once it serves nobody any more. It judges what was called and served. */
  modelServerLog: readonly LogEntry[];
  /** Only turns accepted, and requests received, from then on. */
  since?: Date;
  /** One client per process: each must show the same of every turn. Left out, the database alone is judged. */
  readers?: Client[];
};

export type InvariantReport = {
  /** Each begins with the invariant's id. Empty: everything holds. */
  violations: string[];
  turns: number;
  /** How often another process, or a restarted one, went on with a turn. */
  resumed: number;
  calls: CallFigures;
};

/**
 * Judges I1 to I5 of docs/reliability.md by the database, the model server's log and, with `readers`, the wire. For any test
 * at any time when things are quiet: after a kill, a restart, a failing provider, or nothing at all.
 */
export async function checkInvariants(options: InvariantOptions): Promise<InvariantReport> {
  const { db, readers = [] } = options;
  const since = options.since ?? new Date(0);
  const log = options.modelServerLog.filter((entry) => Date.parse(entry.at) >= since.getTime());
  const { rows: turns } = await db.query<{ id: string; attempt: number }>(
    'SELECT id, attempt FROM turns WHERE created_at >= $1 ORDER BY created_at',
    [since],
  );
  const [broken, calls, misread] = await Promise.all([
    findBrokenRules(db, since),
    judgeCalls(db, log, since),
    judgeReaders(
      readers,
      turns.map((turn) => turn.id),
    ),
  ]);
  return {
    violations: [...broken, ...calls.violations, ...misread],
    turns: turns.length,
    resumed: turns.reduce((sum, turn) => sum + Math.max(0, turn.attempt - 1), 0),
    calls: calls.figures,
  };
}
