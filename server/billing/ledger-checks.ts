/** Each selects (subject, expected, found) of what doesn't add up: nothing, when all is well. Amounts in micro-credits. */
export const LEDGER_CHECKS = {
  'wallet = sum of its transactions': `
    SELECT coalesce(w.user_id, t.user_id) AS subject,
      concat_ws(' ', t.available, t.held, t.debt) AS expected,
      concat_ws(' ', w.available_micro_credits, w.held_micro_credits, w.debt_micro_credits) AS found
    FROM credit_wallets w FULL JOIN (
      SELECT user_id, sum(available_delta) AS available, sum(held_delta) AS held, sum(debt_delta) AS debt
      FROM credit_transactions GROUP BY user_id) t ON t.user_id = w.user_id
    WHERE coalesce(t.available, 0) <> coalesce(w.available_micro_credits, 0)
      OR coalesce(t.held, 0) <> coalesce(w.held_micro_credits, 0)
      OR coalesce(t.debt, 0) <> coalesce(w.debt_micro_credits, 0)`,

  'lot = sum of its transactions': `
    SELECT coalesce(l.id, t.lot_id) AS subject,
      concat_ws(' ', t.granted, t.available, t.held) AS expected,
      concat_ws(' ', l.granted_micro_credits, l.available_micro_credits, l.held_micro_credits) AS found
    FROM credit_lots l FULL JOIN (
      SELECT lot_id, sum(available_delta) FILTER (WHERE kind = 'grant') AS granted,
        sum(available_delta) AS available, sum(held_delta) AS held
      FROM credit_transactions WHERE lot_id IS NOT NULL GROUP BY lot_id) t ON t.lot_id = l.id
    WHERE (t.granted, t.available, t.held)
      IS DISTINCT FROM (l.granted_micro_credits::numeric, l.available_micro_credits::numeric, l.held_micro_credits::numeric)`,

  'hold = sum of its transactions': `
    SELECT concat_ws(' of ', coalesce(h.turn_id, t.turn_id), coalesce(h.lot_id, t.lot_id)) AS subject,
      t.held AS expected, h.held_micro_credits AS found
    FROM credit_holds h FULL JOIN (
      SELECT turn_id, lot_id, sum(held_delta) AS held FROM credit_transactions
      WHERE held_delta <> 0 GROUP BY turn_id, lot_id) t ON t.turn_id = h.turn_id AND t.lot_id = h.lot_id
    WHERE t.held IS DISTINCT FROM h.held_micro_credits::numeric`,

  'a call is charged what its usage row says': `
    SELECT coalesce(e.id, t.call_id) AS subject, e.credits_burned AS expected, t.charged AS found
    FROM (SELECT id, credits_burned FROM llm_call_events UNION ALL SELECT id, credits_burned FROM tool_call_events) e
    FULL JOIN (
      SELECT call_id, sum(debt_delta - held_delta) AS charged FROM credit_transactions
      WHERE call_id IS NOT NULL AND kind IN ('charge', 'debt') GROUP BY call_id) t ON t.call_id = e.id
    WHERE coalesce(e.credits_burned, 0) <> coalesce(t.charged, 0)`,

  'a usage row says what the formula gives': `
    SELECT * FROM (
      SELECT id AS subject, credits_burned AS found, CASE WHEN status = 'lost' THEN 0 ELSE
        ceil((35::numeric * (prompt_tokens - cached_tokens) + 10 * cached_tokens + 100 * completion_tokens::numeric)
          * greatest(multiplier, 0.5)) END AS expected
      FROM llm_call_events) f
    WHERE found <> expected`,

  'a turn is charged the sum of its calls': `
    SELECT t.id AS subject, coalesce(e.charged, 0) AS expected, t.charged_micro_credits AS found
    FROM turns t LEFT JOIN (
      SELECT turn_id, sum(credits_burned) AS charged
      FROM (SELECT turn_id, credits_burned FROM llm_call_events
        UNION ALL SELECT turn_id, credits_burned FROM tool_call_events) c GROUP BY turn_id) e ON e.turn_id = t.id
    WHERE coalesce(e.charged, 0) <> t.charged_micro_credits`,

  'a turn reserves what its holds hold, and nothing once it has ended': `
    SELECT t.id AS subject, coalesce(h.held, 0) AS expected, t.reserved_micro_credits AS found
    FROM turns t LEFT JOIN (SELECT turn_id, sum(held_micro_credits) AS held FROM credit_holds GROUP BY turn_id) h
      ON h.turn_id = t.id
    WHERE coalesce(h.held, 0) <> t.reserved_micro_credits
      OR (t.status NOT IN ('queued', 'running') AND t.reserved_micro_credits <> 0)`,

  'nothing is held for a turn that isn’t there': `
    SELECT h.turn_id AS subject, 0 AS expected, h.held_micro_credits AS found
    FROM credit_holds h LEFT JOIN turns t ON t.id = h.turn_id WHERE t.id IS NULL AND h.held_micro_credits <> 0`,
} as const;
