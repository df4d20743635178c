import { beforeEach, expect, test } from 'vitest';
import type { TurnEvent } from '#server/turns/contract.ts';
import { startTestApp } from '../support/app.ts';
import { createRoom } from '../support/rooms.ts';
import { followEvents, getTurn, readEvents, runTurn, sendTurn } from '../support/turns.ts';
import { as, HANG, stepOf, textsOf, waitForEvent, type Problem } from './scenes.ts';

const product = await startTestApp({ model: { defaults: { tokens: 8 } } });
const { client } = await product.createUser();

beforeEach(() => {
  product.modelServer.setRules([]);
  product.modelServer.clearLog();
});

const ended = async () => {
  const room = await createRoom(client, { mode: 'roundtable', agents: ['Ada', 'Bo'] });
  return runTurn(client, room.id, 'Hello.');
};

test('the log counts from 1 without a gap, ends with one terminal event, and that event’s data is the turn (FR-RT-003)', async () => {
  const turn = await ended();
  const events = await readEvents(client, turn.id);
  expect(events.map(({ seq }) => seq)).toEqual(events.map((_, place) => place + 1));
  expect(events.filter(({ type }) => /^turn_(completed|failed|cancelled)$/.test(type))).toHaveLength(1);
  expect(events.at(-1)).toMatchObject({ type: 'turn_completed', turnId: turn.id, seq: turn.lastSeq });
  expect(events.at(-1)?.data).toEqual(await getTurn(client, turn.id));
  for (const event of events) {
    expect(event.turnId).toBe(turn.id);
    expect(Date.parse(event.at)).not.toBeNaN();
    expect('stepId' in event).toBe(event.type.startsWith('step_'));
  }
  expect(events.filter(({ type }) => type === 'step_completed').map(({ data }) => data)).toEqual(turn.steps);
});

test('SSE and NDJSON say the same, each in its own type, and close by themselves (FR-RT-001)', async () => {
  const turn = await ended();
  const sse = await client.fetch(`/api/v1/turns/${turn.id}/events`);
  expect(sse.headers.get('content-type')).toContain('text/event-stream');
  expect(sse.headers.get('cache-control')).toContain('no-cache');
  await sse.text();
  const ndjson = await client.fetch(`/api/v1/turns/${turn.id}/events`, {
    headers: { Accept: 'application/x-ndjson' },
  });
  expect(ndjson.headers.get('content-type')).toContain('application/x-ndjson');
  await ndjson.text();
  expect(await readEvents(client, turn.id, { transport: 'ndjson' })).toEqual(await readEvents(client, turn.id));
});

test('a reader resumes exactly after what it has, by Last-Event-ID or by ?after=, which wins (FR-RT-004)', async () => {
  const turn = await ended();
  const all = await readEvents(client, turn.id);
  for (const transport of ['sse', 'ndjson'] as const) {
    for (const place of [0, 1, all.length - 1]) {
      expect(await readEvents(client, turn.id, { transport, after: place })).toEqual(all.slice(place));
      expect(await readEvents(client, turn.id, { transport, lastEventId: place })).toEqual(all.slice(place));
    }
    expect(await readEvents(client, turn.id, { transport, after: 2, lastEventId: 4 })).toEqual(all.slice(2));
  }
});

test.each(['0', '2147483647', '99999999999'])(
  'beyond the end, or at it, is 200 and nothing more (FR-RT-004): %s',
  async (beyond) => {
    const turn = await ended();
    const after = beyond === '0' ? String(turn.lastSeq) : beyond;
    const response = await client.fetch(`/api/v1/turns/${turn.id}/events?after=${after}`);
    expect(response.status).toBe(200);
    expect((await response.text()).replaceAll(/^:.*\n\n/gm, '')).toBe('');
  },
);

test('a cursor beyond the end of a turn that runs ends with the turn, with nothing said', async () => {
  const room = await createRoom(client, { agents: ['Ada'] });
  product.modelServer.setRules([as('Ada', HANG)]);
  const { id } = await sendTurn(client, room.id, '@Ada go');
  const reading = readEvents(client, id, { after: 5_000 });
  await waitForEvent(client, id, ({ type }) => type === 'step_delta');
  await client.post(`/turns/${id}/stop`);
  expect(await reading).toEqual([]);
});

test.each(['-1', '1.5', 'abc', '1e3', ' 1', '', '99999999999999999999'])(
  'a cursor that is no non-negative integer is 400: “%s” (FR-RT-004)',
  async (cursor) => {
    const turn = await ended();
    const asked = await client.get<Problem>(`/turns/${turn.id}/events?after=${encodeURIComponent(cursor)}`);
    expect([asked.status, asked.body.code]).toEqual([400, 'invalid_query']);
    if (cursor === '' || cursor === ' 1') return;
    const header = await client.get<Problem>(`/turns/${turn.id}/events`, { 'Last-Event-ID': cursor });
    expect(header.status).toBe(400);
  },
);

test('all readers of a running turn see the same events, whenever they came and whatever they missed (FR-RT-004)', async () => {
  const room = await createRoom(client, { mode: 'roundtable', agents: ['Ada', 'Bo', 'Cy'] });
  product.modelServer.setRules([{ behaviour: { tokens: 12, tokenDelayMs: 8 } }]);
  const { id } = await sendTurn(client, room.id, 'Go.');
  const early = readEvents(client, id);
  const other = readEvents(client, id, { transport: 'ndjson' });
  await waitForEvent(client, id, ({ type }) => type === 'step_completed');
  const late = readEvents(client, id);
  const dropping = readWithDrops(id);
  const [first, second, third, fourth] = await Promise.all([early, other, late, dropping]);
  expect(second).toEqual(first);
  expect(third).toEqual(first);
  expect(fourth).toEqual(first);
  expect(await readEvents(client, id)).toEqual(first);
});

