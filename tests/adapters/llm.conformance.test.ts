import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startDemoModel } from '#server/adapters/llm/demo-model.ts';
import { createOpenAiCompatible } from '#server/adapters/llm/openai-compatible.ts';
import type { LlmPort, ModelRequest } from '#server/adapters/llm/port.ts';
import { startModelServer } from '#tests/support/model-server.ts';

const TIMEOUTS = { connectMs: 5_000, firstTokenMs: 10_000, idleMs: 10_000, totalMs: 20_000 };

const PLAN = {
  name: 'plan',
  schema: {
    type: 'object',
    additionalProperties: false,
    required: ['rationale', 'assignments'],
    properties: {
      rationale: { type: 'string' },
      assignments: {
        type: 'array',
        items: {
          type: 'object',
          additionalProperties: false,
          required: ['agent', 'instruction', 'group'],
          properties: {
            agent: { type: 'string', enum: ['Ada', 'Bo Lin'] },
            instruction: { type: 'string' },
            group: { type: 'integer' },
          },
        },
      },
    },
  },
};

const SEARCH = {
  name: 'search_web',
  description: 'Searches the web.',
  parameters: { type: 'object', properties: { query: { type: 'string' } }, required: ['query'] },
};

const backends = {
  async demo() {
    const demo = await startDemoModel({ tokenDelayMs: 2, firstTokenDelayMs: 0 });
    return { provider: 'demo' as const, baseUrl: demo.baseUrl, close: () => demo.close() };
  },
  async 'openai-compatible'() {
    const server = await startModelServer({
      defaults: { tokenDelayMs: 2 },
      rules: [
        {
          match: { tools: true, structured: false, lastMessage: 'Search' },
          behaviour: { toolCalls: [{ name: 'search_web', arguments: { query: 'copper prices “today”' } }] },
        },
        { match: { lastMessage: 'copper is up' }, behaviour: { text: 'It says that copper is up.' } },
      ],
    });
    return { provider: 'openai-compatible' as const, baseUrl: server.baseUrl, close: () => server.close() };
  },
};

describe.each(Object.entries(backends))('every model provider keeps the promises of the port: %s', (_name, start) => {
  let llm: LlmPort;
  let closeBackend: () => Promise<void>;

  beforeAll(async () => {
    const backend = await start();
    closeBackend = backend.close;
    llm = createOpenAiCompatible({
      provider: backend.provider,
      baseUrl: backend.baseUrl,
      apiKey: null,
      resolveModel: (_alias, fromPricing) => fromPricing,
      timeouts: TIMEOUTS,
    });
  });
  afterAll(async () => {
    await llm.close();
    await closeBackend();
  });

  const ask = (content: string, more: Partial<ModelRequest> = {}): ModelRequest => ({
    model: 'test-model',
    maxOutputTokens: 500,
    messages: [
      { role: 'system', content: 'You are Ada, a careful researcher.' },
      { role: 'user', content },
    ],
    ...more,
  });
  const call = async (request: ModelRequest, signal = new AbortController().signal) => {
    const pieces: string[] = [];
    const outcome = await llm.callModel(request, { signal, onText: (text) => pieces.push(text) });
    return { outcome, pieces };
  };

  it('streams a reply in pieces that make up its text, with usage, ids and the model that served it', async () => {
    const { outcome, pieces } = await call(ask('Is copper a good conductor?'));
    expect(outcome).toMatchObject({ status: 'ok', finishReason: 'stop', reached: true, toolCalls: [] });
    expect(outcome.failure).toBeUndefined();
    expect(pieces.length).toBeGreaterThan(5);
    expect(pieces.join('')).toBe(outcome.text);
    expect(outcome.usage).toMatchObject({ source: 'provider', completionTokens: pieces.length });
    expect(outcome.usage.promptTokens).toBeGreaterThan(0);
    expect(outcome.requestId).toEqual(expect.any(String));
    expect(outcome.servedModel).toEqual(expect.any(String));
    expect(outcome.firstTokenMs).not.toBeNull();
    expect(outcome.latencyMs).toBeGreaterThanOrEqual(outcome.firstTokenMs ?? Infinity);
  });

  it('gives the same reply to the same request', async () => {
    const [one, other] = await Promise.all([call(ask('Say it again')), call(ask('Say it again'))]);
    expect(one.outcome.text).toBe(other.outcome.text);
  });

  it('stops at the output limit and says so', async () => {
    const { outcome } = await call(ask('Tell me everything', { maxOutputTokens: 4 }));
    expect(outcome).toMatchObject({ status: 'ok', finishReason: 'length', usage: { completionTokens: 4 } });
  });

  it.each(['json_schema', 'tool'] as const)('answers in a given form by %s, as text (FR-MODE-004)', async (via) => {
    const { outcome, pieces } = await call(ask('Plan the launch', { structured: { ...PLAN, via } }));
    expect(outcome).toMatchObject({ status: 'ok', toolCalls: [] });
    expect(pieces.join('')).toBe(outcome.text);
    const plan = JSON.parse(outcome.text) as { assignments: { agent: string; group: number; instruction: string }[] };
    expect(plan.assignments.map(({ agent }) => agent).sort()).toEqual(['Ada', 'Bo Lin']);
    const groups = plan.assignments.map(({ group }) => group);
    expect(groups).toEqual([...groups].sort());
    expect(plan.assignments.every(({ instruction }) => instruction !== '')).toBe(true);
  });

  it('asks for a tool and uses what it answered', async () => {
    const request = ask('Search the web for copper prices', { tools: [SEARCH] });
    const { outcome } = await call(request);
    expect(outcome).toMatchObject({ status: 'ok', finishReason: 'tool_calls', text: '' });
    const [toolCall] = outcome.toolCalls;
    expect(toolCall).toMatchObject({ id: expect.stringMatching(/./) as string, name: 'search_web' });
    expect(JSON.parse(toolCall?.arguments ?? '')).toMatchObject({ query: expect.stringContaining('copper') as string });

    const { outcome: second } = await call({
      ...request,
      messages: [
        ...request.messages,
        { role: 'assistant', content: '', toolCalls: outcome.toolCalls },
        { role: 'tool', toolCallId: toolCall?.id ?? '', content: 'The news is that copper is up today.' },
      ],
    });
    expect(second).toMatchObject({ status: 'ok', toolCalls: [] });
    expect(second.text).toContain('copper is up');
  });

  it('keeps what arrived when it is stopped, says nothing afterwards, and counts what was served', async () => {
    const stop = new AbortController();
    const pieces: string[] = [];
    const outcome = await llm.callModel(ask('A long story, please'), {
      signal: stop.signal,
      onText: (text) => {
        pieces.push(text);
        if (pieces.length === 3) stop.abort();
      },
    });
    const heard = pieces.length;
    expect(outcome).toMatchObject({ status: 'failed', failure: { code: 'aborted', retryable: false }, reached: true });
    expect(outcome.text).toBe(pieces.join(''));
    expect(outcome.usage).toMatchObject({ source: 'estimated', completionTokens: heard });
    await new Promise((resolve) => setTimeout(resolve, 30));
    expect(pieces).toHaveLength(heard);
  });

  it('makes no request when it was stopped before', async () => {
    const { outcome, pieces } = await call(ask('Never mind'), AbortSignal.abort());
    expect(outcome).toMatchObject({ status: 'failed', failure: { code: 'aborted' }, reached: false, text: '' });
    expect(outcome.usage).toMatchObject({ promptTokens: 0, completionTokens: 0 });
    expect(pieces).toEqual([]);
  });
});
