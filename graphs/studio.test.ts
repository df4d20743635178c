import { readFileSync } from 'node:fs';
import { getConfigTypeSchema, getInputTypeSchema } from '@langchain/langgraph/zod/schema';
import { MemorySaver } from '@langchain/langgraph';
import { afterAll, describe, expect, test } from 'vitest';
import { startDemoModel } from '#server/adapters/llm/demo-model.ts';
import { createOpenAiCompatible } from '#server/adapters/llm/openai-compatible.ts';
import { buildDirect } from './direct.ts';
import { buildManual } from './manual.ts';
import { buildOrchestrator } from './orchestrator.ts';
import { buildRoundtable } from './roundtable.ts';
import * as studio from './studio.ts';
import { STUDIO_COUNCIL } from './studio-council.ts';
import { studioPorts } from './studio-ports.ts';

const demo = await startDemoModel({ tokenDelayMs: 0, firstTokenDelayMs: 0 });
const llm = createOpenAiCompatible({
  provider: 'demo',
  baseUrl: demo.baseUrl,
  apiKey: null,
  resolveModel: (_alias, fallback) => fallback,
  timeouts: { connectMs: 5_000, firstTokenMs: 10_000, idleMs: 10_000, totalMs: 30_000 },
});
afterAll(async () => {
  await llm.close();
  await demo.close();
});
const portsFor = studioPorts(
  async () => llm,
  () => 'demo',
);
const options = { council: STUDIO_COUNCIL };
const propertiesOf = (schema: unknown) =>
  (schema as { properties: Record<string, Record<string, unknown>> }).properties;
const human = (content: string) => ({ messages: [{ role: 'user', content }] });
const checkpointed = () => ({ checkpointer: new MemorySaver() });
const thread = { configurable: { thread_id: 'studio' } };