/** A reader whose connection breaks after every third event. */
async function readWithDrops(turnId: string): Promise<TurnEvent[]> {
  const seen: TurnEvent[] = [];
  for (;;) {
    let had = 0;
    for await (const event of followEvents(client, turnId, { lastEventId: seen.at(-1)?.seq ?? 0 })) {
      seen.push(event);
      had += 1;
      if (had === 3) break;
    }
    if (seen.at(-1)?.type.startsWith('turn_c')) return seen;
  }
}

test.each([
  ['emoji and accents', 'Family 👩‍👩‍👧‍👦 naïve ☕️ 𝒳 — done'],
  ['white space at both ends', '\n\n  indented?  yes \t\n\n'],
  ['an own label', 'Ada: said as asked'],
  ['another’s part', 'Mine.\nBo: not mine'],
  ['a lone surrogate and a NUL', 'a\ud800b\u0000c'],
  ['markup that looks like the wire', 'data: x\n\nid: 7\nevent: turn_failed\n\n{"seq":1}'],
])('the deltas after the last start make the final content exactly: %s (FR-RT-003)', async (_, text) => {
  const room = await createRoom(client, { agents: ['Ada', 'Bo'] });
  product.modelServer.setRules([as('Ada', { text, tokenDelayMs: 2 })]);
  const turn = await runTurn(client, room.id, '@Ada go');
  const step = stepOf(turn, 'Ada');
  expect(step.status).toBe('completed');
  const texts = textsOf(await readEvents(client, turn.id));
  expect(texts.get(step.id)).toBe(step.content);
  expect(step.content.isWellFormed()).toBe(true);
  expect(step.content).toBe(step.content.trim());
  const { body } = await client.get<{ items: { content: string }[] }>(`/rooms/${room.id}/messages`);
  expect(body.items.at(-1)?.content).toBe(step.content);
});

test.each(['sse', 'ndjson'] as const)(
  'NFR-PERF-002: the first words of a step are with its reader while the model’s reply is still open (%s)',
  async (transport) => {
    const room = await createRoom(client, { mode: 'roundtable', agents: ['Ada', 'Bo'] });
    // Three words, and the rest is never sent.
    product.modelServer.setRules([as('Ada', HANG)]);
    const { id } = await sendTurn(client, room.id, 'Go.');
    const seen: TurnEvent[] = [];
    for await (const event of followEvents(client, id, { transport })) {
      seen.push(event);
      if (event.type === 'step_delta') break;
    }
    expect(textsOf(seen).get(stepOf(await getTurn(client, id), 'Ada').id)).not.toBe('');
    expect(product.modelServer.log).toMatchObject([{ status: 'running', finishedAt: null }]);
    await client.post(`/turns/${id}/stop`);
    await readEvents(client, id);
  },
);

test('a stopped turn’s partial text is what its deltas say', async () => {
  const room = await createRoom(client, { agents: ['Ada'] });
  product.modelServer.setRules([as('Ada', HANG)]);
  const { id } = await sendTurn(client, room.id, '@Ada go');
  await waitForEvent(client, id, ({ type }) => type === 'step_delta');
  await client.post(`/turns/${id}/stop`);
  const events = await readEvents(client, id);
  expect(events.at(-1)?.type).toBe('turn_cancelled');
  const turn = await getTurn(client, id);
  expect(events.at(-1)?.data).toEqual(turn);
  expect([...textsOf(events).values()]).toEqual([stepOf(turn, 'Ada').content]);
});

test('a reader that has nothing to read yet is kept alive by a comment (FR-RT-001)', async () => {
  const room = await createRoom(client, { agents: ['Ada'] });
  product.modelServer.setRules([as('Ada', { hang: 'headers' })]);
  const { id, lastSeq } = await sendTurn(client, room.id, '@Ada go');
  await waitForEvent(client, id, ({ type }) => type === 'step_started');
  const gone = new AbortController();
  const response = await client.fetch(`/api/v1/turns/${id}/events?after=${lastSeq + 2}`, { signal: gone.signal });
  const first = await response.body?.getReader().read();
  expect(new TextDecoder().decode(first?.value)).toMatch(/^:.*\n\n$/);
  gone.abort();
  await client.post(`/turns/${id}/stop`);
});

test('a reader that goes away doesn’t stop the turn', async () => {
  const room = await createRoom(client, { agents: ['Ada'] });
  product.modelServer.setRules([as('Ada', { tokens: 20, tokenDelayMs: 10 })]);
  const { id } = await sendTurn(client, room.id, '@Ada go');
  for await (const event of followEvents(client, id)) if (event.type === 'step_delta') break;
  const events = await readEvents(client, id);
  expect(events.at(-1)?.type).toBe('turn_completed');
});

test('whoever is suspended while reading is cut off', async () => {
  const other = await product.createUser();
  const room = await createRoom(other.client, { agents: ['Ada'] });
  product.modelServer.setRules([as('Ada', HANG)]);
  const { id } = await sendTurn(other.client, room.id, '@Ada go');
  const reading = readEvents(other.client, id);
  await waitForEvent(other.client, id, ({ type }) => type === 'step_delta');
  await product.db.query('UPDATE users SET suspended_at = now() WHERE id = $1', [other.id]);
  const seen = await reading;
  expect(seen.at(-1)?.type).toBe('step_delta');
});
