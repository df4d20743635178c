import { beforeEach, expect, test } from 'vitest';
import { startTestApp } from '../support/app.ts';
import { createRoom } from '../support/rooms.ts';
import { getTurn, readEvents, runTurn, sendTurn, waitForTurn } from '../support/turns.ts';
import { as, askedAs, HANG, stepOf, textsOf, usageOf, waitUntilAsked } from './scenes.ts';

const product = await startTestApp({
  model: { defaults: { tokens: 6 } },
  env: { LLM_MODEL_LLAMA: 'llama-model', LLM_MODEL_QWEN: 'qwen-model' },
});
const { client } = await product.createUser({ microCredits: 1_000_000_000n });

beforeEach(() => {
  product.modelServer.setRules([]);
  product.modelServer.clearLog();
});

test('one agent fails, the others still answer: completed, with one failed step that says why', async () => {
  const room = await createRoom(client, { mode: 'roundtable', agents: ['Ada', 'Bo', 'Cy'] });
  product.modelServer.setRules([as('Bo', { status: 400, errorMessage: 'bad prompt: my secret' })]);
  const turn = await runTurn(client, room.id, 'Go.');
  expect(turn).toMatchObject({ status: 'completed', failedSteps: 1 });
  expect(turn).not.toHaveProperty('error');
  expect(turn.steps.map(({ status }) => status)).toEqual(['completed', 'failed', 'completed']);
  const { error } = stepOf(turn, 'Bo');
  expect(error?.code).toMatch(/^[a-z_]+$/);
  expect(error?.message).not.toContain('my secret');
  const events = await readEvents(client, turn.id);
  expect(events.find(({ type }) => type === 'step_failed')?.data).toEqual(stepOf(turn, 'Bo'));
  expect(events.at(-1)?.type).toBe('turn_completed');
});

test('when nobody could answer the turn has failed and says so', async () => {
  const room = await createRoom(client, { agents: ['Ada', 'Bo'] });
  product.modelServer.setRules([{ behaviour: { status: 400 } }]);
  const turn = await runTurn(client, room.id, '@all go');
  expect(turn).toMatchObject({ status: 'failed', failedSteps: 2, reservedMicroCredits: '0' });
  expect(turn.error?.message).toMatch(/^No agent could answer\./);
  const events = await readEvents(client, turn.id);
  expect(events.at(-1)).toMatchObject({ type: 'turn_failed' });
  expect(events.at(-1)?.data).toEqual(turn);
});

test('an answer of nothing is a failure, not an empty card', async () => {
  const room = await createRoom(client, { agents: ['Ada'] });
  product.modelServer.setRules([as('Ada', { text: '  \n ' })]);
  const turn = await runTurn(client, room.id, '@Ada go');
  expect(stepOf(turn, 'Ada')).toMatchObject({ status: 'failed', error: { code: 'empty_reply' } });
});

test('an answer that breaks off is not tried again, what arrived is shown and paid, and it is no part of the conversation', async () => {
  const room = await createRoom(client, { agents: ['Ada'] });
  product.modelServer.setRules([
    as('Ada', { failMidStream: 'error', text: 'One two three four five six', afterTokens: 4 }, 1),
  ]);
  const turn = await runTurn(client, room.id, '@Ada go');
  expect(askedAs(product, 'Ada')).toHaveLength(1);
  const step = stepOf(turn, 'Ada');
  expect(step).toMatchObject({ status: 'failed', content: 'One two three four' });
  const [row] = await usageOf(product, turn.id);
  expect(row).toMatchObject({ status: 'failed', completion_tokens: 4 });
  expect(textsOf(await readEvents(client, turn.id)).get(step.id)).toBe(step.content);
});

test('before its first word a call is tried again; each try has its row, and the reader sees one start (AT-008)', async () => {
  const room = await createRoom(client, { agents: ['Ada'] });
  product.modelServer.setRules([
    as('Ada', { status: 503, retryAfter: 0 }, 1),
    as('Ada', { failMidStream: 'end', afterTokens: 0 }, 1),
  ]);
  const turn = await runTurn(client, room.id, '@Ada go');
  expect(turn).toMatchObject({ status: 'completed', failedSteps: 0 });
  expect((await usageOf(product, turn.id)).map(({ status }) => status)).toEqual(['failed', 'failed', 'ok']);
  expect(product.modelServer.log).toHaveLength(3);
  const events = await readEvents(client, turn.id);
  expect(events.filter(({ type }) => type === 'step_started')).toHaveLength(1);
});

test('when its model is down an agent’s fallback answers, and that is what is shown and billed (AT-008)', async () => {
  const room = await createRoom(client, { agents: [{ name: 'Ada', modelAlias: 'llama', fallbackAlias: 'qwen' }] });
  product.modelServer.setRules([{ match: { model: 'llama-model' }, behaviour: { status: 400 } }]);
  const turn = await runTurn(client, room.id, '@Ada go');
  expect(stepOf(turn, 'Ada')).toMatchObject({
    status: 'completed',
    modelAlias: 'qwen',
    requestedModel: 'llama-model',
    servedModel: 'qwen-model',
  });
  const rows = await usageOf(product, turn.id);
  expect(rows.map(({ model_alias, status, multiplier }) => [model_alias, status, Number(multiplier)])).toEqual([
    ['llama', 'failed', 0.5],
    ['qwen', 'ok', 0.6],
  ]);
  expect(rows[0]?.credits_burned).toBe(0n);
  expect(turn.chargedMicroCredits).toBe(rows[1]?.credits_burned.toString());
});

