/** Turns kept as tests: recorded from a real turn, replayed for nothing, gone with the turn. */
import { expect, test } from 'vitest';
import { readPrompts } from '#graphs/prompts/registry.ts';
import { checkRecording } from '#server/recordings/check-recording.ts';
import { ZRecording, type KeptTest, type Recording, type TestReport } from '#server/recordings/contract.ts';
import { afterFile } from '#tests/support/after-file.ts';
import { startTestApp } from '#tests/support/app.ts';
import { startSearchServer } from '#tests/support/search-server.ts';
import { createDirectSession, createRoom } from '#tests/support/rooms.ts';
import { runTurn } from '#tests/support/turns.ts';
import { as, asManager } from '#tests/turns/scenes.ts';

const search = await startSearchServer();
afterFile(() => search.close());
const product = await startTestApp({ env: { TAVILY_API_KEY: search.apiKey, TAVILY_BASE_URL: search.url } });
const { client } = await product.createUser({ microCredits: 10_000_000_000n });
const prompts = readPrompts();

const PLAN = {
  rationale: 'Figures, then risks.',
  assignments: [
    { agent: 'Ada', instruction: 'Figures', group: 1 },
    { agent: 'Bo', instruction: 'Risks', group: 2 },
  ],
};

async function recordingOf(turnId: string): Promise<Recording> {
  const { status, body, headers } = await client.get(`/turns/${turnId}/recording`);
  expect(status).toBe(200);
  expect(headers.get('Content-Disposition')).toContain('.json');
  return ZRecording.parse(body);
}

test.each(['manual', 'roundtable', 'orchestrator', 'direct'] as const)(
  'a %s turn is recorded, and replayed offline it is asked the same and comes to the same',
  async (mode) => {
    product.modelServer.setRules([
      asManager('plan', { invalidPlan: true }, 1),
      asManager('plan', { json: PLAN }),
      asManager('synthesis', { text: 'In short: yes.' }),
      as('Ada', { text: '  Ada: The figures are fine.\n\nBo: and I agree.' }),
      as('Bo', { text: 'The risks are small.' }),
    ]);
    const agents = ['Ada', { name: 'Bo', toolPermissions: { search: true, files: false } }];
    const home =
      mode === 'direct'
        ? { directSessionId: (await createDirectSession(client, 'Ada')).id }
        : (await createRoom(client, { mode, agents })).id;
    await runTurn(client, home, '@all What was before?');
    const turn = await runTurn(client, home, '@all Shall we launch?');
    expect(turn.status).toBe('completed');
    const asked = product.modelServer.log.length;
    const recording = await recordingOf(turn.id);
    const { before, after, changedRequests, ok } = await checkRecording(recording, {
      prompts,
      roster: recording.roster,
    });
    expect([ok, changedRequests]).toEqual([true, []]);
    expect(after).toEqual(before);
    expect(after.filter((verdict) => !verdict.ok)).toEqual([]);
    expect(product.modelServer.log).toHaveLength(asked);
    // Another's label ends a reply; in a direct chat there is nobody else.
    const said = recording.steps.find(({ agentName }) => agentName === 'Ada')?.content;
    expect(said).toBe(mode === 'direct' ? 'The figures are fine.\n\nBo: and I agree.' : 'The figures are fine.');
  },
);

test('a turn with tools keeps what came of them, and its sources resolve', async () => {
  product.modelServer.setRules([
    {
      match: { lastMessage: 'Look it up' },
      times: 1,
      behaviour: { toolCalls: [{ name: 'search_web', arguments: { query: 'boats' } }] },
    },
    as('Ada', { text: 'They float [1].' }),
  ]);
  const agents = [{ name: 'Ada', toolPermissions: { search: true, files: false } }];
  const room = await createRoom(client, { mode: 'roundtable', agents });
  const turn = await runTurn(client, room.id, 'Look it up');
  const recording = await recordingOf(turn.id);
  expect(recording.steps[0]).toMatchObject({ replies: null, citations: [1] });
  const { after } = await checkRecording(recording, { prompts, roster: recording.roster });
  expect(after.filter((verdict) => !verdict.ok)).toEqual([]);
});

