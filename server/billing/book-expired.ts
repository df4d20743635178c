import type { App } from '#server/app.ts';

/** Books what has expired of one user's credits, so that what is shown is what can be spent. Costs nothing when nothing has. */
export async function bookExpired({ db }: Pick<App, 'db'>, userId: string): Promise<void> {
  await db.query(
    `SELECT expire_credits($1) WHERE EXISTS (SELECT 1 FROM credit_lots
       WHERE user_id = $1 AND available_micro_credits > 0 AND expires_at <= now())`,
    [userId],
  );
}
