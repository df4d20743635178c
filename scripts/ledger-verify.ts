import { verifyLedger } from '#server/billing/verify-ledger.ts';
import { createPool } from '#server/platform/db.ts';
import { loadEnv } from '#server/platform/load-env.ts';
import { openDatabase } from '#server/platform/open-database.ts';
import { say } from './say.ts';

const database = await openDatabase(loadEnv(), say);
const db = createPool(database.url, { max: 1 });
try {
  const { drifts, users, transactions, calls } = await verifyLedger({ db });
  for (const { check, subject, expected, found } of drifts) {
    say(`DRIFT  ${check}: ${subject} should be ${expected} and is ${found}`);
  }
  const checked = `${users} wallets, ${transactions} transactions and ${calls} calls`;
  say(drifts.length === 0 ? `No drift in ${checked}.` : `${drifts.length} drifts in ${checked}.`);
  process.exitCode = drifts.length === 0 ? 0 : 1;
} finally {
  await db.end();
  await database.stop();
}
