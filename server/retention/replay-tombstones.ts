import { purgeAccount } from '#server/retention/purge-account.ts';
import { purgeAgent } from '#server/retention/purge-agent.ts';
import { addCounts, type Counts, type PurgeApp } from '#server/retention/purge-app.ts';
import { purgeConversation } from '#server/retention/purge-conversation.ts';
import { purgeFiles } from '#server/retention/purge-files.ts';
import { purgeMessage } from '#server/retention/purge-message.ts';
import { purgeTurns } from '#server/retention/purge-turns.ts';
import { insertTombstones, type Tombstone } from '#server/retention/tombstones.ts';
import { transaction } from '#server/platform/db.ts';

/**
 * Purges again what a restored backup has brought back: everything that these tombstones name and the database has no
 * tombstone of. Doing it twice is harmless. Returns what went.
 */
export async function replayTombstones(app: PurgeApp, tombstones: Tombstone[]): Promise<Counts> {
  const missing = await findMissing(app, tombstones);
  let counts: Counts = {};
  for (const tombstone of missing) counts = addCounts(counts, await purgeAgain(app, tombstone));
  // A restored storage may have bytes whose rows the backup doesn't have.
  const keys = missing.flatMap(({ storageKey }) => storageKey ?? []);
  if (keys.length > 0) await app.storage.delete(keys);
  await transaction(app.db, (tx) => insertTombstones(tx, missing));
  return counts;
}

async function findMissing({ db }: Pick<PurgeApp, 'db'>, tombstones: Tombstone[]): Promise<Tombstone[]> {
  const byId = new Map(tombstones.map((tombstone) => [tombstone.id, tombstone]));
  const { rows } = await db.query<{ id: string }>(
    `SELECT n.id FROM unnest($1::uuid[]) AS n(id) LEFT JOIN tombstones t ON t.id = n.id WHERE t.id IS NULL`,
    [[...byId.keys()]],
  );
  return rows.flatMap(({ id }) => byId.get(id) ?? []);
}

async function purgeAgain(app: PurgeApp, { id, kind }: Tombstone): Promise<Counts> {
  const options = { asked: false };
  switch (kind) {
    case 'account':
      return purgeAccount(app, id, options);
    case 'room':
    case 'direct_session':
      return purgeConversation(app, { kind, id }, options);
    case 'file':
      return purgeFiles(app, [id], options);
    case 'message':
      return purgeMessage(app, id, options);
    case 'agent':
      return purgeAgent(app, id, options);
    case 'turn': {
      const { rows } = await app.db.query<{ conversation_id: string }>(
        'SELECT conversation_id FROM turns WHERE id = $1',
        [id],
      );
      return rows[0] ? purgeTurns(app, rows[0].conversation_id, [id]) : {};
    }
  }
}
