import type { App } from '#server/app.ts';

/** Keeps a message at hand. It must be the caller's: see `getOwnedMessage`. Twice is as once. */
export async function pinMessage(app: Pick<App, 'db'>, messageId: string): Promise<void> {
  await app.db.query('UPDATE messages SET pinned_at = now() WHERE id = $1 AND pinned_at IS NULL', [messageId]);
}
