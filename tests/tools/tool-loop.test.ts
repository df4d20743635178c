import { beforeAll, describe, expect, it } from 'vitest';
import type { ToolCall } from '#server/turns/contract.ts';
import type { Receipt } from '#server/usage/contract.ts';
import { startTestApp, type TestApp, type TestUser } from '../support/app.ts';
import { afterFile } from '../support/after-file.ts';
import { fixture, uploadAndParse } from '../support/files.ts';
import { createDirectSession, createRoom, type TestRoom } from '../support/rooms.ts';
import { startSearchServer, type SearchServer } from '../support/search-server.ts';
import { readEvents, runTurn } from '../support/turns.ts';

let search: SearchServer;
let testApp: TestApp;
let user: TestUser;

const BOTH = { search: true, files: true };
const NONE = { search: false, files: false };

beforeAll(async () => {
  search = await startSearchServer();
  afterFile(() => search.close());
  testApp = await startTestApp({ env: { TAVILY_API_KEY: search.apiKey, TAVILY_BASE_URL: search.url } });
  user = await testApp.createUser({ microCredits: 10_000_000_000n });
});

function tools(n: number): string[] {
  return testApp.modelServer.log[n]?.tools ?? [];
}

async function room(agents: Parameters<typeof createRoom>[1] = {}): Promise<TestRoom> {
  testApp.modelServer.clearLog();
  return createRoom(user.client, { mode: 'roundtable', ...agents });
}

describe('an agent with the permission looks things up (FR-TOOL-001, FR-TOOL-002)', () => {
  it('searches the web, reads the results as data and cites them; the timeline tells it all', async () => {
    const { id } = await room({ agents: [{ name: 'Ada', toolPermissions: BOTH }] });
    testApp.modelServer.setRules([
      {
        match: { lastMessage: 'copper' },
        behaviour: { text: 'Let me look. ', toolCalls: [{ name: 'search_web', arguments: { query: 'copper price' } }] },
        times: 1,
      },
      { behaviour: { text: 'It rose [1]. Or fell [9].' } },
    ]);
    const turn = await runTurn(user.client, id, 'What of copper?');
    expect(turn.status).toBe('completed');
    const [step] = turn.steps;
    expect(step?.content).toBe('Let me look.\n\nIt rose [1]. Or fell.');
    expect(step?.toolCalls).toMatchObject([
      { tool: 'search_web', arguments: { query: 'copper price' }, status: 'completed', chargedMicroCredits: '1000000' },
    ]);
    expect(step?.citations).toMatchObject([{ kind: 'web', number: 1, host: 'news.example' }]);
    expect(turn.citations).toEqual(step?.citations);
    expect(tools(0)).toEqual(['search_web']);
    const told = testApp.modelServer.log[1]?.messages.at(-1);
    expect(told).toMatchObject({ role: 'tool' });
    expect(told?.content).toContain('~~~');

    const events = await readEvents(user.client, turn.id);
    const deltas = events.flatMap((event) => (event.type === 'step_delta' ? [event.data.text] : []));
    expect(deltas.join('')).toBe(step?.content);
    const calls = events.flatMap((event) =>
      event.type.startsWith('tool_') ? [[event.type, (event.data as ToolCall).status]] : [],
    );
    expect(calls).toEqual([
      ['tool_started', 'running'],
      ['tool_completed', 'completed'],
    ]);

    const rows = await testApp.db.query(
      'SELECT tool, status, units, credits_burned FROM tool_call_events WHERE turn_id = $1',
      [turn.id],
    );
    expect(rows.rows).toEqual([{ tool: 'search_web', status: 'completed', units: 1, credits_burned: 1_000_000n }]);
    const usage = await testApp.db.query<{ sum: string }>(
      'SELECT sum(credits_burned) AS sum FROM llm_call_events WHERE turn_id = $1',
      [turn.id],
    );
    expect(BigInt(turn.chargedMicroCredits)).toBe(BigInt(usage.rows[0]?.sum ?? 0) + 1_000_000n);
    expect(step?.usage.chargedMicroCredits).toBe(turn.chargedMicroCredits);
    expect(turn.reservedMicroCredits).toBe('0');
  });

  it('records each tool’s call and each file’s reading per step, and shows them in the receipt (FR-TOOL-007)', async () => {
    const { id } = await room({ agents: [{ name: 'Ada', toolPermissions: BOTH }] });
    const file = await uploadAndParse(user.client, id, { name: 'plan.md', bytes: '# A\n\nnoon\n\n# B\n\nnight\n' });
    testApp.modelServer.setRules([
      {
        times: 1,
        behaviour: {
          text: '',
          toolCalls: [
            { name: 'search_web', arguments: { query: 'noon' } },
            { name: 'read_file', arguments: { file: 'plan.md' } },
            { name: 'read_file', arguments: { file: 'other.md' } },
          ],
        },
      },
      { behaviour: { text: 'At noon [2].' } },
    ]);
    const turn = await runTurn(user.client, id, 'When?', { fileIds: [file.id] });
    expect(turn.files).toEqual([{ id: file.id, name: 'plan.md' }]);
    const { body: receipt } = await user.client.get<Receipt>(`/turns/${turn.id}/receipt`);
    expect(receipt.tools).toMatchObject([
      { tool: 'search_web', status: 'completed', units: 1, chargedMicroCredits: '1000000' },
      { tool: 'read_file', status: 'completed', units: 2 },
      { tool: 'read_file', status: 'denied', units: 0, chargedMicroCredits: '0' },
    ]);
    expect(receipt.tools.every(({ stepId }) => stepId === turn.steps[0]?.id)).toBe(true);
    expect(receipt.chargedMicroCredits).toBe(turn.chargedMicroCredits);
    const page = await user.client.fetch(`/turns/${turn.id}/receipt`);
    expect(await page.text()).toContain('search_web');
    const { rows } = await testApp.db.query(
      'SELECT step_id, agent_id, action, pages FROM file_access_events WHERE turn_id = $1',
      [turn.id],
    );
    expect(rows).toEqual([
      { step_id: turn.steps[0]?.id, agent_id: turn.steps[0]?.agentId, action: 'read', pages: [1, 2] },
    ]);
  });
});

