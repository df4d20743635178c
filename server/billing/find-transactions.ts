import { z } from 'zod';
import type { App } from '#server/app.ts';
import type { Transaction } from '#server/billing/contract.ts';
import { decodeCursor, encodeCursor, type Page } from '#server/http/page.ts';

const ZCursor = z.object({ seq: z.string().regex(/^\d{1,18}$/) });

type Row = {
  id: string;
  seq: bigint;
  kind: Transaction['kind'];
  micro_credits: bigint;
  available_delta: bigint;
  held_delta: bigint;
  debt_delta: bigint;
  lot_id: string | null;
  lot_kind: string | null;
  turn_id: string | null;
  note: string | null;
  created_at: Date;
};

/** A page of a user's ledger, newest first. `kinds` narrows it; absent, every row is there, so that it adds up. */
export async function findTransactions(
  { db }: Pick<App, 'db'>,
  options: { userId: string; limit: number; cursor?: string | undefined; kinds?: readonly Transaction['kind'][] },
): Promise<Page<Transaction>> {
  const after = decodeCursor(ZCursor, options.cursor);
  const { rows } = await db.query<Row>(
    `SELECT t.id, t.seq, t.kind, t.micro_credits, t.available_delta, t.held_delta, t.debt_delta, t.lot_id,
       l.kind AS lot_kind, t.turn_id, t.note, t.created_at
     FROM credit_transactions t LEFT JOIN credit_lots l ON l.id = t.lot_id
     WHERE t.user_id = $1 AND ($2::bigint IS NULL OR t.seq < $2) AND ($3::text[] IS NULL OR t.kind = ANY($3))
     ORDER BY t.seq DESC LIMIT $4`,
    [options.userId, after?.seq ?? null, options.kinds ?? null, options.limit + 1],
  );
  const page = rows.slice(0, options.limit);
  const last = page.at(-1);
  return {
    items: page.map(presentTransaction),
    nextCursor: rows.length > options.limit && last ? encodeCursor({ seq: String(last.seq) }) : null,
  };
}

function presentTransaction(row: Row): Transaction {
  return {
    id: row.id,
    kind: row.kind,
    microCredits: String(row.micro_credits),
    availableDeltaMicroCredits: String(row.available_delta),
    heldDeltaMicroCredits: String(row.held_delta),
    debtDeltaMicroCredits: String(row.debt_delta),
    lotId: row.lot_id,
    lotKind: row.lot_kind,
    turnId: row.turn_id,
    note: row.note,
    createdAt: row.created_at.toISOString(),
  };
}
