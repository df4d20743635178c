import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Step, Turn } from '#server/turns/contract.ts';
import type { Client } from '#tests/support/client.ts';
import type { Behaviour, Rule } from '#tests/support/model-server/behaviour.ts';
import { createDirectSession } from '#tests/support/rooms.ts';
import type { ServerProcess } from '#tests/support/server-process.ts';
import { followEvents, runTurn, sendTurn, waitForTurn } from '#tests/support/turns.ts';
import { setStage, startDurableCluster, type Stage } from './support/stage.ts';

/** What a provider may do, named by the message that makes it do so. */
const FAULTS: Record<string, Omit<Rule, 'match'>> = {
  'cuts the connection': { behaviour: { failMidStream: 'cut', afterTokens: 6 } },
  'ends without an end': { behaviour: { failMidStream: 'end', afterTokens: 6 } },
  'says an error inside a 200': { behaviour: { failMidStream: 'error', afterTokens: 6 } },
  'is busy once': { times: 1, behaviour: { status: 429, retryAfter: 1 } },
  'fails three times': { behaviour: { status: 500 } },
  'cuts before the first word, once': { times: 1, behaviour: { failMidStream: 'cut', afterTokens: 0 } },
  'gives no usage': { behaviour: { usage: null, tokens: 12 } },
  'gives absurd usage': { behaviour: { usage: { prompt_tokens: -5, completion_tokens: 1e15 }, tokens: 12 } },
  'gives fractions': { behaviour: { usage: { prompt_tokens: 10.5, completion_tokens: 'NaN' }, tokens: 12 } },
  'says nothing': { behaviour: { text: '' } },
};
const PLAIN: Behaviour = { tokens: 12, tokenDelayMs: 5 };

let stage: Stage;
let server: ServerProcess;
let client: Client;
beforeAll(async () => {
  const rules = Object.entries(FAULTS).map(([lastMessage, rule]): Rule => ({ ...rule, match: { lastMessage } }));
  const hangs: Rule[] = (['headers', 'first_token', 'mid_stream'] as const).map((hang) => ({
    match: { lastMessage: `hangs at ${hang}` },
    behaviour: { hang, afterTokens: 7 },
  }));
  stage = await setStage(await startDurableCluster(), [...rules, ...hangs, { behaviour: PLAIN }]);
  server = await stage.start();
  client = await stage.clientAt(server);
}, 120_000);

async function ask(message: string): Promise<{ turn: Turn; step: Step; calls: string[]; burned: bigint }> {
  const { id } = await createDirectSession(client);
  const turn = await runTurn(client, { directSessionId: id }, message);
  return { turn, step: turn.steps[0] as Step, ...(await callsOf(turn.id)) };
}

async function callsOf(turnId: string): Promise<{ calls: string[]; burned: bigint }> {
  const { rows } = await stage.db.query<{ status: string; burned: bigint }>(
    'SELECT status, credits_burned AS burned FROM llm_call_events WHERE turn_id = $1 ORDER BY created_at, id',
    [turnId],
  );
  return { calls: rows.map((row) => row.status), burned: rows.reduce((sum, row) => sum + row.burned, 0n) };
}

describe.concurrent('I1 I2 I3 FR-BILL-002: a provider that', () => {
  test.each(['cuts the connection', 'ends without an end', 'says an error inside a 200'])(
    '%s leaves a failed step with what was said, charged for what was served, tried no second time',
    async (fault) => {
      const { turn, step, calls, burned } = await ask(fault);
      expect(turn.status).toBe('failed');
      expect(step).toMatchObject({ status: 'failed', error: { code: 'stream_error' } });
      expect(step.content.split(' ').filter(Boolean)).toHaveLength(6);
      expect(calls).toEqual(['failed']);
      expect(burned).toBeGreaterThan(0n);
    },
  );

  test.each(['is busy once', 'cuts before the first word, once'])(
    '%s is asked again, and both calls have a row (NFR-REL-003)',
    async (fault) => {
      const { turn, calls } = await ask(fault);
      expect(turn.status).toBe('completed');
      expect(calls).toEqual(['failed', 'ok']);
    },
  );

  test('fails three times is not asked a fourth time; nothing is charged (NFR-REL-003)', async () => {
    const { turn, calls } = await ask('fails three times');
    expect(turn).toMatchObject({ status: 'failed', chargedMicroCredits: '0', error: { code: 'provider_error' } });
    expect(calls).toEqual(['failed', 'failed', 'failed']);
  });

  test('gives no usage is charged by an estimate', async () => {
    const { turn, calls, burned } = await ask('gives no usage');
    expect(turn.status).toBe('completed');
    expect(calls).toEqual(['estimated']);
    expect(burned).toBeGreaterThan(0n);
  });

  test.each(['gives absurd usage', 'gives fractions'])('%s is believed nothing and paid nothing', async (fault) => {
    const { turn, calls, burned } = await ask(fault);
    expect(turn.status).toBe('completed');
    expect(calls).toEqual(['estimated']);
    expect(burned).toBe(0n);
  });

  test('says nothing is a failed step in plain words', async () => {
    const { turn, step } = await ask('says nothing');
    expect(turn.status).toBe('failed');
    expect(step).toMatchObject({ status: 'failed', error: { code: 'empty_reply' } });
  });

  test.each(['headers', 'first_token', 'mid_stream'])(
    'hangs at %s is left at Stop, charged for what was served',
    async (point) => {
      const { id } = await createDirectSession(client);
      const turn = await sendTurn(client, { directSessionId: id }, `hangs at ${point}`);
      const awaited = point === 'mid_stream' ? 'step_delta' : 'step_started';
      for await (const event of followEvents(client, turn.id)) if (event.type === awaited) break;
      expect((await client.post(`/turns/${turn.id}/stop`)).status).toBe(202);
      const stopped = await waitForTurn(client, turn.id, { timeoutMs: 6_000 });
      expect(stopped).toMatchObject({ status: 'cancelled', steps: [{ status: 'cancelled' }] });
      const { calls, burned } = await callsOf(turn.id);
      expect(calls.filter((status) => status !== 'cancelled')).toEqual([]);
      expect(burned > 0n).toBe(point === 'mid_stream');
    },
  );
});

afterAll(async () => {
  const report = await stage.judge([server]);
  expect(report.violations).toEqual([]);
  expect(stage.errors()).toEqual([]);
});