describe('an agent without the permission cannot (AT-006, FR-TOOL-005)', () => {
  it('is offered nothing, and what it calls all the same is denied, recorded and shown', async () => {
    const { id } = await room({ agents: [{ name: 'Ada', toolPermissions: NONE }] });
    await uploadAndParse(user.client, id, { name: 'secret.txt', bytes: 'The code is 4711.' });
    const asked = search.requests.length;
    testApp.modelServer.setRules([
      {
        times: 1,
        behaviour: {
          text: '',
          toolCalls: [
            { name: 'search_web', arguments: { query: 'x' } },
            { name: 'read_file', arguments: { file: 'secret.txt' } },
            { name: 'launch_rocket', arguments: {} },
          ],
        },
      },
      { behaviour: { text: 'I may not.' } },
    ]);
    const turn = await runTurn(user.client, id, 'Look it up!');
    expect(tools(0)).toEqual([]);
    expect(turn.steps[0]?.content).toBe('I may not.');
    expect(turn.steps[0]?.toolCalls.map(({ tool, status }) => [tool, status])).toEqual([
      ['search_web', 'denied'],
      ['read_file', 'denied'],
      ['launch_rocket', 'denied'],
    ]);
    expect(search.requests).toHaveLength(asked);
    expect(JSON.stringify(testApp.modelServer.log)).not.toContain('4711');
    const { rows } = await testApp.db.query('SELECT status FROM tool_call_events WHERE turn_id = $1', [turn.id]);
    expect(rows).toEqual([{ status: 'denied' }, { status: 'denied' }, { status: 'denied' }]);
    const access = await testApp.db.query('SELECT action, allowed FROM file_access_events WHERE turn_id = $1', [
      turn.id,
    ]);
    expect(access.rows).toEqual([{ action: 'read', allowed: false }]);
  });
});

