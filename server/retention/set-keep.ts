import type { App } from '#server/app.ts';
import type { Retention } from '#server/retention/contract.ts';
import { getRetention } from '#server/retention/get-retention.ts';

/** Keeps what a conversation holds, or lets it come of age again: then with a new warning. It must be the caller's. */
export async function setKeep(
  app: Pick<App, 'db' | 'env'>,
  { conversationId, keep }: { conversationId: string; keep: boolean },
): Promise<Retention> {
  for (const table of ['rooms', 'direct_sessions']) {
    await app.db.query(
      `UPDATE ${table} SET keep = $2, retention_warned_at = NULL WHERE id = $1 AND keep IS DISTINCT FROM $2`,
      [conversationId, keep],
    );
  }
  return getRetention(app, conversationId);
}
