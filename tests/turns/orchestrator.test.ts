import { beforeEach, expect, test } from 'vitest';
import type { Plan } from '#server/turns/contract.ts';
import { startTestApp } from '../support/app.ts';
import type { ChatBody } from '../support/model-server/behaviour.ts';
import { createRoom } from '../support/rooms.ts';
import { readEvents, runTurn } from '../support/turns.ts';
import { as, askedAs, asManager, said, stepOf, usageOf } from './scenes.ts';

/** The bodies as they came over the wire, for what the log leaves out. */
const bodies: ChatBody[] = [];
const product = await startTestApp({
  model: {
    defaults: { tokens: 6 },
    behave: (body) => {
      bodies.push(body);
      return undefined;
    },
  },
});
const { client } = await product.createUser();

beforeEach(() => {
  product.modelServer.setRules([]);
  product.modelServer.clearLog();
  bodies.length = 0;
});

const plan = (...assignments: [agent: string, instruction: string, group: number][]): Plan => ({
  rationale: 'They know best.',
  assignments: assignments.map(([agent, instruction, group]) => ({ agent, instruction, group })),
});
const council = () => createRoom(client, { mode: 'orchestrator', agents: ['Ada', 'Bo', 'Cy'] });
const planRequests = () =>
  product.modelServer.log.filter(({ system }) => system.includes('you decide who works on it'));

test('the manager plans, workers work group by group, the manager answers (AT-005, FR-MODE-003)', async () => {
  const room = await council();
  product.modelServer.setRules([
    asManager('plan', { json: plan(['Cy', 'Check it.', 7], ['Ada', 'Find it.', 2], ['Bo', 'Weigh it.', 2]) }),
    as('Ada', { text: 'Found.' }),
    as('Bo', { text: 'Weighed.' }),
    as('Cy', { text: 'Checked.' }),
    asManager('synthesis', { text: 'So it is.' }),
  ]);
  const turn = await runTurn(client, room.id, 'What is it?');
  expect(turn).toMatchObject({ status: 'completed', failedSteps: 0, mode: 'orchestrator' });
  expect(
    turn.steps.map(({ kind, agentName, instruction, content }) => [kind, agentName, instruction, content]),
  ).toEqual([
    ['manager', 'Manager', null, 'They know best.'],
    ['agent', 'Ada', 'Find it.', 'Found.'],
    ['agent', 'Bo', 'Weigh it.', 'Weighed.'],
    ['agent', 'Cy', 'Check it.', 'Checked.'],
    ['synthesis', 'Manager', null, 'So it is.'],
  ]);

  const events = await readEvents(client, turn.id);
  const decided = events.find(({ type }) => type === 'route_decided');
  expect(decided).toMatchObject({
    stepId: turn.steps[0]?.id,
    data: {
      rationale: 'They know best.',
      assignments: [
        { agent: 'Ada', instruction: 'Find it.', group: 1 },
        { agent: 'Bo', instruction: 'Weigh it.', group: 1 },
        { agent: 'Cy', instruction: 'Check it.', group: 2 },
      ],
    },
  });
  const at = (type: string, agent: string) =>
    events.find((event) => event.type === type && (event.data as { agentName?: string }).agentName === agent)?.seq ?? 0;
  expect(at('step_started', 'Ada')).toBeGreaterThan(decided?.seq ?? Infinity);
  expect(at('step_started', 'Cy')).toBeGreaterThan(Math.max(at('step_completed', 'Ada'), at('step_completed', 'Bo')));

  expect(said(askedAs(product, 'Bo')[0]).join('\n')).not.toContain('Found.');
  const heardByCy = said(askedAs(product, 'Cy')[0]).join('\n');
  expect(heardByCy).toContain('Ada wrote:\n~~~\nFound.\n~~~');
  expect(heardByCy).toContain('Check it.');
  expect(said(product.modelServer.log.at(-1)).join('\n')).toMatch(/Found\.[\s\S]*Weighed\.[\s\S]*Checked\./);
  const rows = await usageOf(product, turn.id);
  expect(rows.map(({ purpose }) => purpose).sort()).toEqual(['agent', 'agent', 'agent', 'manager', 'synthesis']);
});

test('the plan is asked for as a JSON schema whose agent is an inline enum of the roster’s names (AT-005, FR-MODE-003)', async () => {
  const room = await council();
  await runTurn(client, room.id, 'Go.');
  const schema = bodies[0]?.response_format?.json_schema?.schema;
  expect(bodies[0]?.response_format?.type).toBe('json_schema');
  expect(schema?.properties?.['assignments']?.items?.properties?.['agent']).toEqual({
    type: 'string',
    enum: ['Ada', 'Bo', 'Cy'],
  });
  expect(schema?.properties?.['rationale']?.type).toBe('string');
  expect(JSON.stringify(schema)).not.toContain('$ref');
  expect(bodies.filter(({ stream }) => stream).every((body) => body.stream_options?.include_usage === true)).toBe(true);
});

test('the platform’s setting names the manager’s model, whatever the plan of the person (FR-MODE-004)', async () => {
  const room = await council();
  const byDefault = await runTurn(client, room.id, 'Go.');
  expect(stepOf(byDefault, 'Manager').modelAlias).toBe('deepseek');
  const set = (alias: string) =>
    product.db.query(`UPDATE platform_settings SET value = to_jsonb($1::text) WHERE key = 'manager_model_alias'`, [
      alias,
    ]);
  await set('premium');
  try {
    const turn = await runTurn(client, room.id, 'Go again.');
    expect(turn.status).toBe('completed');
    expect(stepOf(turn, 'Manager').modelAlias).toBe('premium');
    expect(turn.steps.at(-1)).toMatchObject({ kind: 'synthesis', modelAlias: 'premium' });
  } finally {
    await set('deepseek');
  }
});

