import { transaction } from '#server/platform/db.ts';
import { addCounts, type Counts, type PurgeApp, type PurgeOptions } from '#server/retention/purge-app.ts';
import { purgeConversation, type PurgedConversation } from '#server/retention/purge-conversation.ts';
import { bury } from '#server/retention/tombstones.ts';
import { RESTORE_DAYS } from '#server/rooms/contract.ts';

/**
 * Purges a person: every conversation, sign-in, key and invitation, and their address. The row stays as an anonymous one,
 * because the ledger and the usage that stay refer to it. Their address is then free for a new account.
 */
export async function purgeAccount(app: PurgeApp, userId: string, { asked }: PurgeOptions): Promise<Counts> {
  let counts: Counts = {};
  const goes = await transaction(app.db, async (tx) => {
    const { rowCount } = await tx.query(
      `SELECT 1 FROM users WHERE id = $1 AND purged_at IS NULL
         AND (NOT $2 OR deleted_at <= now() - make_interval(days => $3)) FOR UPDATE`,
      [userId, asked, RESTORE_DAYS],
    );
    if (rowCount === 0) return false;
    await bury(app, tx, [{ id: userId, kind: 'account' }]);
    await tx.query('UPDATE users SET deleted_at = coalesce(deleted_at, now()) WHERE id = $1', [userId]);
    return true;
  });
  if (!goes) return counts;
  const { rows } = await app.db.query<PurgedConversation>(
    `SELECT 'room' AS kind, id FROM rooms WHERE owner_id = $1
     UNION ALL SELECT 'direct_session', id FROM direct_sessions WHERE owner_id = $1`,
    [userId],
  );
  for (const conversation of rows) {
    counts = addCounts(counts, await purgeConversation(app, conversation, { asked: false }));
  }
  await transaction(app.db, async (tx) => {
    const { rows: found } = await tx.query<{ email: string }>('SELECT email FROM users WHERE id = $1 FOR UPDATE', [
      userId,
    ]);
    const email = found[0]?.email;
    for (const statement of [
      'DELETE FROM sessions WHERE user_id = $1',
      'DELETE FROM api_keys WHERE user_id = $1',
      'DELETE FROM langgraph_threads WHERE user_id = $1',
      'DELETE FROM tool_servers WHERE user_id = $1',
      'DELETE FROM admin_users WHERE user_id = $1',
    ]) {
      await tx.query(statement, [userId]);
    }
    for (const statement of [
      'DELETE FROM magic_links WHERE email = $1',
      'DELETE FROM invites WHERE email = $1',
      'DELETE FROM dev_mails WHERE "to" = $1',
    ]) {
      await tx.query(statement, [email]);
    }
    await tx.query(
      `UPDATE users SET email = id || '@deleted.invalid', display_name = NULL, settings = '{}', purged_at = now()
       WHERE id = $1`,
      [userId],
    );
  });
  return addCounts(counts, { accounts: 1 });
}
