/**
 * Verifies the audit log's chain: `npm run audit:verify`. It prints the newest row's number and hash; keep them somewhere
 * else and give them back later, `npm run audit:verify -- --head 120:9f3c…`, to see that nothing was cut off the end.
 * Ends with 1 when anything is wrong.
 */
import { parseArgs } from 'node:util';
import { verifyAudit } from '#server/admin/audit/verify-audit.ts';
import { createPool } from '#server/platform/db.ts';
import { loadEnv } from '#server/platform/load-env.ts';
import { openDatabase } from '#server/platform/open-database.ts';
import { say } from './say.ts';

const { values } = parseArgs({ options: { head: { type: 'string' } } });
const [, seq, hash] = /^(\d+):([0-9a-f]{64})$/.exec(values.head ?? '') ?? [];
if (values.head !== undefined && hash === undefined) {
  say('--head wants a number and a hash, as printed by an earlier run: 120:9f3c…');
  process.exit(2);
}
const database = await openDatabase(loadEnv(), say);
const db = createPool(database.url, { max: 1 });
try {
  const { rows, head, faults } = await verifyAudit({ db }, { expected: seq && hash ? { seq, hash } : null });
  for (const { seq: at, fault } of faults) say(`FAULT  row ${at} ${fault}`);
  say(faults.length === 0 ? `The chain of ${rows} rows is whole.` : `${faults.length} faults in ${rows} rows.`);
  if (head) say(`Head: ${head.seq}:${head.hash}`);
  process.exitCode = faults.length === 0 ? 0 : 1;
} finally {
  await db.end();
  await database.stop();
}
