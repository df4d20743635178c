import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { getTurn, runTurn, sendTurn } from '#tests/support/turns.ts';
import { MESSAGE, MODES, openConversation, timelineOf, untilAnswered } from './support/plays.ts';
import { setStage, startDurableCluster } from './support/stage.ts';
import { wander } from './support/wander.ts';

test.for([
  { by: 'a socket', socket: true },
  { by: 'TCP', socket: false },
])(
  'I1 I2 I3 I4 I5: PostgreSQL, reached by $by, crashes, then is restarted, under running turns; the same process goes on with them',
  async ({ socket }) => {
    const cluster = await startDurableCluster({ socket });
    const stage = await setStage(cluster, [{ behaviour: { tokens: 40, tokenDelayMs: 40 } }]);
    stage.db.on('error', () => undefined);
    const server = await stage.start();
    const client = await stage.clientAt(server);
    const anyClient = () => Promise.resolve(client);
    const undisturbed = await Promise.all(
      MODES.map(async (mode) => timelineOf(await runTurn(client, await openConversation(client, mode), MESSAGE))),
    );

    for (const how of ['immediate', 'fast'] as const) {
      const rooms = await Promise.all(MODES.map((mode) => openConversation(client, mode)));
      const turns = await Promise.all(rooms.map((room) => sendTurn(client, room, MESSAGE)));
      const readers = Promise.all(turns.map((turn) => wander(anyClient, turn.id)));
      const restart = sleep(600 + Math.random() * 1_000).then(() => cluster.restart(how, 800));
      await Promise.all([readers, restart]);
      const settled = await Promise.all(turns.map((turn) => untilAnswered(() => getTurn(client, turn.id))));
      expect(settled.map(timelineOf)).toEqual(undisturbed);
    }
    expect((await fetch(`${server.url}/readyz`)).status).toBe(200);
    const report = await stage.judge([server]);
    expect(report.violations).toEqual([]);
    expect(report.calls.lost, 'no call had to be made again').toBe(0);
  },
);
