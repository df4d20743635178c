import { afterEach, describe, expect, it } from 'vitest';
import { createLlm } from '#server/adapters/llm/create-llm.ts';
import type { LlmPort } from '#server/adapters/llm/port.ts';
import { startModelServer } from '#tests/support/model-server.ts';

const BARE = {
  production: false,
  llmBaseUrl: null,
  llmApiKey: null,
  openrouterApiKey: null,
  llmModel: null,
  llmModels: {},
  appUrl: 'http://localhost:3000',
};
const log = { info: () => log, warn: () => log } as unknown as Parameters<typeof createLlm>[1];

const toClose: { close(): Promise<void> }[] = [];
afterEach(async () => {
  for (const one of toClose.splice(0)) await one.close();
});
const create = async (env: Partial<Parameters<typeof createLlm>[0]>): Promise<LlmPort> => {
  const llm = await createLlm({ ...BARE, ...env }, log);
  toClose.push(llm);
  return llm;
};
const serve = async (models: string[]) => {
  const server = await startModelServer({ models });
  toClose.push(server);
  return server;
};

describe('with nothing configured', () => {
  it('the offline demo model answers and says what it is', async () => {
    const llm = await create({});
    expect(llm.provider).toBe('demo');
    const outcome = await llm.callModel(
      {
        model: llm.resolveModel('llama', 'meta/llama'),
        maxOutputTokens: 500,
        messages: [
          { role: 'system', content: 'You are Bo, who looks for risks.' },
          { role: 'user', content: 'Should we open a bakery in Lyon?' },
        ],
      },
      { signal: new AbortController().signal },
    );
    expect(outcome.status).toBe('ok');
    expect(outcome.text).toMatch(/offline demo model/i);
    expect(outcome.text).toContain('Should we open a bakery in Lyon?');
    expect(outcome.text).toContain('who looks for risks');
  });

  it('production refuses to start', async () => {
    await expect(create({ production: true })).rejects.toThrow(/OPENROUTER_API_KEY or LLM_BASE_URL/);
  });
});

describe('which model an alias means', () => {
  it('LLM_MODEL_<ALIAS>, then LLM_MODEL', async () => {
    const { baseUrl } = await serve(['a']);
    const llm = await create({ llmBaseUrl: baseUrl, llmModel: 'one-for-all', llmModels: { qwen: 'special' } });
    expect(llm.provider).toBe('openai-compatible');
    expect(llm.resolveModel('qwen', 'qwen/qwen3')).toBe('special');
    expect(llm.resolveModel('llama', 'meta/llama')).toBe('one-for-all');
  });

  it('the pricing version’s where the server offers it, else the first that it offers', async () => {
    const { baseUrl } = await serve(['local-model', 'meta/llama']);
    const llm = await create({ llmBaseUrl: baseUrl });
    expect(llm.resolveModel('llama', 'meta/llama')).toBe('meta/llama');
    expect(llm.resolveModel('qwen', 'qwen/qwen3')).toBe('local-model');
  });

  it('the pricing version’s where the server lists nothing or can’t be asked', async () => {
    const server = await serve([]);
    const llm = await create({ llmBaseUrl: server.baseUrl });
    expect(llm.resolveModel('qwen', 'qwen/qwen3')).toBe('qwen/qwen3');
    const nobody = await create({ llmBaseUrl: 'http://127.0.0.1:9/v1' });
    expect(nobody.resolveModel('qwen', 'qwen/qwen3')).toBe('qwen/qwen3');
  });

  it('the pricing version’s at OpenRouter', async () => {
    const llm = await create({ openrouterApiKey: 'sk-or-test' });
    expect(llm.provider).toBe('openrouter');
    expect(llm.resolveModel('qwen', 'qwen/qwen3')).toBe('qwen/qwen3');
  });
});
