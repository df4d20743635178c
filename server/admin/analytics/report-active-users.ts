import type { App } from '#server/app.ts';
import type { ActiveUsers, Period } from '#server/admin/contract.ts';

const WINDOWS = ['dau', 'wau', 'mau'] as const;

type Row = { day: string; dau: number; wau: number; mau: number };

/**
 * Who had a model called: on each day, in the 7 and in the 30 days up to it. The numbers are kept by day; to them come the people
 * of calls that are not rolled up yet, as far as the window doesn't hold them already.
 */
export async function reportActiveUsers({ db }: Pick<App, 'db'>, { from, to }: Period): Promise<ActiveUsers> {
  const { rows } = await db.query<Row>(
    `WITH noted AS MATERIALIZED (
       SELECT DISTINCT n.day, e.user_id FROM usage_rollup_pending n JOIN llm_call_events e ON e.id = n.call_id
       WHERE n.day BETWEEN $1::date - 29 AND $2::date),
     covered AS (
       SELECT d::date AS day, n.user_id, min(d::date - n.day) AS age
       FROM noted n CROSS JOIN LATERAL generate_series(greatest(n.day, $1::date), least(n.day + 29, $2::date), '1 day') d
       GROUP BY 1, 2),
     aged AS (
       SELECT c.day, c.age, c.day - (SELECT max(r.day) FROM user_rollups_daily r
         WHERE r.user_id = c.user_id AND r.day BETWEEN c.day - 29 AND c.day) AS kept
       FROM covered c),
     added AS (
       SELECT day, ${[1, 7, 30].map((days, at) => `(count(*) FILTER (WHERE age < ${days} AND (kept >= ${days} OR kept IS NULL)))::int AS ${WINDOWS[at] ?? ''}`).join(', ')}
       FROM aged GROUP BY day)
     SELECT to_char(d, 'YYYY-MM-DD') AS day,
       ${WINDOWS.map((name) => `coalesce(k.${name}, 0) + coalesce(a.${name}, 0) AS ${name}`).join(', ')}
     FROM generate_series($1::timestamp, $2::timestamp, '1 day') d
     LEFT JOIN active_users_daily k ON k.day = d::date LEFT JOIN added a ON a.day = d::date ORDER BY d`,
    [from, to],
  );
  const { dau, wau, mau } = rows.at(-1) ?? { dau: 0, wau: 0, mau: 0 };
  return { from, to, dau, wau, mau, items: rows, nextCursor: null };
}
