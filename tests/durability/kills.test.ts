import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { isDeepStrictEqual } from 'node:util';
import { expect, test } from 'vitest';
import type { TurnMode } from '#server/turns/contract.ts';
import { getTurn, runTurn } from '#tests/support/turns.ts';
import { createFleet } from './support/fleet.ts';
import { MESSAGE, MODES, openConversation, sendUntilAccepted, timelineOf, untilAnswered } from './support/plays.ts';
import { setStage, startDurableCluster } from './support/stage.ts';
import { wander } from './support/wander.ts';

const KILLS = Number(process.env['DURABILITY_KILLS'] ?? 20);
const LANES_PER_MODE = 5;

test(
  `I1 I2 I3 I4 I5 NFR-REL-002: killed ${KILLS} times at random moments of turns in every mode, nothing is lost and nothing done twice`,
  { timeout: 180_000 + KILLS * 15_000 },
  async () => {
    const stage = await setStage(await startDurableCluster(), [
      { behaviour: { tokens: 20, tokenDelayMs: 15, firstTokenDelayMs: 60 } },
    ]);
    const fleet = createFleet(stage);
    const { anyClient } = fleet;
    await Promise.all([fleet.launch(), fleet.launch(), fleet.launch()]);

    const undisturbed = new Map<TurnMode, unknown>();
    for (const mode of MODES) {
      const client = await anyClient();
      const turn = await runTurn(client, await openConversation(client, mode), MESSAGE);
      expect(turn.status).toBe('completed');
      undisturbed.set(mode, timelineOf(turn));
    }

    let over = false;
    const different: unknown[] = [];
    async function talk(mode: TurnMode): Promise<void> {
      while (!over) {
        const place = await untilAnswered(async () => openConversation(await anyClient(), mode));
        const { id } = await sendUntilAccepted(anyClient, place, { key: randomUUID() });
        await wander(anyClient, id);
        const timeline = timelineOf(await untilAnswered(async () => getTurn(await anyClient(), id)));
        if (!isDeepStrictEqual(timeline, undisturbed.get(mode))) different.push({ mode, timeline });
      }
    }
    const talks = Promise.all(MODES.flatMap((mode) => Array.from({ length: LANES_PER_MODE }, () => talk(mode))));

    let interrupted = 0;
    async function killAround(): Promise<void> {
      for (let kills = 0; kills < KILLS; kills += 1) {
        await sleep(Math.random() * 2_000);
        interrupted += await fleet.killOneAtWork();
      }
      over = true;
    }
    await Promise.all([killAround(), talks]);
    await fleet.complete();

    const report = await stage.judge(fleet.servers);
    const { turns, resumed, calls } = report;
    process.stdout.write(`${JSON.stringify({ kills: KILLS, interrupted, turns, resumed, ...calls })}\n`);
    expect(report.violations.slice(0, 20)).toEqual([]);
    expect(different.slice(0, 3), 'a disturbed turn reads like an undisturbed one').toEqual([]);
    expect(calls.repeated).toBe(0);
    expect(stage.errors().slice(0, 5)).toEqual([]);
  },
);
