/** `npm run studio` as the LangGraph SDK's client sees it: what Studio itself calls. */
import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import { Client } from '@langchain/langgraph-sdk';
import { expect, test } from 'vitest';
import { afterFile } from '#tests/support/after-file.ts';
import { snippetsOf } from '#tests/support/snippets.ts';
import { freePort } from '#tests/support/test-cluster.ts';

type Reply = { key: string; agentName: string; status: string; content: string };
type State = { replies: Reply[]; plan: { assignments: { agent: string }[] } | null; failure: unknown };
type Schema = { properties: Record<string, Record<string, unknown>> };

const { url, client, output } = await startStudio();

async function startStudio() {
  const port = await freePort();
  const said: string[] = [];
  const child = spawn(process.execPath, ['scripts/studio.ts'], {
    cwd: join(import.meta.dirname, '../..'),
    // Whoever runs the tests may have keys; Studio must need none.
    env: { PATH: process.env['PATH'], HOME: process.env['HOME'], STUDIO_PORT: String(port), NODE_ENV: 'development' },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk: Buffer) => said.push(chunk.toString()));
  afterFile(async () => {
    child.kill('SIGTERM');
    await Promise.race([once(child, 'exit'), sleep(5_000).then(() => child.kill('SIGKILL'))]);
  });
  const deadline = Date.now() + 90_000;
  while (!said.join('').includes('Studio:')) {
    if (Date.now() > deadline || child.exitCode !== null) throw new Error(`Studio did not start:\n${said.join('')}`);
    await sleep(100);
  }
  const url = `http://127.0.0.1:${port}`;
  return { url, client: new Client({ apiUrl: url, apiKey: null }), output: () => said.join('') };
}

async function assistantOf(graphId: string) {
  const [assistant] = await client.assistants.search({ graphId });
  return assistant!;
}

const chat = (content: string) => ({ messages: [{ role: 'user', content }] });

test('it prints where Studio opens, and needs no key', () => {
  expect(output()).toMatch(/https:\/\/smith\.langchain\.com\/studio\?baseUrl=http%3A%2F%2F127\.0\.0\.1%3A\d+/);
});

test('there is an assistant for each graph, and its drawing is the documents’', async () => {
  const assistants = await client.assistants.search({ limit: 20 });
  expect(assistants.map(({ graph_id }) => graph_id).sort()).toEqual(['direct', 'manual', 'orchestrator', 'roundtable']);
  const { assistant_id } = await assistantOf('orchestrator');
  const { nodes, edges } = await client.assistants.getGraph(assistant_id);
  expect(nodes.map(({ id }) => id).sort()).toEqual(['__end__', '__start__', 'dispatch', 'route', 'synthesise', 'work']);
  expect(edges).toEqual(
    expect.arrayContaining([
      expect.objectContaining({ source: 'route', target: 'dispatch', conditional: true }),
      expect.objectContaining({ source: 'work', target: 'dispatch' }),
    ]),
  );
});

test('every prompt, model and cap is a form field at its node', async () => {
  for (const graphId of ['manual', 'roundtable', 'orchestrator', 'direct']) {
    const { assistant_id } = await assistantOf(graphId);
    const schemas = await client.assistants.getSchemas(assistant_id);
    const context = (schemas.context_schema ?? schemas.config_schema) as unknown as Schema;
    const prompts = Object.entries(context.properties).filter(([name]) => name.endsWith('Prompt'));
    expect(prompts.map(([name]) => name).sort()).toEqual(
      ['agentPrompt', 'analystPrompt', 'criticPrompt', 'managerPrompt', 'synthesisPrompt', 'writerPrompt'].sort(),
    );
    for (const [, field] of prompts) {
      expect(field).toMatchObject({ langgraph_type: 'prompt', langgraph_nodes: expect.any(Array) });
      expect(field['default']).not.toBe('');
    }
    expect(context.properties['managerModel']).toMatchObject({ x_oap_ui_config: { type: 'select' } });
    const input = schemas.input_schema as unknown as Schema;
    expect(input.properties['messages']).toMatchObject({ langgraph_type: 'messages' });
  }
});

test('a run is streamed, and an edited prompt counts for that run', async () => {
  const thread = await client.threads.create();
  const { assistant_id } = await assistantOf('orchestrator');
  let streamed = '';
  let state: State | null = null;
  const run = client.runs.stream(thread.thread_id, assistant_id, {
    input: chat('Should we launch in spring, Analyst and Critic?'),
    streamMode: ['values', 'custom'],
  });
  for await (const { event, data } of run) {
    if (event === 'custom') streamed += (data as { text: string }).text;
    if (event === 'values') state = data as State;
  }
  expect(state).toMatchObject({ failure: null, plan: { assignments: expect.any(Array) } });
  const synthesis = state!.replies.at(-1)!;
  expect(synthesis).toMatchObject({ key: 'synthesis', status: 'completed' });
  expect(streamed).toContain(synthesis.content);
  const capped = (await client.runs.wait(thread.thread_id, assistant_id, {
    input: chat('And in autumn, Analyst and Critic?'),
    context: { maxAssignments: 1 },
  })) as unknown as State;
  expect(capped.plan === null || capped.plan.assignments.length === 1).toBe(true);
});

test('a thread is replayed from a checkpoint, and from a changed one on a branch', async () => {
  const thread = await client.threads.create();
  const { assistant_id } = await assistantOf('roundtable');
  const first = (await client.runs.wait(thread.thread_id, assistant_id, {
    input: chat('Tell me about boats'),
  })) as unknown as State;
  expect(first.replies).toHaveLength(3);
  const history = await client.threads.getHistory<State>(thread.thread_id);
  const early = history.find(({ values, next }) => values.replies.length === 1 && next.length > 0)!;
  expect(early.values.replies.map(({ agentName }) => agentName)).toEqual(['Analyst']);
  const again = (await client.runs.wait(thread.thread_id, assistant_id, {
    input: null,
    checkpointId: early.checkpoint.checkpoint_id!,
  })) as unknown as State;
  expect(again.replies.map(({ agentName, status }) => [agentName, status])).toEqual(
    ['Analyst', 'Critic', 'Writer'].map((name) => [name, 'completed']),
  );
  expect(again.replies[0]).toEqual(early.values.replies[0]);
  expect((await client.threads.getHistory(thread.thread_id)).length).toBeGreaterThan(history.length);
});

test('the guide’s program and its other roster run as they stand', async () => {
  const [program = ''] = await snippetsOf('docs/studio.md', 'ts');
  const args = ['--input-type=module-typescript', '--eval', program.replace('http://127.0.0.1:2024', url)];
  const { stdout, stderr } = await promisify(execFile)(process.execPath, args, {
    cwd: join(import.meta.dirname, '../..'),
  });
  expect([stdout.trim() === '', stderr]).toEqual([false, '']);
  const [input = ''] = await snippetsOf('docs/studio.md', 'json');
  const { assistant_id } = await assistantOf('roundtable');
  const state = (await client.runs.wait(null, assistant_id, {
    input: JSON.parse(input) as Record<string, unknown>,
  })) as unknown as State;
  expect(state.replies.map(({ agentName, status }) => [agentName, status])).toEqual([['Lawyer', 'completed']]);
});