describe('who may read files follows from the mode (FR-TOOL-006)', () => {
  const both = [
    { name: 'Ada', toolPermissions: { search: false, files: true } },
    { name: 'Bo', toolPermissions: NONE },
  ];
  const reads = { name: 'read_file', arguments: { file: 'plan.txt' } };

  it.each(['roundtable', 'manual'] as const)('in %s only agents with the permission', async (mode) => {
    const { id } = await room({ mode, agents: both });
    const file = await uploadAndParse(user.client, id, { name: 'plan.txt', bytes: 'We meet at noon.' });
    testApp.modelServer.setRules([
      { match: { lastMessage: 'noon' }, behaviour: { text: 'At noon [1].' } },
      { match: { lastMessage: 'Denied' }, behaviour: { text: 'I may not [1].' } },
      { behaviour: { text: '', toolCalls: [reads] } },
    ]);
    const turn = await runTurn(user.client, id, mode === 'manual' ? '@all when?' : 'when?');
    const told = turn.steps.map(({ agentName, content, toolCalls }) => [
      agentName,
      content.slice(0, 7),
      toolCalls[0]?.status,
    ]);
    expect(told).toEqual([
      ['Ada', 'At noon', 'completed'],
      ['Bo', 'I may n', 'denied'],
    ]);
    expect(turn.steps[0]?.citations).toMatchObject([{ kind: 'file', title: 'plan.txt', page: 1, number: 1 }]);
    const { rows } = await testApp.db.query(
      'SELECT agent_id, action, pages, allowed FROM file_access_events WHERE turn_id = $1 ORDER BY allowed DESC',
      [turn.id],
    );
    expect(rows).toMatchObject([
      { agent_id: turn.steps[0]?.agentId, action: 'read', pages: [1], allowed: true },
      { agent_id: turn.steps[1]?.agentId, action: 'read', allowed: false },
    ]);
    const accesses = await user.client.get<{ items: unknown[] }>(`/files/${file.id}/accesses`);
    expect(accesses.body.items).toHaveLength(2);
    expect(accesses.body.items).toEqual(
      expect.arrayContaining([
        expect.objectContaining({ agentName: 'Bo', action: 'read', allowed: false }),
        expect.objectContaining({ agentName: 'Ada', pages: [1], allowed: true, turnId: turn.id }),
      ]),
    );
  });

  it('in orchestrator the manager directs an eligible worker to named files, and it reads no other', async () => {
    const { id } = await room({ mode: 'orchestrator', agents: both });
    await uploadAndParse(user.client, id, { name: 'plan.txt', bytes: 'We meet at noon.' });
    await uploadAndParse(user.client, id, { name: 'diary.txt', bytes: 'Dear diary.' });
    const plan = {
      rationale: 'Both.',
      assignments: [
        { agent: 'Ada', instruction: 'Read it.', group: 1, files: ['plan.txt'] },
        { agent: 'Bo', instruction: 'Read it too.', group: 2, files: ['plan.txt'] },
      ],
    };
    testApp.modelServer.setRules([
      { match: { structured: true }, behaviour: { json: plan } },
      {
        match: { lastMessage: 'noon' },
        behaviour: { text: '', toolCalls: [{ name: 'read_file', arguments: { file: 'diary.txt' } }] },
        times: 1,
      },
      { match: { anyMessage: 'You are Ada', tools: true, lastMessage: 'Denied' }, behaviour: { text: 'At noon [1].' } },
      { match: { tools: true }, behaviour: { text: '', toolCalls: [reads] } },
      { match: { lastMessage: 'Denied' }, behaviour: { text: 'I may not.' } },
      { match: { system: 'Bo' }, times: 1, skip: 0, behaviour: { text: '', toolCalls: [reads] } },
      { behaviour: { text: 'All in all.' } },
    ]);
    const turn = await runTurn(user.client, id, 'when?');
    expect(turn.status).toBe('completed');
    const ada = turn.steps.find(({ agentName }) => agentName === 'Ada');
    expect(ada?.toolCalls.map(({ arguments: asked, status }) => [asked, status])).toMatchObject([
      [{ file: 'plan.txt' }, 'completed'],
      [{ file: 'diary.txt' }, 'denied'],
    ]);
    const bo = turn.steps.find(({ agentName }) => agentName === 'Bo');
    expect(bo?.toolCalls.every(({ status }) => status === 'denied')).toBe(true);
    expect(JSON.stringify(testApp.modelServer.log)).not.toContain('Dear diary');
  });
});

describe('in a direct chat the agent’s own permissions hold (FR-DIRECT-003, FR-TOOL-005)', () => {
  it.each([
    [BOTH, 'completed', ['search_web', 'read_file', 'search_files', 'list_files']],
    [NONE, 'denied', []],
  ] as const)('%j: %s', async (toolPermissions, status, offered) => {
    testApp.modelServer.clearLog();
    const session = await createDirectSession(user.client, { name: 'Ada', toolPermissions });
    await uploadAndParse(user.client, { directSessionId: session.id }, { name: 'plan.txt', bytes: 'We meet at noon.' });
    testApp.modelServer.setRules([
      { times: 1, behaviour: { text: '', toolCalls: [{ name: 'read_file', arguments: { file: 'plan.txt' } }] } },
      { behaviour: { text: 'Done.' } },
    ]);
    const turn = await runTurn(user.client, { directSessionId: session.id }, 'When?');
    expect(tools(0)).toEqual(offered);
    expect(turn.steps[0]?.toolCalls).toMatchObject([{ tool: 'read_file', status }]);
  });
});