test('the room’s tests run before an agent is saved, and tell what it breaks and what it changes', async () => {
  product.modelServer.setRules([]);
  const room = await createRoom(client, { agents: ['Ada', 'Bo'] });
  const [ada] = room.agents;
  const turn = await runTurn(client, room.id, '@Ada and @Bo, hello');
  expect((await client.put(`/turns/${turn.id}/recording`, {})).status).toBe(204);
  expect((await client.put(`/turns/${turn.id}/recording`, { maxMicroCredits: '900000000' })).status).toBe(204);
  const { body: kept } = await client.get<{ items: KeptTest[] }>(`/rooms/${room.id}/recordings`);
  expect(kept.items).toEqual([
    expect.objectContaining({
      turnId: turn.id,
      message: '@Ada and @Bo, hello',
      mode: 'manual',
      maxMicroCredits: '900000000',
    }),
  ]);
  const run = async (body: object) => {
    const ran = await client.post<TestReport>(`/rooms/${room.id}/recordings/replay`, body);
    expect(ran.status).toBe(200);
    return ran.body;
  };
  const [calls, wallet] = [product.modelServer.log.length, (await client.get('/wallet')).body];
  expect(await run({})).toMatchObject({ broken: 0, changed: 0, items: [{ ok: true }] });
  const prompt = await run({ agent: { id: ada!.id, rolePrompt: 'Answer in rhymes.' } });
  expect(prompt).toMatchObject({ broken: 0, changed: 1 });
  expect(prompt.items[0]!.changedRequests.map(({ agentName }) => agentName)).toEqual(['Ada']);
  const renamed = await run({ agent: { id: ada!.id, name: 'Ava' } });
  expect(renamed).toMatchObject({ broken: 1 });
  expect(renamed.items[0]!.after.find(({ contract }) => contract === 'who')!.detail).toContain('Ada answered then');
  expect(await run({ agent: { id: ada!.id, active: false } })).toMatchObject({ broken: 1 });
  expect(await run({ agent: { name: 'Cy', rolePrompt: 'New here.' } })).toMatchObject({ broken: 0 });
  expect((await client.post(`/rooms/${room.id}/recordings/replay`, { agent: { id: turn.id } })).status).toBe(404);
  // Nothing was asked of a model, and nothing was charged or changed.
  expect(product.modelServer.log).toHaveLength(calls);
  expect((await client.get('/wallet')).body).toEqual(wallet);
  expect((await client.get<{ name: string }>(`/rooms/${room.id}/agents`)).body).toMatchObject({
    items: [{ name: 'Ada' }, { name: 'Bo' }],
  });
  expect((await client.delete(`/turns/${turn.id}/recording`)).status).toBe(204);
  expect(await run({})).toMatchObject({ items: [] });
});

test('a test is its owner’s, of a finished turn in a room, and goes with the turn', async () => {
  const other = await product.createUser();
  const room = await createRoom(client, { agents: ['Ada'], mode: 'roundtable' });
  const turn = await runTurn(client, room.id, 'Hello');
  for (const [method, path] of [
    ['get', `/turns/${turn.id}/recording`],
    ['delete', `/turns/${turn.id}/recording`],
    ['get', `/rooms/${room.id}/recordings`],
  ] as const) {
    expect((await other.client[method](path)).status).toBe(404);
  }
  expect((await other.client.put(`/turns/${turn.id}/recording`, {})).status).toBe(404);
  const direct = await createDirectSession(client, 'Cy');
  const alone = await runTurn(client, { directSessionId: direct.id }, 'Hi');
  expect((await client.put(`/turns/${alone.id}/recording`, {})).status).toBe(409);
  await client.put(`/turns/${turn.id}/recording`, {});
  await product.db.query('DELETE FROM turns WHERE id = $1', [turn.id]);
  const { rows } = await product.db.query('SELECT 1 FROM recordings WHERE turn_id = $1', [turn.id]);
  expect(rows).toEqual([]);
});
