import { compose } from '#server/compose.ts';
import { createLogger } from '#server/platform/logger.ts';
import { loadEnv } from '#server/platform/load-env.ts';
import { openDatabase } from '#server/platform/open-database.ts';
import { readOrMakeSessionSecret } from '#server/platform/session-secret.ts';
import { replayTombstones } from '#server/retention/replay-tombstones.ts';
import { readTombstones, tombstoneFile } from '#server/retention/tombstones.ts';
import { migrate } from '#prisma/migrate.ts';
import { say } from './say.ts';

// npm run purge:replay [-- file …]: after a backup was restored. Without files: DATA_DIR/tombstones.ndjson.
const given = loadEnv();
const env = { ...given, sessionSecret: given.sessionSecret ?? (await readOrMakeSessionSecret(given.dataDir)) };
const files = process.argv.slice(2);
const database = await openDatabase(env, say);
await migrate(database.url);
const composed = await compose(env, database.url, createLogger({ ...env, logLevel: 'warn' }));
try {
  for (const file of files.length > 0 ? files : [tombstoneFile(env)]) {
    const tombstones = await readTombstones(file);
    const counts = await replayTombstones(composed.app, tombstones);
    const gone = Object.entries(counts).map(([what, count]) => `${count} ${what}`);
    say(`${file}: ${tombstones.length} tombstones; purged again: ${gone.join(', ') || 'nothing'}.`);
  }
} finally {
  await composed.close(0);
  await database.stop();
}
