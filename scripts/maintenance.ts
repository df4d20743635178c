import { setSettings } from '#server/admin/settings/set-settings.ts';
import { createPrisma } from '#server/platform/create-prisma.ts';
import { createPool } from '#server/platform/db.ts';
import { loadEnv } from '#server/platform/load-env.ts';
import { openDatabase } from '#server/platform/open-database.ts';
import { say } from './say.ts';

// npm run maintenance -- on|off: the switch of the admin pages, for when those can't be reached. It is in the audit log as
// what the server itself did.
const [wanted] = process.argv.slice(2);
if (wanted !== 'on' && wanted !== 'off') {
  say('Say on or off: npm run maintenance -- on');
  process.exit(2);
}
const env = loadEnv();
const database = await openDatabase(env, say);
const db = createPool(database.url, { max: 2 });
const prisma = createPrisma(db);
try {
  await setSettings(
    { env, prisma },
    { change: { maintenance: wanted === 'on' }, by: { actorId: null, requestId: null } },
  );
  say(wanted === 'on' ? 'Maintenance is on: only admins get in.' : 'Maintenance is off.');
} finally {
  await prisma.$disconnect();
  await db.end();
  await database.stop();
}