describe('LangGraph Studio', () => {
  test('every graph that langgraph.json names is there, without a checkpointer of its own', () => {
    const { graphs } = JSON.parse(readFileSync(new URL('../langgraph.json', import.meta.url), 'utf8')) as {
      graphs: Record<string, string>;
    };
    expect(Object.keys(graphs)).toEqual(['manual', 'roundtable', 'orchestrator', 'direct']);
    for (const [name, place] of Object.entries(graphs)) {
      expect(place).toBe(`./graphs/studio.ts:${name}`);
      expect(studio[name as keyof typeof studio].checkpointer).toBeUndefined();
    }
  });

  test.each([
    ['agentPrompt', ['speak', 'work'], 'You are {{name}}'],
    ['managerPrompt', ['route'], '{{agents}}'],
    ['synthesisPrompt', ['synthesise'], 'final answer'],
  ])('%s can be edited at its nodes and starts as filed', (field, nodes, words) => {
    for (const graph of [studio.manual, studio.roundtable, studio.orchestrator, studio.direct]) {
      const schema = propertiesOf(getConfigTypeSchema(graph))[field];
      expect(schema).toMatchObject({ langgraph_type: 'prompt', langgraph_nodes: nodes, type: 'string' });
      expect(schema?.['default']).toContain(words);
    }
  });

  test('the input shows the chat and what a turn is given', () => {
    const schema = propertiesOf(getInputTypeSchema(studio.orchestrator));
    expect(schema['messages']).toMatchObject({ langgraph_type: 'messages' });
    expect(Object.keys(schema)).toEqual(expect.arrayContaining(['message', 'roster', 'manager', 'files']));
  });

  test('a chat in the orchestrator is planned, worked on and summed up by the demo model', async () => {
    const graph = buildOrchestrator(portsFor, options).compile(checkpointed());
    const state = await graph.invoke(human('Should we launch in spring, Analyst and Critic?'), thread);
    expect(state.failure).toBeNull();
    expect(state.replies[0]).toMatchObject({ key: 'manager', status: 'completed' });
    expect(state.replies.at(-1)).toMatchObject({ kind: 'synthesis', status: 'completed' });
    expect(state.replies.length).toBeGreaterThanOrEqual(3);
    expect(state.messages.at(-1)?.text).toBe(state.replies.at(-1)?.content);
  });

  test('a second message on the same thread is a turn of its own, in each graph', async () => {
    for (const [graph, count] of [
      [buildManual(portsFor, options).compile(checkpointed()), 1],
      [buildRoundtable(portsFor, options).compile(checkpointed()), 3],
      [buildDirect(portsFor, options).compile(checkpointed()), 1],
    ] as const) {
      await graph.invoke(human('@Writer, tell me about boats'), thread);
      const state = await graph.invoke(human('@Critic, tell me about trains'), thread);
      expect(state.replies).toHaveLength(count);
      for (const reply of state.replies)
        expect(reply).toMatchObject({ status: 'completed', content: expect.stringContaining('trains') as string });
      expect(state.messages).toHaveLength(2 + 2 * count);
    }
  });

  test('an edited prompt is what the agent is told, for this run', async () => {
    const told: string[] = [];
    const listening = studioPorts(
      async () => ({
        ...llm,
        callModel: (request, call) => {
          told.push(request.messages[0]?.content ?? '');
          return llm.callModel(request, call);
        },
      }),
      () => 'demo',
    );
    const graph = buildDirect(listening, options).compile();
    await graph.invoke(
      { message: 'Hello there' },
      { context: { agentPrompt: 'Be {{name}} and rhyme.', managerPrompt: '' } as never },
    );
    await graph.invoke({ message: 'Hello there' });
    expect(told[0]).toBe('Be Analyst and rhyme.');
    expect(told[1]).toContain('You are Analyst');
  });

  test('the council’s prompts and models can be edited, each at its nodes', () => {
    for (const graph of [studio.manual, studio.roundtable, studio.orchestrator, studio.direct]) {
      const schema = propertiesOf(getConfigTypeSchema(graph));
      for (const { id, rolePrompt, modelAlias } of STUDIO_COUNCIL) {
        const member = id.replace('studio-', '');
        const at = { langgraph_nodes: ['speak', 'work'] };
        expect(schema[`${member}Prompt`]).toMatchObject({ ...at, langgraph_type: 'prompt', default: rolePrompt });
        expect(schema[`${member}Model`]).toMatchObject({
          ...at,
          default: modelAlias,
          x_oap_ui_config: {
            type: 'select',
            options: expect.arrayContaining([{ label: modelAlias, value: modelAlias }]),
          },
        });
      }
      expect(schema['managerModel']).toMatchObject({ langgraph_nodes: ['route', 'synthesise'], default: 'deepseek' });
      expect(schema['maxAssignments']).toMatchObject({
        langgraph_nodes: ['route'],
        default: 12,
        minimum: 1,
        maximum: 12,
      });
    }
  });

  test('an edited member speaks as edited, and a plan that is too long for this run is sent back', async () => {
    const asked: { model: string; system: string }[] = [];
    const listening = studioPorts(
      async () => ({
        ...llm,
        callModel: (request, call) => {
          asked.push({ model: request.model, system: request.messages[0]?.content ?? '' });
          return llm.callModel(request, call);
        },
        resolveModel: (alias) => `model-of-${alias}`,
      }),
      () => 'demo',
    );
    const context = { criticPrompt: 'You doubt everything.', criticModel: 'premium', maxAssignments: 1 } as never;
    await buildManual(listening, options).compile().invoke({ message: '@Critic and @Writer, well?' }, { context });
    expect(asked.find(({ system }) => system.includes('You doubt everything.'))?.model).toBe('model-of-premium');
    expect(asked.find(({ system }) => system.includes('short sentences'))?.model).toBe('model-of-gpt_oss');
    const state = await buildOrchestrator(listening, options)
      .compile()
      .invoke({ message: 'Analyst, Critic and Writer: what now?' }, { context });
    expect(asked.filter(({ system }) => system.includes('1 assignment')).length).toBeGreaterThan(0);
    expect(state.plan === null || state.plan.assignments.length === 1).toBe(true);
  });

  test('text is streamed as it comes and is the reply when joined', async () => {
    const graph = buildDirect(portsFor, options).compile();
    let text = '';
    let replied = '';
    for await (const [mode, chunk] of await graph.stream(
      { message: 'Tell me about boats' },
      { streamMode: ['custom', 'values'] },
    )) {
      if (mode === 'custom') text += (chunk as { text: string }).text;
      else replied = (chunk as { replies: { content: string }[] }).replies[0]?.content ?? '';
    }
    expect(text).toBe(replied);
    expect(text).not.toBe('');
  });
});
