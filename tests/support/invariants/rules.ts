import type { Pool } from 'pg';

/** A promise as SQL that finds what breaks it; `$1` is the time from which turns are looked at. */
type Rule = { promise: string; broken: string };

const TURNS = 'SELECT * FROM turns WHERE created_at >= $1';

const RULES: Rule[] = [
  {
    promise: 'I1 no turn is left waiting or running',
    broken: `SELECT id, status FROM (${TURNS}) t WHERE status IN ('queued', 'running')`,
  },
  {
    promise: 'I1 no step of a settled turn is left waiting or running',
    broken: `SELECT t.id, s.key, s.status FROM (${TURNS}) t JOIN turn_steps s ON s.turn_id = t.id
      WHERE t.status NOT IN ('queued', 'running') AND s.status IN ('pending', 'running')`,
  },
  {
    promise: 'I2 every call that was begun has an outcome',
    broken: `SELECT t.id, j.step_key, j.status FROM (${TURNS}) t JOIN call_journal j ON j.turn_id = t.id
      WHERE t.status NOT IN ('queued', 'running') AND j.status = 'intent'`,
  },
  {
    promise: 'I2 a usage row belongs to a call of the journal, and each call that answered has one',
    broken: `SELECT t.id, j.step_key, j.status, c.id AS usage FROM (${TURNS}) t
      JOIN (SELECT turn_id, id FROM llm_call_events UNION SELECT turn_id, id FROM call_journal WHERE kind = 'model') a
        ON a.turn_id = t.id
      LEFT JOIN call_journal j ON j.id = a.id LEFT JOIN llm_call_events c ON c.id = a.id
      WHERE j.id IS NULL OR (c.id IS NULL AND j.status IN ('ok', 'lost'))`,
  },
  {
    promise: 'I2 a call is charged exactly what its usage row says, a lost one nothing',
    broken: `SELECT c.id, c.status, c.credits_burned, paid.sum FROM (${TURNS}) t
      JOIN llm_call_events c ON c.turn_id = t.id
      LEFT JOIN LATERAL (SELECT coalesce(sum(debt_delta - held_delta), 0) AS sum FROM credit_transactions x
        WHERE x.call_id = c.id AND x.kind IN ('charge', 'debt')) paid ON true
      WHERE paid.sum <> c.credits_burned OR (c.status = 'lost' AND c.credits_burned <> 0)`,
  },
  {
    promise: 'I2 a turn is charged the sum of its calls and tools',
    broken: `SELECT t.id, t.charged_micro_credits FROM (${TURNS}) t WHERE t.charged_micro_credits <>
      (SELECT coalesce(sum(credits_burned), 0) FROM llm_call_events c WHERE c.turn_id = t.id) +
      (SELECT coalesce(sum(credits_burned), 0) FROM tool_call_events c WHERE c.turn_id = t.id)`,
  },
  {
    promise: 'I3 a wallet is the sum of its ledger',
    broken: `SELECT w.user_id FROM credit_wallets w JOIN LATERAL (SELECT coalesce(sum(available_delta), 0) AS available,
        coalesce(sum(held_delta), 0) AS held, coalesce(sum(debt_delta), 0) AS debt
        FROM credit_transactions x WHERE x.user_id = w.user_id) l ON true
      WHERE (w.available_micro_credits, w.held_micro_credits, w.debt_micro_credits)
        IS DISTINCT FROM (l.available, l.held, l.debt) AND $1::timestamptz IS NOT NULL`,
  },
  {
    promise: 'I3 a lot is the sum of its ledger',
    broken: `SELECT c.id FROM credit_lots c JOIN LATERAL (SELECT coalesce(sum(available_delta), 0) AS available,
        coalesce(sum(held_delta), 0) AS held FROM credit_transactions x WHERE x.lot_id = c.id) l ON true
      WHERE (c.available_micro_credits, c.held_micro_credits) IS DISTINCT FROM (l.available, l.held)
        AND $1::timestamptz IS NOT NULL`,
  },
  {
    promise: 'I3 a hold is the sum of its ledger',
    broken: `SELECT h.turn_id, h.lot_id FROM credit_holds h JOIN LATERAL (SELECT coalesce(sum(held_delta), 0) AS held
        FROM credit_transactions x WHERE x.turn_id = h.turn_id AND x.lot_id = h.lot_id) l ON true
      WHERE h.held_micro_credits <> l.held AND $1::timestamptz IS NOT NULL`,
  },
  {
    promise: 'I3 nothing is below zero, and what wallets hold is what turns hold',
    broken: `SELECT w.user_id FROM credit_wallets w
      WHERE (least(w.available_micro_credits, w.held_micro_credits, w.debt_micro_credits) < 0
        OR w.held_micro_credits <> (SELECT coalesce(sum(held_micro_credits), 0) FROM credit_holds h
          WHERE h.user_id = w.user_id)) AND $1::timestamptz IS NOT NULL`,
  },
  {
    promise: 'I3 a settled turn holds nothing',
    broken: `SELECT t.id, t.reserved_micro_credits, h.held_micro_credits FROM (${TURNS}) t
      LEFT JOIN credit_holds h ON h.turn_id = t.id AND h.held_micro_credits <> 0
      WHERE t.status NOT IN ('queued', 'running') AND (t.reserved_micro_credits <> 0 OR h.turn_id IS NOT NULL)`,
  },
  {
    promise: 'I4 events are numbered 1 to n without a gap, and n is the turn’s last',
    broken: `SELECT t.id, t.last_seq, e.n, e.least, e.most FROM (${TURNS}) t LEFT JOIN LATERAL (
        SELECT count(*) AS n, min(seq) AS least, max(seq) AS most FROM turn_events e WHERE e.turn_id = t.id) e ON true
      WHERE e.least IS DISTINCT FROM 1 OR e.n <> e.most OR e.most <> t.last_seq`,
  },
  {
    promise: 'I4 exactly one terminal event, the last, of the turn’s status',
    broken: `SELECT t.id, t.status, e.seqs FROM (${TURNS}) t LEFT JOIN LATERAL (
        SELECT array_agg(seq ORDER BY seq) AS seqs, max(type) AS type, max(data->>'status') AS status FROM turn_events e
        WHERE e.turn_id = t.id AND type IN ('turn_completed', 'turn_failed', 'turn_cancelled')) e ON true
      WHERE t.status NOT IN ('queued', 'running')
        AND (e.seqs, e.type, e.status) IS DISTINCT FROM (ARRAY[t.last_seq], 'turn_' || t.status, t.status)`,
  },
  {
    promise: 'I4 a step’s deltas after its last start are its content',
    broken: `SELECT t.id, s.key, s.content, d.text FROM (${TURNS}) t JOIN turn_steps s ON s.turn_id = t.id
      JOIN LATERAL (SELECT coalesce(string_agg(e.data->>'text', '' ORDER BY e.seq), '') AS text FROM turn_events e
        WHERE e.turn_id = t.id AND e.step_id = s.id AND e.type = 'step_delta' AND e.seq > (
          SELECT coalesce(max(b.seq), 0) FROM turn_events b
          WHERE b.turn_id = t.id AND b.step_id = s.id AND b.type = 'step_started')) d ON true
      WHERE t.status NOT IN ('queued', 'running') AND d.text <> s.content`,
  },
  {
    promise: 'I4 each step ends once, and that event tells what is recorded',
    broken: `SELECT t.id, s.key, s.status, e.ends FROM (${TURNS}) t JOIN turn_steps s ON s.turn_id = t.id
      JOIN LATERAL (SELECT count(*) AS ends, max(type) AS type, max(data->>'content') AS content,
          max(data->>'status') AS status, max(data->'usage'->>'chargedMicroCredits') AS charged FROM turn_events e
        WHERE e.turn_id = t.id AND e.step_id = s.id
          AND e.type IN ('step_completed', 'step_failed', 'step_skipped', 'step_cancelled')) e ON true
      WHERE t.status NOT IN ('queued', 'running') AND t.started_at IS NOT NULL
        AND (e.ends, e.type, e.content, e.status, e.charged)
          IS DISTINCT FROM (1, 'step_' || s.status, s.content, s.status, s.charged_micro_credits::text)`,
  },
  {
    promise: 'I4 what was said is what the step says',
    broken: `SELECT t.id, s.key FROM (${TURNS}) t JOIN messages m ON m.turn_id = t.id AND m.index >= 0
      JOIN turn_steps s ON s.turn_id = t.id AND s.index = m.index WHERE m.content <> s.content`,
  },
  {
    promise: 'I5 a call has one recorded answer, and none is made after it',
    broken: `SELECT t.id, j.step_key, j.call_no FROM (${TURNS}) t JOIN call_journal j ON j.turn_id = t.id
      WHERE j.status = 'ok' AND EXISTS (SELECT 1 FROM call_journal k WHERE k.turn_id = j.turn_id
        AND k.step_key = j.step_key AND k.call_no = j.call_no AND k.id <> j.id AND k.attempt >= j.attempt)`,
  },
];

export async function findBrokenRules(db: Pool, since: Date): Promise<string[]> {
  const found: string[] = [];
  for (const { promise, broken } of RULES) {
    const { rows } = await db.query<Record<string, unknown>>(broken, [since]);
    found.push(...rows.map((row) => `${promise}: ${print(row)}`));
  }
  return found;
}

function print(row: Record<string, unknown>): string {
  return JSON.stringify(row, (_key, value: unknown) => (typeof value === 'bigint' ? value.toString() : value));
}
