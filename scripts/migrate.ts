import { migrate } from '#prisma/migrate.ts';
import { openDatabase } from '#server/platform/open-database.ts';
import { loadEnv } from '#server/platform/load-env.ts';
import { say } from './say.ts';

const env = loadEnv();
const database = await openDatabase(env, say);
try {
  const applied = await migrate(database.url);
  say(applied.length === 0 ? 'The database is up to date.' : `Applied ${applied.join(', ')}.`);
} finally {
  await database.stop();
}
