import type { App } from '#server/app.ts';
import type { ActiveUsers, Period } from '#server/admin/contract.ts';

type Row = { day: string; dau: number; wau: number; mau: number };

/**
 * Who had a model called: on each day, in the 7 and in the 30 days up to it. Each active day of a person covers the days for
 * which they count, less what their day before covers already, so that one pass over the active days counts all windows.
 */
export async function reportActiveUsers({ db }: Pick<App, 'db'>, { from, to }: Period): Promise<ActiveUsers> {
  const { rows } = await db.query<Row>(
    `WITH pending AS MATERIALIZED (
       SELECT DISTINCT day FROM usage_rollup_pending WHERE day BETWEEN $1::date - 29 AND $2::date),
     active AS (
       SELECT DISTINCT day, user_id FROM usage_rollups_daily
       WHERE day BETWEEN $1::date - 29 AND $2::date AND day NOT IN (SELECT day FROM pending)
       UNION ALL
       SELECT DISTINCT p.day, e.user_id FROM pending p
       JOIN llm_call_events e ON e.created_at >= p.day::timestamp AT TIME ZONE 'UTC'
         AND e.created_at < (p.day + 1)::timestamp AT TIME ZONE 'UTC'),
     gaps AS (SELECT day, lead(day) OVER (PARTITION BY user_id ORDER BY day) - day AS gap FROM active),
     lengths AS MATERIALIZED (SELECT day, least(gap, 30) AS gap, count(*)::int AS users FROM gaps GROUP BY 1, 2),
     changes AS (
       SELECT day, users AS dau, users AS wau, users AS mau FROM lengths
       UNION ALL SELECT day + 1, -users, 0, 0 FROM lengths
       UNION ALL SELECT day + least(coalesce(gap, 7), 7), 0, -users, 0 FROM lengths
       UNION ALL SELECT day + coalesce(gap, 30), 0, 0, -users FROM lengths),
     days AS (
       SELECT d::date AS day FROM generate_series($1::date - 29, $2::date, '1 day') d),
     running AS (
       SELECT days.day, sum(coalesce(sum(c.dau), 0)) OVER w AS dau, sum(coalesce(sum(c.wau), 0)) OVER w AS wau,
         sum(coalesce(sum(c.mau), 0)) OVER w AS mau
       FROM days LEFT JOIN changes c ON c.day = days.day GROUP BY days.day WINDOW w AS (ORDER BY days.day))
     SELECT to_char(day, 'YYYY-MM-DD') AS day, dau::int, wau::int, mau::int FROM running
     WHERE day >= $1::date ORDER BY day`,
    [from, to],
  );
  const { dau, wau, mau } = rows.at(-1) ?? { dau: 0, wau: 0, mau: 0 };
  return { from, to, dau, wau, mau, items: rows, nextCursor: null };
}
