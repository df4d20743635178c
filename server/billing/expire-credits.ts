import type { App } from '#server/app.ts';

const AT_ONCE = 500;

/** Books every expiry that is due, one user at a time; harmless twice. Returns how many users it was due for. */
export async function expireCredits({ db }: Pick<App, 'db'>, signal?: AbortSignal): Promise<number> {
  let users = 0;
  for (;;) {
    const due = await db.query<{ user_id: string }>(
      `SELECT DISTINCT user_id FROM credit_lots
       WHERE available_micro_credits > 0 AND expires_at <= now() LIMIT ${AT_ONCE}`,
    );
    for (const { user_id } of due.rows) {
      if (signal?.aborted) return users;
      await db.query('SELECT expire_credits($1)', [user_id]);
      users += 1;
    }
    if (due.rows.length < AT_ONCE) return users;
  }
}
