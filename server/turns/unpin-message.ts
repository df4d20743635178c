import type { App } from '#server/app.ts';

/** It must be the caller's: see `getOwnedMessage`. */
export async function unpinMessage(app: Pick<App, 'db'>, messageId: string): Promise<void> {
  await app.db.query('UPDATE messages SET pinned_at = NULL WHERE id = $1', [messageId]);
}
