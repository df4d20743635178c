import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { beforeAll, expect, it } from 'vitest';
import type { Wallet } from '#server/billing/contract.ts';
import { startTestApp, type TestApp } from '../support/app.ts';
import { COMPILE_CACHE } from '../support/compile-cache.ts';
import { checkInvariants } from '../support/invariants.ts';
import { createRoom } from '../support/rooms.ts';
import { getTurn, sendTurn } from '../support/turns.ts';

let server: TestApp;
beforeAll(async () => {
  // It accepts and tells; the turns run in processes that die.
  server = await startTestApp({ env: { PANTHEON_ROLE: 'web' } });
});

/** How often a whole run writes; null when it was killed before its end. */
function runOnce(at: number, when: string): Promise<number | null> {
  const script = join(import.meta.dirname, 'run-turns-once.ts');
  const child = spawn(process.execPath, [script, server.databaseUrl, server.modelServer.baseUrl, String(at), when], {
    env: { ...envOf(server), ...COMPILE_CACHE, PATH: process.env['PATH'] },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let printed = '';
  child.stdout.on('data', (piece: Buffer) => (printed += piece.toString()));
  return new Promise((resolve, reject) => {
    child.once('exit', (code, signal) => {
      if (signal === 'SIGKILL') resolve(null);
      else if (code === 0) resolve(Number(printed.trim().split('\n').at(-1)));
      else reject(new Error(`run-turns-once ended with ${code}: ${printed}`));
    });
  });
}

function envOf({ app }: TestApp): NodeJS.ProcessEnv {
  const { env } = app;
  return {
    NODE_ENV: 'test',
    APP_URL: env.appUrl,
    DATA_DIR: env.dataDir,
    SESSION_SECRET: env.sessionSecret ?? undefined,
    LOG_LEVEL: 'error',
  };
}

it.each(['before', 'during'])(
  'killed %s each write of a turn in turn, settling included, it ends, is charged once and holds nothing (I1 I2 I3 I4 I5)',
  async (when) => {
    const user = await server.createUser();
    const room = await createRoom(user.client, { agents: ['Ada', 'Bo'], mode: 'roundtable' });
    const since = new Date();
    let killed = 0;
    for (let at = 1; ; at += 1) {
      const { id } = await sendTurn(user.client, room.id, 'What now?');
      const writes = await runOnce(at, when);
      if (writes === null) {
        killed += 1;
        // As if the dead process's lease had run out.
        await server.db.query("UPDATE turns SET lease_until = now() - interval '1 second' WHERE status = 'running'");
        await runOnce(0, when);
      }
      const turn = await getTurn(user.client, id);
      expect(turn).toMatchObject({ status: 'completed', reservedMicroCredits: '0' });
      const charged = turn.steps.map(({ usage }) => BigInt(usage.chargedMicroCredits));
      expect(charged).toHaveLength(2);
      expect(BigInt(turn.chargedMicroCredits)).toBe(charged.reduce((sum, part) => sum + part));
      expect((await user.client.get<Wallet>('/wallet')).body.reservedMicroCredits).toBe('0');
      if (writes !== null) break;
    }
    // Claim, the first’s intent, its reply with the second’s intent, and that one’s reply with the end, at the least.
    expect(killed).toBeGreaterThanOrEqual(4);
    await server.modelServer.settled();
    const report = await checkInvariants({
      db: server.db,
      since,
      modelServerLog: server.modelServer.log,
      readers: [user.client],
    });
    expect(report.violations).toEqual([]);
  },
  300_000,
);
