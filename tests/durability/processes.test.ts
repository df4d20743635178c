import { setTimeout as sleep } from 'node:timers/promises';
import { beforeAll, describe, expect, test } from 'vitest';
import type { Client } from '#tests/support/client.ts';
import { createRoom } from '#tests/support/rooms.ts';
import type { TestCluster } from '#tests/support/test-cluster.ts';
import { followEvents, getTurn, readEvents, runTurn, sendTurn, waitForTurn } from '#tests/support/turns.ts';
import { MESSAGE, MODES, openConversation, timelineOf, untilAnswered } from './support/plays.ts';
import { setStage, startDurableCluster } from './support/stage.ts';
import { wander } from './support/wander.ts';

/** A reply takes about a second; one that is asked for “at length” hangs the first time it is asked for. */
const RULES = [
  {
    match: { lastMessage: 'at length' },
    times: 1,
    behaviour: { hang: 'mid_stream' as const, afterTokens: 5, tokenDelayMs: 20 },
  },
  { behaviour: { tokens: 25, tokenDelayMs: 30 } },
];

let cluster: TestCluster;
beforeAll(async () => {
  cluster = await startDurableCluster();
});

/** Most of their time they wait for leases to run out, so they wait together. */
describe.concurrent('several processes on one database', { timeout: 300_000 }, () => {
  test('I1 I2 I4 I5 NFR-REL-002: a worker is killed in mid-turn; the next one goes on, its queue keeps its order, and readers on the web process notice nothing', async () => {
    const stage = await setStage(cluster, RULES);
    const [web, worker] = await Promise.all([stage.start('web'), stage.start('worker')]);
    const client = await stage.clientAt(web);
    const rooms = await Promise.all(MODES.map((mode) => openConversation(client, mode)));
    const turns = await Promise.all(rooms.map((room) => sendTurn(client, room, MESSAGE)));
    const followed = turns.map((turn) => readEvents(client, turn.id));
    const queued = [];
    for (let place = 0; place < 3; place += 1) {
      queued.push(await sendTurn(client, rooms[1] ?? '', `${MESSAGE} (${place})`));
    }
    await untilFirstText(client, turns[1]?.id ?? '');
    await worker.kill('SIGKILL');
    const unheard = await sendTurn(client, await openConversation(client, 'manual'), MESSAGE);
    await stage.start('worker');

    for (const turn of [...turns, ...queued, unheard]) {
      expect((await waitForTurn(client, turn.id, { timeoutMs: 60_000 })).status).toBe('completed');
    }
    expect((await Promise.all(followed)).map((events) => events.at(-1)?.type)).toEqual(
      turns.map(() => 'turn_completed'),
    );
    const order = await stage.db.query<{ id: string }>('SELECT id FROM turns WHERE id = ANY($1) ORDER BY started_at', [
      queued.map((turn) => turn.id),
    ]);
    expect(order.rows.map((row) => row.id)).toEqual(queued.map((turn) => turn.id));
    expect((await stage.judge([web])).violations).toEqual([]);
    expect(stage.errors()).toEqual([]);
  });

  test('I1 NFR-REL-002: a turn whose accepting process died before anybody heard of it runs all the same', async () => {
    const stage = await setStage(cluster, RULES);
    const [web, worker] = await Promise.all([stage.start('web'), stage.start('worker')]);
    const client = await stage.clientAt(web);
    await worker.kill('SIGKILL');
    const turns = [];
    for (const mode of MODES) turns.push(await sendTurn(client, await openConversation(client, mode), MESSAGE));
    await web.kill('SIGKILL');

    const next = await stage.start('all');
    const later = await stage.clientAt(next);
    for (const turn of turns) {
      expect((await waitForTurn(later, turn.id, { timeoutMs: 60_000 })).status).toBe('completed');
    }
    expect((await stage.judge([next])).violations).toEqual([]);
  });

  test('I1 I2 I3 I4 I5: a process that stands still for 15 s and wakes up writes nothing over its successor; Stop reaches a turn that it held', async () => {
    const stage = await setStage(cluster, RULES);
    const [first, second] = await Promise.all([stage.start(), stage.start()]);
    const [atFirst, atSecond] = [await stage.clientAt(first), await stage.clientAt(second)];
    const undisturbed = await Promise.all(
      MODES.map(async (mode) => timelineOf(await runTurn(atFirst, await openConversation(atFirst, mode), MESSAGE))),
    );

    const rooms = await Promise.all(MODES.map((mode) => openConversation(atFirst, mode)));
    const endless = await createRoom(atFirst, { agents: ['Ada'] });
    const turns = await Promise.all(rooms.map((room) => sendTurn(atFirst, room, MESSAGE)));
    const held = await sendTurn(atFirst, endless.id, '@Ada Tell it at length');
    await untilFirstText(atSecond, held.id);
    await first.kill('SIGSTOP');

    expect((await atSecond.post(`/turns/${held.id}/stop`)).status).toBe(202);
    // Well below the 10 s after which its lease would have run out.
    expect((await waitForTurn(atSecond, held.id, { timeoutMs: 6_000 })).status).toBe('cancelled');
    const after = await runTurn(atSecond, endless.id, '@Ada Go on');
    expect(after.status).toBe('completed');

    const settled = await Promise.all(turns.map((turn) => waitForTurn(atSecond, turn.id, { timeoutMs: 60_000 })));
    expect(settled.map(timelineOf)).toEqual(undisturbed);
    const told = await Promise.all(turns.map((turn) => readEvents(atSecond, turn.id)));
    await first.kill('SIGCONT');
    await sleep(4_000);

    expect(await Promise.all(turns.map((turn) => readEvents(atFirst, turn.id)))).toEqual(told);
    expect((await runTurn(atFirst, endless.id, '@Ada And now?')).status).toBe('completed');
    expect((await stage.judge([first, second])).violations).toEqual([]);
    expect(stage.errors()).toEqual([]);
  });

  test('FR-RT-004 I4: one key sent at once to two processes is one turn; its readers drop and return anywhere, with no gap and no repetition', async () => {
    const stage = await setStage(cluster, RULES);
    const [first, second] = await Promise.all([stage.start(), stage.start()]);
    const clients = [await stage.clientAt(first), await stage.clientAt(second)];
    const [client] = clients as [Client, Client];
    for (const mode of MODES) {
      const place = await openConversation(client, mode);
      const sent = await Promise.all(
        Array.from({ length: 8 }, (_, n) =>
          sendTurn(clients[n % 2] ?? client, place, MESSAGE, { idempotencyKey: mode }),
        ),
      );
      expect(new Set(sent.map((turn) => turn.id)).size).toBe(1);
      const { id } = sent[0] as { id: string };
      let asked = 0;
      const anyClient = () => Promise.resolve(clients[(asked += 1) % 2] ?? client);
      const readers = await Promise.all(Array.from({ length: 5 }, () => wander(anyClient, id)));
      const whole = await readEvents(client, id);
      for (const events of readers) expect(events).toEqual(whole);
    }
    const report = await stage.judge([first, second]);
    expect(report.violations).toEqual([]);
    expect(report.turns).toBe(MODES.length);
  });

  test('I1 I2 I3 I5: told to end, a process takes nothing new, finishes what it can and hands the rest over', async () => {
    const stage = await setStage(cluster, RULES);
    const [leaving, staying] = await Promise.all([stage.start(), stage.start()]);
    const [atLeaving, atStaying] = [await stage.clientAt(leaving), await stage.clientAt(staying)];
    const [short, long] = [
      await openConversation(atLeaving, 'roundtable'),
      await createRoom(atLeaving, { agents: ['Ada'] }),
    ];
    const quick = await sendTurn(atLeaving, short, MESSAGE);
    const slow = await sendTurn(atLeaving, long.id, '@Ada Tell it at length');
    const behind = await sendTurn(atLeaving, long.id, '@Ada And then?');
    await untilFirstText(atStaying, slow.id);
    const gone = leaving.kill('SIGTERM');

    expect((await waitForTurn(atStaying, quick.id, { timeoutMs: 20_000 })).status).toBe('completed');
    await expect(sendTurn(atLeaving, short, MESSAGE)).rejects.toThrow();
    const { rows } = await stage.db.query<{ attempt: number }>('SELECT attempt FROM turns WHERE id = $1', [quick.id]);
    expect(rows, 'finished by the process that began it').toEqual([{ attempt: 1 }]);

    await gone;
    expect(await leaving.exited).toEqual({ code: 0, signal: null });
    expect((await waitForTurn(atStaying, slow.id, { timeoutMs: 20_000 })).status).toBe('completed');
    expect((await waitForTurn(atStaying, behind.id, { timeoutMs: 20_000 })).status).toBe('completed');
    const report = await stage.judge([staying]);
    expect(report.violations).toEqual([]);
    expect(report.calls.lost, 'the call that was broken off at the handover, uncharged').toBe(1);
    expect(stage.errors()).toEqual([]);
  });
});

async function untilFirstText(client: Client, turnId: string): Promise<void> {
  for await (const event of followEvents(client, turnId)) if (event.type === 'step_delta') return;
  throw new Error(`It ended without a word: ${JSON.stringify(await untilAnswered(() => getTurn(client, turnId)))}`);
}
