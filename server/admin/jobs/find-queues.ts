import type { App } from '#server/app.ts';
import type { JobQueue } from '#server/admin/contract.ts';

/** How many of a queue's failed jobs are shown. */
const FAILURES = 20;

type Row = Omit<JobQueue, 'lastCompletedAt' | 'lastFailedAt'> & {
  lastCompletedAt: Date | null;
  lastFailedAt: Date | null;
};

/** Every queue: what waits and for how long, what runs, what failed for good, when it is due and when it last ran. */
export async function findQueues({ db }: Pick<App, 'db'>): Promise<JobQueue[]> {
  const { rows } = await db.query<Row>(
    `SELECT q.name AS queue, min(s.cron) AS cron,
       count(j.id) FILTER (WHERE j.state IN ('created', 'retry') AND j.start_after <= now())::int AS waiting,
       count(j.id) FILTER (WHERE j.state IN ('created', 'retry') AND j.start_after > now())::int AS later,
       count(j.id) FILTER (WHERE j.state = 'active')::int AS active,
       count(j.id) FILTER (WHERE j.state = 'failed')::int AS failed,
       count(j.id) FILTER (WHERE j.state = 'completed')::int AS completed,
       extract(epoch FROM now() - min(greatest(j.created_on, j.start_after))
         FILTER (WHERE j.state IN ('created', 'retry') AND j.start_after <= now()))::int AS "oldestWaitingSeconds",
       max(j.completed_on) FILTER (WHERE j.state = 'completed') AS "lastCompletedAt",
       max(j.completed_on) FILTER (WHERE j.state = 'failed') AS "lastFailedAt",
       coalesce((SELECT json_agg(f) FROM (
         SELECT id, output->>'name' AS error, retry_count + 1 AS attempts, ${iso('created_on')} AS "createdAt",
           ${iso('completed_on')} AS "failedAt"
         FROM pgboss.job WHERE name = q.name AND state = 'failed'
         ORDER BY completed_on DESC LIMIT ${FAILURES}) f), '[]') AS failures
     FROM pgboss.queue q
     LEFT JOIN pgboss.job j ON j.name = q.name
     LEFT JOIN pgboss.schedule s ON s.name = q.name
     WHERE q.name NOT LIKE '\\_\\_pgboss\\_\\_%'
     GROUP BY q.name ORDER BY q.name`,
  );
  return rows.map((row) => ({
    ...row,
    lastCompletedAt: row.lastCompletedAt?.toISOString() ?? null,
    lastFailedAt: row.lastFailedAt?.toISOString() ?? null,
  }));
}

function iso(column: string): string {
  return `to_char(${column} AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')`;
}