test('a model that serves another one than was asked for is shown as what served', async () => {
  const room = await createRoom(client, { agents: ['Ada'] });
  product.modelServer.setRules([as('Ada', { servedModel: 'llama-model-turbo' })]);
  const turn = await runTurn(client, room.id, '@Ada go');
  expect(stepOf(turn, 'Ada')).toMatchObject({ requestedModel: 'llama-model', servedModel: 'llama-model-turbo' });
  expect((await usageOf(product, turn.id))[0]?.model).toBe('llama-model-turbo');
});

/** A turn that waits behind another, with caps of the test's own; then the one before it is stopped. */
async function runCapped(mode: 'manual' | 'roundtable', caps: Record<string, unknown>, reserved?: number) {
  const room = await createRoom(client, { mode, agents: ['Ada', 'Bo', 'Cy'] });
  product.modelServer.setRules([as('Ada', HANG, 1), ...(caps['wallMs'] ? [{ behaviour: HANG }] : [])]);
  const before = await sendTurn(client, room.id, '@Ada wait');
  await waitUntilAsked(product, 'Ada');
  const capped = await sendTurn(client, room.id, '@all go');
  await product.db.query(
    `UPDATE turns SET snapshot = jsonb_set(snapshot, '{caps}', snapshot->'caps' || $2::jsonb),
       reserved_micro_credits = coalesce($3, reserved_micro_credits) WHERE id = $1`,
    [capped.id, JSON.stringify(caps), reserved ?? null],
  );
  product.modelServer.clearLog();
  await client.post(`/turns/${before.id}/stop`);
  return waitForTurn(client, capped.id);
}

test('a turn ends at its limit of steps, with what it has', async () => {
  const turn = await runCapped('roundtable', { steps: 2 });
  expect(turn.steps.map(({ status }) => status)).toEqual(['completed', 'completed', 'cancelled']);
  expect(turn).toMatchObject({ status: 'completed', reservedMicroCredits: '0' });
  expect(turn.warnings).toEqual([{ code: 'cap_reached', message: 'The turn reached its limit of 2 steps.' }]);
});

test('a turn ends at its limit of model calls', async () => {
  const turn = await runCapped('roundtable', { calls: 1 });
  expect(turn.steps.map(({ status }) => status)).toEqual(['completed', 'cancelled', 'cancelled']);
  expect(turn.warnings).toMatchObject([{ code: 'cap_reached' }]);
  expect(product.modelServer.log).toHaveLength(1);
});

test('a turn ends at its limit of time, whatever its models do', async () => {
  const turn = await runCapped('manual', { wallMs: 300 });
  expect(turn).toMatchObject({ status: 'failed', error: { code: 'cap_reached' }, reservedMicroCredits: '0' });
  expect(turn.steps.map(({ status }) => status)).toEqual(['cancelled', 'cancelled', 'cancelled']);
  expect((await usageOf(product, turn.id)).every(({ status }) => status === 'cancelled')).toBe(true);
});

test('a call that the rest of the hold can’t cover isn’t made, and the turn says so', async () => {
  const turn = await runCapped('roundtable', {}, 1_000);
  expect(turn).toMatchObject({ status: 'failed', error: { code: 'credits_exhausted' }, chargedMicroCredits: '0' });
  expect(product.modelServer.log).toEqual([]);
});

test('a turn that failed leaves the room usable: the next one runs', async () => {
  const room = await createRoom(client, { agents: ['Ada'] });
  product.modelServer.setRules([as('Ada', { status: 400 }, 1)]);
  const failed = await runTurn(client, room.id, '@Ada go');
  const next = await runTurn(client, room.id, '@Ada again');
  expect([failed.status, next.status]).toEqual(['failed', 'completed']);
  expect(next.parentTurnId).toBe(failed.id);
  expect((await getTurn(client, failed.id)).error).toEqual(failed.error);
});

test('a reply that the database refuses is our fault: the turn ends, says so and holds nothing', async () => {
  await product.db.query(`
    CREATE FUNCTION refuse_reply() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'refused'; END $$;
    CREATE TRIGGER refuse_reply BEFORE INSERT ON messages FOR EACH ROW WHEN (NEW.content = 'Refuse me.')
    EXECUTE FUNCTION refuse_reply()`);
  const room = await createRoom(client, { mode: 'roundtable', agents: ['Ada', 'Bo'] });
  for (const name of ['Ada', 'Bo']) {
    product.modelServer.setRules([as(name, { text: 'Refuse me.' })]);
    const turn = await runTurn(client, room.id, 'Go.');
    expect(turn.reservedMicroCredits).toBe('0');
    expect(stepOf(turn, name)).toMatchObject({ status: 'cancelled', content: '' });
    expect(turn.error ?? turn.warnings[0]).toMatchObject({ code: 'internal' });
    expect((await readEvents(client, turn.id)).at(-1)?.data).toEqual(turn);
  }
  await product.db.query('DROP TRIGGER refuse_reply ON messages');
});
