import { beforeEach, expect, test } from 'vitest';
import { startTestApp } from '../support/app.ts';
import { createRoom } from '../support/rooms.ts';
import { readEvents, runTurn, sendTurn, waitForTurn } from '../support/turns.ts';
import { as, askedAs, HANG, said, stepOf, textsOf, waitForEvent, waitForStart } from './scenes.ts';

const product = await startTestApp({ model: { defaults: { tokens: 6 } } });
const { client } = await product.createUser();

beforeEach(() => {
  product.modelServer.setRules([]);
  product.modelServer.clearLog();
});

test('each step streams on its own: the first reply is read in full while the second has not said a word (AT-004, FR-MODE-006)', async () => {
  const room = await createRoom(client, { mode: 'roundtable', agents: ['Ada', 'Bo'] });
  product.modelServer.setRules([as('Ada', { text: 'A river is a road.' }), as('Bo', { hang: 'first_token' }, 1)]);
  const { id } = await sendTurn(client, room.id, 'What is a river?');

  const done = await waitForEvent(client, id, ({ type }) => type === 'step_completed');
  expect(done.data).toMatchObject({ agentName: 'Ada', content: 'A river is a road.', status: 'completed' });
  const boStep = await waitForStart(client, id, 'Bo');
  await client.post(`/turns/${id}/steps/${boStep}/skip`);
  await waitForTurn(client, id);

  const events = await readEvents(client, id);
  const order = events
    .filter(({ type }) => type !== 'step_delta')
    .map((event) => `${event.type}${'stepId' in event ? ` ${(event.data as { agentName: string }).agentName}` : ''}`);
  expect(order).toEqual([
    'turn_queued',
    'turn_started',
    'step_started Ada',
    'step_completed Ada',
    'step_started Bo',
    'step_skipped Bo',
    'turn_completed',
  ]);
  expect([...textsOf(events).values()]).toEqual(['A river is a road.', '']);
});

test('every active agent speaks once, in the configured order, and reads what was said before it, verbatim (FR-MODE-002)', async () => {
  const room = await createRoom(client, { mode: 'roundtable', agents: ['Ada', 'Bo', 'Cy'] });
  await client.put(`/rooms/${room.id}/agents/order`, { agentIds: room.agents.map(({ id }) => id).reverse() });
  product.modelServer.setRules([
    as('Cy', { text: 'Cy says "one" & <two>.\n\n- three' }),
    as('Bo', { text: 'Bo adds four.' }),
    as('Ada', { text: 'Ada closes.' }),
  ]);
  const turn = await runTurn(client, room.id, 'Count.');
  expect(turn.steps.map(({ agentName, content }) => [agentName, content])).toEqual([
    ['Cy', 'Cy says "one" & <two>.\n\n- three'],
    ['Bo', 'Bo adds four.'],
    ['Ada', 'Ada closes.'],
  ]);
  expect(said(askedAs(product, 'Cy')[0])).toEqual(['Count.']);
  const [heardByAda, asked] = said(askedAs(product, 'Ada')[0]);
  expect(heardByAda).toContain('Cy wrote:\n~~~\nCy says "one" & <two>.\n\n- three\n~~~');
  expect(heardByAda).toContain('Bo wrote:\n~~~\nBo adds four.\n~~~');
  expect(asked).toBe('Count.');
});

test('agents know who else is in the room, by name only, and are kept on the person’s task (FR-AGENT-006)', async () => {
  const room = await createRoom(client, {
    mode: 'roundtable',
    agents: [
      { name: 'Ada', rolePrompt: 'You calculate. Secret of Ada.' },
      { name: 'Bo', rolePrompt: 'You doubt. Secret of Bo.' },
      { name: 'Cy', active: false, rolePrompt: 'You sleep.' },
    ],
  });
  await runTurn(client, room.id, 'Is it true?');
  const [ada, bo] = [askedAs(product, 'Ada')[0]?.system ?? '', askedAs(product, 'Bo')[0]?.system ?? ''];
  expect(ada).toContain('You calculate. Secret of Ada.');
  expect(ada).toContain('Also in the room: Bo.');
  expect(ada).not.toContain('Secret of Bo');
  expect(bo).toContain('Also in the room: Ada.');
  expect(bo).not.toContain('Secret of Ada');
  expect(bo).not.toContain('Cy');
  for (const system of [ada, bo]) {
    expect(system).toContain('Don’t greet'.replace('’', "'"));
    expect(system).toContain('Never write another agent');
  }
});

test('an agent that was alone in the room is told of nobody (FR-AGENT-006)', async () => {
  const room = await createRoom(client, { agents: ['Ada'] });
  await runTurn(client, room.id, '@Ada hello');
  expect(askedAs(product, 'Ada')[0]?.system).not.toContain('Also in the room');
});

test('a reply that goes on as another agent ends before it does, and the next agent reads only what is left (FR-AGENT-006)', async () => {
  const room = await createRoom(client, { mode: 'roundtable', agents: ['Ada', 'Bo'] });
  product.modelServer.setRules([
    as('Ada', { text: 'Ada: Mine is short.\n\n**Bo:** I say something I never said.\nAda: and more' }),
    as('Bo', { text: 'My own words.' }),
  ]);
  const turn = await runTurn(client, room.id, 'Speak.');
  expect(stepOf(turn, 'Ada').content).toBe('Mine is short.');
  expect(said(askedAs(product, 'Bo')[0])[0]).not.toContain('I never said');
  const texts = textsOf(await readEvents(client, turn.id));
  expect(texts.get(stepOf(turn, 'Ada').id)).toBe('Mine is short.');
});

test('what was skipped in mid-sentence is not read by those who follow', async () => {
  const room = await createRoom(client, { mode: 'roundtable', agents: ['Ada', 'Bo'] });
  product.modelServer.setRules([as('Ada', { text: 'Half a thought that never ends', ...HANG }, 1)]);
  const { id } = await sendTurn(client, room.id, 'Think.');
  await waitForEvent(client, id, ({ type }) => type === 'step_delta');
  const { steps } = await waitForTurn(client, id, { until: ['running'] });
  await client.post(`/turns/${id}/steps/${steps[0]?.id}/skip`);
  const turn = await waitForTurn(client, id);
  expect(stepOf(turn, 'Ada').status).toBe('skipped');
  expect(said(askedAs(product, 'Bo')[0])).toEqual(['Think.']);
});
