import type { App } from '#server/app.ts';

/** Deletes what signing in leaves behind once it can do nothing any more: ended sessions, old links and their mails, empty buckets. */
export async function forgetSignIns({ db }: Pick<App, 'db'>): Promise<void> {
  await db.query('DELETE FROM sessions WHERE expires_at < now()');
  await db.query(`DELETE FROM magic_links WHERE expires_at < now() - interval '1 day'`);
  await db.query(`DELETE FROM dev_mails WHERE created_at < now() - interval '1 day'`);
  await db.query('DELETE FROM rate_limits WHERE expire < extract(epoch FROM now()) * 1000');
}
