import { createPool } from '#server/platform/db.ts';
import { loadEnv } from '#server/platform/load-env.ts';
import { openDatabase } from '#server/platform/open-database.ts';
import { say } from './say.ts';

// npm run maintenance -- on|off
const [wanted] = process.argv.slice(2);
if (wanted !== 'on' && wanted !== 'off') {
  say('Say on or off: npm run maintenance -- on');
  process.exit(2);
}
const database = await openDatabase(loadEnv(), say);
const db = createPool(database.url, { max: 1 });
await db.query(
  `INSERT INTO platform_settings (key, value) VALUES ('maintenance', $1)
   ON CONFLICT (key) DO UPDATE SET value = excluded.value, updated_at = now()`,
  [JSON.stringify(wanted === 'on')],
);
say(wanted === 'on' ? 'Maintenance is on: only admins get in.' : 'Maintenance is off.');
await db.end();
await database.stop();
