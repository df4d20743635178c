/**
 * Runs the turns that wait, in a process of its own that dies by SIGKILL at write number `at`: before it is sent to the
 * database, or while it is on its way. `node tests/billing/run-turns-once.ts <database url> <model url> <at> before|during`.
 * Ends when no turn is open; prints how many writes there were.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import { compose } from '#server/compose.ts';
import { parseEnv } from '#server/platform/env.ts';
import { createLogger } from '#server/platform/logger.ts';

const [databaseUrl = '', modelUrl = '', at = '0', when = 'before'] = process.argv.slice(2);
/** A claim, a record and a flush of deltas: all that a turn's holder writes of it. */
const WRITE = /record_turn|append_turn_events|SET status = 'running'/;
let writes = 0;

function die(): void {
  process.kill(process.pid, 'SIGKILL');
}

class MortalClient extends pg.Client {}
Object.assign(MortalClient.prototype, {
  query(this: pg.Client, ...given: unknown[]) {
    const [statement] = given as [string | { text: string }];
    const send = () =>
      Reflect.apply(Reflect.get(pg.Client.prototype, 'query') as () => unknown, this, given) as unknown;
    if (!WRITE.test(typeof statement === 'string' ? statement : statement.text)) return send();
    writes += 1;
    if (writes !== Number(at)) return send();
    if (when === 'before') die();
    setImmediate(die);
    return send();
  },
});

const env = parseEnv({ ...process.env, LLM_BASE_URL: modelUrl, PANTHEON_ROLE: 'worker' });
const composed = await compose(env, databaseUrl, createLogger(env));
const { app } = composed;
Object.assign(app.db, { Client: MortalClient });
await app.hub.start();
await app.runner.start();
for (;;) {
  const { rowCount } = await app.db.query("SELECT 1 FROM turns WHERE status IN ('queued', 'running')");
  if (rowCount === 0) break;
  await sleep(20);
}
process.stdout.write(`${writes}\n`);
await composed.close(1_000);
