import { beforeAll, describe, expect, it } from 'vitest';
import type { ToolCall } from '#server/turns/contract.ts';
import { startTestApp, type TestApp, type TestUser } from '../support/app.ts';
import { afterFile } from '../support/after-file.ts';
import { uploadAndParse } from '../support/files.ts';
import { createRoom, type TestRoom } from '../support/rooms.ts';
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
  return (testApp.modelServer.log[n]?.tools ?? []);
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