describe('a table is computed by us (FR-TOOL-001)', () => {
  it('reads what LibreOffice Calc wrote: semicolons, decimal commas, Windows-1252', async () => {
    const { id } = await room({ agents: [{ name: 'Ada', toolPermissions: BOTH }] });
    const file = await uploadAndParse(user.client, id, await fixture('real/calc.csv'));
    expect(file).toMatchObject({ status: 'ready', rows: 3 });
    const query = { file: 'calc.csv', aggregates: [{ fn: 'sum', column: 'Amount' }] };
    testApp.modelServer.setRules([
      { times: 1, behaviour: { text: '', toolCalls: [{ name: 'csv_query', arguments: query }] } },
      { behaviour: { text: 'Done [1].' } },
    ]);
    const turn = await runTurn(user.client, id, 'Sum it.');
    expect(turn.steps[0]?.citations?.[0]?.quote).toContain('13.85');
  });

  it('sums exactly, by groups', async () => {
    const { id } = await room({ agents: [{ name: 'Ada', toolPermissions: BOTH }] });
    await uploadAndParse(user.client, id, { name: 'sales.csv', bytes: 'region,amount\nN,0.1\nS,5\nN,0.2\n' });
    const query = {
      file: 'sales.csv',
      groupBy: ['region'],
      aggregates: [{ fn: 'sum', column: 'amount' }],
      orderBy: [{ column: 'region' }],
    };
    testApp.modelServer.setRules([
      {
        times: 1,
        behaviour: {
          text: '',
          toolCalls: [
            { name: 'csv_query', arguments: query },
            { name: 'csv_query', arguments: { file: 'sales.csv' } },
          ],
        },
      },
      { behaviour: { text: 'Done [1].' } },
    ]);
    const turn = await runTurn(user.client, id, 'Sum it.');
    expect(turn.steps[0]?.toolCalls.map(({ status }) => status)).toEqual(['completed', 'completed']);
    const told = testApp.modelServer.log[1]?.messages
      .filter(({ role }) => role === 'tool')
      .map(({ content }) => content);
    expect(told?.[0]).toContain('N | 0.3\nS | 5');
    expect(told?.[1]).toContain('amount: number; 3 filled');
  });

  it('finds passages in files, and says where', async () => {
    const { id } = await room({ agents: [{ name: 'Ada', toolPermissions: BOTH }] });
    await uploadAndParse(user.client, id, {
      name: 'notes.md',
      bytes: '# Supply\n\nThe lead times are 14 weeks.\n\n# Demand\n\nDemand is flat. 銅の価格',
    });
    testApp.modelServer.setRules([
      {
        times: 1,
        behaviour: {
          text: '',
          toolCalls: [
            { name: 'search_files', arguments: { query: 'lead time' } },
            { name: 'search_files', arguments: { query: '価格' } },
          ],
        },
      },
      { behaviour: { text: 'See [1] and [2].' } },
    ]);
    const turn = await runTurn(user.client, id, 'How long?');
    expect(turn.steps[0]?.citations).toMatchObject([
      { page: 1, quote: expect.stringContaining('14 weeks') as string },
      { page: 2 },
    ]);
  });
});

describe('a search that is not configured', () => {
  it('says so to the model, charges nothing, and the turn goes on', async () => {
    search.fail(500, 3);
    const { id } = await room({ agents: [{ name: 'Ada', toolPermissions: BOTH }] });
    testApp.modelServer.setRules([
      { times: 1, behaviour: { text: '', toolCalls: [{ name: 'search_web', arguments: { query: 'x' } }] } },
      { behaviour: { text: 'Without it.' } },
    ]);
    const turn = await runTurn(user.client, id, 'Look.');
    expect(turn.steps[0]).toMatchObject({
      content: 'Without it.',
      toolCalls: [{ status: 'failed', error: { code: 'provider_error' }, chargedMicroCredits: '0' }],
    });
  });
});

describe('a model that never stops asking', () => {
  it('has to answer after its rounds, and the turn ends', async () => {
    const { id } = await room({ agents: [{ name: 'Ada', toolPermissions: BOTH }] });
    testApp.modelServer.setRules([
      {
        match: { tools: true },
        behaviour: { text: 'More. ', toolCalls: [{ name: 'search_web', arguments: { query: 'x' } }] },
      },
      { behaviour: { text: 'Enough.' } },
    ]);
    const turn = await runTurn(user.client, id, 'Look.');
    expect(turn.status).toBe('completed');
    expect(turn.steps[0]?.content).toMatch(/^(More\.\n\n)+Enough\.$/);
    expect(turn.steps[0]?.toolCalls.filter(({ status }) => status === 'completed').length).toBeLessThanOrEqual(8);
  });
});