test('a plan that names nobody of the room is sent back with what is wrong with it, and the corrected one is used (AT-005)', async () => {
  const room = await council();
  product.modelServer.setRules([
    asManager('plan', { json: plan(['Nobody', 'Do it.', 1]) }, 1),
    asManager('plan', { text: 'not even JSON' }, 1),
    asManager('plan', { json: plan(['Bo', 'Do it.', 1]) }),
  ]);
  const turn = await runTurn(client, room.id, 'Go.');
  expect(turn.status).toBe('completed');
  expect(turn.steps.map(({ agentName }) => agentName)).toEqual(['Manager', 'Bo', 'Manager']);
  expect(planRequests()).toHaveLength(3);
  expect(planRequests()[1]?.lastMessage).toContain('there is no agent called “Nobody”');
  expect(planRequests()[1]?.lastMessage).toContain('“Ada”, “Bo”, “Cy”');
  expect(said(planRequests()[2])).toContain('not even JSON');
  const rows = await usageOf(product, turn.id);
  expect(rows.filter(({ purpose }) => purpose === 'manager')).toHaveLength(3);
  const managerCharged = rows
    .filter(({ purpose }) => purpose === 'manager')
    .reduce((sum, row) => sum + row.credits_burned, 0n);
  expect(turn.steps[0]?.usage.chargedMicroCredits).toBe(managerCharged.toString());
});

test('after two corrections the turn fails in plain words, and nobody has worked (AT-005)', async () => {
  const room = await council();
  product.modelServer.setRules([asManager('plan', { invalidPlan: true })]);
  const turn = await runTurn(client, room.id, 'Go.');
  expect(turn).toMatchObject({ status: 'failed', failedSteps: 1, error: { code: 'routing_failed' } });
  expect(turn.error?.message).toContain('“Nobody of that name”');
  expect(turn.steps).toHaveLength(1);
  expect(product.modelServer.log).toHaveLength(3);
  expect(await usageOf(product, turn.id)).toHaveLength(3);
  expect((await readEvents(client, turn.id)).at(-1)?.type).toBe('turn_failed');
});

test('a model that knows no response_format is asked by a forced tool call (AT-005)', async () => {
  const room = await council();
  product.modelServer.setRules([asManager('plan', { rejectResponseFormat: true, json: plan(['Ada', 'Do it.', 1]) })]);
  const turn = await runTurn(client, room.id, 'Go.');
  expect(turn.status).toBe('completed');
  expect(planRequests().map(({ structured, httpStatus }) => [structured, httpStatus])).toEqual([
    ['json_schema', 400],
    ['tool', 200],
  ]);
  expect(turn.steps.map(({ agentName }) => agentName)).toEqual(['Manager', 'Ada', 'Manager']);
  expect((await usageOf(product, turn.id)).map(({ status }) => status).sort()).toEqual(['failed', 'ok', 'ok', 'ok']);
});

test('when the manager can’t be reached the turn fails and says that nobody was asked', async () => {
  const room = await council();
  product.modelServer.setRules([asManager('plan', { status: 401, errorMessage: 'No such key sk-secret' })]);
  const turn = await runTurn(client, room.id, 'Go.');
  expect(turn).toMatchObject({ status: 'failed', error: { code: 'routing_failed' } });
  expect(turn.error?.message).not.toContain('sk-secret');
  expect(product.modelServer.log).toHaveLength(1);
});

test('a worker that fails is a card of its own; the others work and the manager is told who was silent', async () => {
  const room = await council();
  product.modelServer.setRules([
    asManager('plan', { json: plan(['Ada', 'Find it.', 1], ['Bo', 'Weigh it.', 1]) }),
    as('Ada', { status: 400, errorMessage: 'no' }),
  ]);
  const turn = await runTurn(client, room.id, 'Go.');
  expect(turn).toMatchObject({ status: 'completed', failedSteps: 1 });
  expect(turn.steps.map(({ status }) => status)).toEqual(['completed', 'failed', 'completed', 'completed']);
  expect(said(product.modelServer.log.at(-1)).join('\n')).toContain('No reply came from: Ada.');
});

test('when no worker can answer there is nothing to sum up and the turn fails', async () => {
  const room = await council();
  product.modelServer.setRules([
    asManager('plan', { json: plan(['Ada', 'Find it.', 1]) }),
    as('Ada', { status: 400, errorMessage: 'no' }),
  ]);
  const turn = await runTurn(client, room.id, 'Go.');
  expect(turn.status).toBe('failed');
  expect(turn.steps.map(({ kind, status }) => `${kind} ${status}`)).toEqual(['manager completed', 'agent failed']);
});

test('an agent may get two parts, and its name is taken whatever its case', async () => {
  const room = await council();
  product.modelServer.setRules([
    asManager('plan', { json: plan(['ada', 'First.', 1], ['Ada', 'Second.', 2]) }),
    as('Ada', { text: 'Part one.' }, 1),
    as('Ada', { text: 'Part two.' }),
  ]);
  const turn = await runTurn(client, room.id, 'Go.');
  expect(turn.steps.map(({ content }) => content).slice(1, 3)).toEqual(['Part one.', 'Part two.']);
});
