import type { App } from '#server/app.ts';
import { transaction } from '#server/platform/db.ts';
import { WARN_DAYS } from '#server/retention/contract.ts';

/**
 * Marks the conversations whose oldest content comes of age within a week, once each, and has their owners told: on the
 * conversation's page, and by mail. Nothing is purged of a conversation before a week after its mark.
 */
export async function warnOfRetention(app: Pick<App, 'db' | 'env' | 'queue'>): Promise<void> {
  const { retentionDays } = app.env;
  if (retentionDays === 0) return;
  await transaction(app.db, async (tx) => {
    const owners = new Set<string>();
    for (const [table, column] of [
      ['rooms', 'room_id'],
      ['direct_sessions', 'direct_session_id'],
    ] as const) {
      const { rows } = await tx.query<{ owner_id: string }>(
        `UPDATE ${table} c SET retention_warned_at = now()
         WHERE NOT keep AND deleted_at IS NULL AND retention_warned_at IS NULL
           AND (EXISTS (SELECT 1 FROM turns t WHERE t.conversation_id = c.id
                          AND t.created_at < now() - make_interval(days => $1))
             OR EXISTS (SELECT 1 FROM files f WHERE f.${column} = c.id
                          AND f.created_at < now() - make_interval(days => $1)))
         RETURNING owner_id`,
        [Math.max(0, retentionDays - WARN_DAYS)],
      );
      for (const { owner_id } of rows) owners.add(owner_id);
    }
    for (const userId of owners) await app.queue.send('send-retention-notice', { userId }, { tx });
  });
}
