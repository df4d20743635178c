import type { App } from '#server/app.ts';
import { LEDGER_CHECKS } from '#server/billing/ledger-checks.ts';
import { transaction } from '#server/platform/db.ts';

/** One balance or charge that is not what its rows make it. */
export type Drift = { check: string; subject: string; expected: string; found: string };

export type LedgerReport = { drifts: Drift[]; users: number; transactions: number; calls: number };

/** A broken ledger could fill a disk with its report. */
const MAX_DRIFTS = 1_000;

/**
 * Recomputes every wallet, lot, hold and charge from the append-only rows, as a stranger could, in one snapshot of the
 * database: turns may go on meanwhile. Returns what doesn't add up.
 */
export async function verifyLedger({ db }: Pick<App, 'db'>): Promise<LedgerReport> {
  return transaction(db, async (tx) => {
    await tx.query('SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY');
    const drifts: Drift[] = [];
    for (const [check, sql] of Object.entries(LEDGER_CHECKS)) {
      const { rows } = await tx.query<Omit<Drift, 'check'>>(
        `SELECT subject::text, coalesce(expected::text, 'nothing') AS expected, coalesce(found::text, 'nothing') AS found
         FROM (${sql}) AS checked LIMIT ${MAX_DRIFTS}`,
      );
      drifts.push(...rows.map((row) => ({ check, ...row })));
    }
    const { rows } = await tx.query<Omit<LedgerReport, 'drifts'>>(
      `SELECT (SELECT count(*)::int FROM credit_wallets) AS users,
         (SELECT count(*)::int FROM credit_transactions) AS transactions,
         (SELECT count(*)::int FROM llm_call_events) AS calls`,
    );
    return { drifts, ...(rows[0] ?? { users: 0, transactions: 0, calls: 0 }) };
  });
}
