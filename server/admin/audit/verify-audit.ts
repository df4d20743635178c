import type { App } from '#server/app.ts';

export type AuditHead = { seq: string; hash: string };
export type AuditFault = { seq: string; fault: string };
/** `head` is the newest row: kept elsewhere, it shows later that nothing was cut off the end. */
export type AuditVerdict = { rows: number; head: AuditHead | null; faults: AuditFault[] };

const GENESIS = '0'.repeat(64);
const BATCH = 5_000;

type Row = { seq: string; prev_hash: string; hash: string; computed: string };

/**
 * Walks the whole chain: every hash is recomputed, every row must follow the one before it, numbers have no gap. With
 * `expected`, a head noted earlier, that row must still be there as it was.
 */
export async function verifyAudit(
  { db }: Pick<App, 'db'>,
  { expected = null }: { expected?: AuditHead | null } = {},
): Promise<AuditVerdict> {
  const faults: AuditFault[] = [];
  let head = null as AuditHead | null;
  let count = 0;
  for (;;) {
    const { rows }: { rows: Row[] } = await db.query<Row>(
      `SELECT l.seq::text, l.prev_hash, l.hash, audit_hash(l) AS computed FROM admin_audit_logs l
       WHERE l.seq > $1 ORDER BY l.seq LIMIT ${BATCH}`,
      [head?.seq ?? '0'],
    );
    for (const row of rows) {
      const { seq, hash } = row;
      const follows = BigInt(head?.seq ?? 0) + 1n;
      if (BigInt(seq) !== follows) faults.push({ seq, fault: `row ${follows} is missing` });
      if (row.prev_hash !== (head?.hash ?? GENESIS)) faults.push({ seq, fault: 'does not follow the row before it' });
      if (hash !== row.computed) faults.push({ seq, fault: 'was changed' });
      if (expected?.seq === seq && expected.hash !== hash) faults.push({ seq, fault: 'is not the row that was noted' });
      head = { seq, hash };
      count += 1;
    }
    if (rows.length < BATCH) break;
  }
  if (expected && BigInt(expected.seq) > BigInt(head?.seq ?? 0)) {
    faults.push({ seq: expected.seq, fault: 'was noted and is gone' });
  }
  return { rows: count, head, faults };
}
