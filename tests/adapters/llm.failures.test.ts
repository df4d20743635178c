import { createServer, type AddressInfo, type Server } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createOpenAiCompatible, type OpenAiCompatibleOptions } from '#server/adapters/llm/openai-compatible.ts';
import type { ModelRequest } from '#server/adapters/llm/port.ts';
import { startModelServer, type ModelServer } from '#tests/support/model-server.ts';
import type { Behaviour } from '#tests/support/model-server/behaviour.ts';

const PATIENT = { connectMs: 5_000, firstTokenMs: 10_000, idleMs: 10_000, totalMs: 20_000 };
const REQUEST: ModelRequest = {
  model: 'test-model',
  maxOutputTokens: 500,
  messages: [{ role: 'user', content: 'a prompt of 28 characters...' }],
};
const SECRET = 'sk-very-secret';

let server: ModelServer;
let silent: Server;
beforeEach(async () => {
  server = await startModelServer();
  silent = createServer(() => undefined);
  await new Promise<void>((resolve) => silent.listen(0, '127.0.0.1', resolve));
});
afterEach(async () => {
  silent.close();
  await server.close();
});

async function call(
  behaviour: Behaviour,
  given: { options?: Partial<OpenAiCompatibleOptions>; request?: Partial<ModelRequest> } = {},
) {
  server.setRules([{ behaviour }]);
  const llm = createOpenAiCompatible({
    provider: 'openai-compatible',
    baseUrl: server.baseUrl,
    apiKey: SECRET,
    resolveModel: (_alias, fromPricing) => fromPricing,
    timeouts: PATIENT,
    ...given.options,
  });
  const pieces: string[] = [];
  const outcome = await llm.callModel(
    { ...REQUEST, ...given.request },
    { signal: new AbortController().signal, onText: (text) => pieces.push(text) },
  );
  await llm.close();
  expect(JSON.stringify(outcome.failure ?? {})).not.toMatch(/sk-very-secret|127\.0\.0\.1|a prompt of/);
  return { outcome, pieces, entry: server.log.at(-1) };
}

const NOTHING = { promptTokens: 0, completionTokens: 0, cachedTokens: 0, costUsd: null };

describe('what a provider says of its usage', () => {
  it('is taken over with cached tokens, cost and the served model beside the requested one (FR-BILL-002)', async () => {
    const { outcome } = await call({
      tokens: 10,
      usage: { prompt_tokens: 700 },
      cachedTokens: 512,
      cost: 0.00123,
      servedModel: 'other/model',
    });
    expect(outcome.usage).toEqual({
      promptTokens: 700,
      completionTokens: 10,
      cachedTokens: 512,
      costUsd: 0.00123,
      source: 'provider',
    });
    expect(outcome.servedModel).toBe('other/model');
    expect(outcome.requestId).toBe(server.log[0]?.id);
  });

  it('means no cached tokens when it names none (FR-BILL-006)', async () => {
    const { outcome } = await call({});
    expect(outcome.usage).toMatchObject({ cachedTokens: 0, costUsd: null, source: 'provider' });
  });

  it('is estimated when it is missing: a quarter of the prompt’s bytes, and the tokens that came', async () => {
    const { outcome } = await call({ tokens: 10, usage: null });
    expect(outcome).toMatchObject({ status: 'ok' });
    expect(outcome.usage).toEqual({
      promptTokens: 7,
      completionTokens: 10,
      cachedTokens: 0,
      costUsd: null,
      source: 'estimated',
    });
  });

  it('is estimated by bytes when a provider sends more than a token at a time', async () => {
    const { outcome } = await call({ text: 'x'.repeat(400), usage: null });
    expect(outcome.usage).toMatchObject({ completionTokens: 100, source: 'estimated' });
  });

  it.each([
    ['negative', { prompt_tokens: -5 }],
    ['no number', { completion_tokens: 'NaN' }],
    ['null', { prompt_tokens: null }],
    ['a fraction', { completion_tokens: 1.5 }],
    ['beyond any model', { prompt_tokens: 10_000_001 }],
    ['more cached than sent', { prompt_tokens: 10, prompt_tokens_details: { cached_tokens: 11 } }],
    ['a negative total', { total_tokens: -1 }],
  ])('is put into quarantine when it is absurd: %s', async (_name, usage) => {
    const { outcome } = await call({ usage });
    expect(outcome).toMatchObject({ status: 'ok', usage: { ...NOTHING, source: 'quarantined' } });
  });

  it('loses an absurd cost only', async () => {
    const { outcome } = await call({ usage: { cost: -1 } });
    expect(outcome.usage).toMatchObject({ costUsd: null, source: 'provider' });
  });
});

describe('a provider that refuses', () => {
  it.each([
    [400, 'refused_request', false],
    [401, 'auth', false],
    [402, 'auth', false],
    [403, 'auth', false],
    [404, 'refused_request', false],
    [408, 'overloaded', true],
    [429, 'rate_limited', true],
    [500, 'provider_error', true],
    [502, 'overloaded', true],
    [503, 'overloaded', true],
    [529, 'overloaded', true],
  ])('with %i is a failure “%s”, retryable: %s', async (status, code, retryable) => {
    const { outcome } = await call({ status, errorMessage: `no: a prompt of … ${SECRET}` });
    expect(outcome).toMatchObject({
      status: 'failed',
      text: '',
      reached: true,
      failure: { code, retryable, httpStatus: status, retryAfterMs: null },
      usage: { ...NOTHING, source: 'estimated' },
    });
    expect(server.log).toHaveLength(1);
  });

  it('is waited for as long as it asks, in seconds or until a date', async () => {
    const { outcome } = await call({ status: 429, retryAfter: 7 });
    expect(outcome.failure?.retryAfterMs).toBe(7_000);
    const { outcome: dated } = await call({ status: 503, retryAfter: new Date(Date.now() + 60_000).toUTCString() });
    expect(dated.failure?.retryAfterMs).toBeGreaterThan(50_000);
    expect(dated.failure?.retryAfterMs).toBeLessThanOrEqual(60_000);
  });

  it('response_format is told apart, so that the caller can force a tool call instead', async () => {
    const structured = { name: 'plan', schema: { type: 'object', properties: { ok: { type: 'boolean' } } } };
    const { outcome } = await call(
      { rejectResponseFormat: true },
      { request: { structured: { ...structured, via: 'json_schema' } } },
    );
    expect(outcome.failure).toMatchObject({ code: 'unsupported_format', httpStatus: 400, retryable: false });
    const { outcome: forced } = await call(
      { rejectResponseFormat: true },
      { request: { structured: { ...structured, via: 'tool' } } },
    );
    expect(forced).toMatchObject({ status: 'ok', text: '{"ok":false}', toolCalls: [] });
  });

  it('a forced tool call and answers in prose has that prose as its text', async () => {
    const { outcome, pieces } = await call(
      { toolCalls: [], text: 'I would rather not.' },
      { request: { structured: { name: 'plan', schema: { type: 'object' }, via: 'tool' } } },
    );
    expect(outcome).toMatchObject({ status: 'ok', text: 'I would rather not.' });
    expect(pieces.join('')).toBe(outcome.text);
  });
});

describe('a provider that breaks off', () => {
  it.each([
    ['cut', 'the connection breaks'],
    ['error', 'an error comes inside the stream'],
    ['end', 'the stream ends without a finish'],
  ] as const)('in mid-stream (%s: %s) has failed; what arrived is kept and counted', async (failMidStream, _what) => {
    const { outcome, pieces, entry } = await call({ tokens: 50, failMidStream, afterTokens: 5 });
    expect(outcome).toMatchObject({ status: 'failed', failure: { code: 'stream_error', retryable: false } });
    expect(pieces).toHaveLength(5);
    expect(outcome.text).toBe(pieces.join(''));
    expect(outcome.usage).toMatchObject({ source: 'estimated', promptTokens: 7, completionTokens: 5 });
    expect(entry?.tokensServed).toBe(5);
    expect(outcome.requestId).toBe(entry?.id);
  });

  it.each(['cut', 'error', 'end'] as const)('before the first token (%s) may be asked again', async (failMidStream) => {
    const { outcome } = await call({ failMidStream, afterTokens: 0 });
    expect(outcome).toMatchObject({ failure: { code: 'stream_error', retryable: true }, reached: true });
    expect(outcome.usage).toMatchObject(NOTHING);
  });
});

describe('a provider that hangs (NFR-REL-003)', () => {
  it.each([
    ['headers', { hang: 'headers' }, { firstTokenMs: 60 }, 'first_token_timeout', true],
    ['the first token', { hang: 'first_token' }, { firstTokenMs: 60 }, 'first_token_timeout', true],
    ['the next token', { hang: 'mid_stream', tokens: 50 }, { idleMs: 60 }, 'idle_timeout', false],
    ['the end', { tokens: 10_000, tokenDelayMs: 5 }, { totalMs: 150 }, 'total_timeout', false],
    [
      'the first token, sending comments meanwhile',
      { hang: 'first_token', commentEveryMs: 10 },
      { firstTokenMs: 90 },
      'first_token_timeout',
      true,
    ],
  ] as const)(
    'before %s is given up, and the request upstream is closed',
    async (_what, behaviour, timeouts, code, retryable) => {
      const { outcome, pieces } = await call(behaviour, { options: { timeouts: { ...PATIENT, ...timeouts } } });
      expect(outcome).toMatchObject({ status: 'failed', failure: { code, retryable }, reached: true });
      expect(outcome.text).toBe(pieces.join(''));
      await server.settled();
      expect(server.log[0]?.status).toBe('aborted');
    },
  );

  it('while connecting was never reached', async () => {
    // It takes the connection and never answers the TLS handshake.
    const { port } = silent.address() as AddressInfo;
    const { outcome } = await call(
      {},
      { options: { baseUrl: `https://127.0.0.1:${port}/v1`, timeouts: { ...PATIENT, connectMs: 60 } } },
    );
    expect(outcome).toMatchObject({ failure: { code: 'connect_timeout', retryable: true }, reached: false });
  });
});

describe('a connection', () => {
  it('that can’t be made was never reached', async () => {
    const { port } = silent.address() as AddressInfo;
    await new Promise((resolve) => silent.close(resolve));
    for (const baseUrl of [`http://127.0.0.1:${port}/v1`, 'http://name.invalid/v1']) {
      const { outcome } = await call({}, { options: { baseUrl } });
      expect(outcome).toMatchObject({ failure: { code: 'network', retryable: true }, reached: false });
    }
    expect(server.log).toHaveLength(0);
  });

  it('is closed upstream when the caller stops', async () => {
    const stop = new AbortController();
    server.setRules([{ behaviour: { tokens: 10_000, tokenDelayMs: 2 } }]);
    const llm = createOpenAiCompatible({
      provider: 'openai-compatible',
      baseUrl: server.baseUrl,
      apiKey: null,
      resolveModel: (_alias, fromPricing) => fromPricing,
      timeouts: PATIENT,
    });
    await llm.callModel(REQUEST, { signal: stop.signal, onText: () => stop.abort() });
    await server.settled();
    expect(server.log[0]).toMatchObject({ status: 'aborted' });
    expect(server.log[0]?.tokensServed).toBeLessThan(1_000);
    await llm.close();
  });

  it('that brings text PostgreSQL can’t store is cleaned, also where a character is torn in two', async () => {
    const { outcome, pieces } = await call({ text: 'a\0b \ud83d \ud83d\ude00 end' });
    expect(outcome.text.isWellFormed()).toBe(true);
    expect(outcome.text).not.toContain('\0');
    expect(outcome.text).toContain('😀');
    expect(pieces.join('')).toBe(outcome.text);
  });

  it('asks for streamed usage and names no key where there is none', async () => {
    const locked = await startModelServer({ apiKey: SECRET });
    const { outcome } = await call({}, { options: { baseUrl: locked.baseUrl, apiKey: null } });
    expect(outcome.failure?.code).toBe('auth');
    const { outcome: allowed } = await call({}, { options: { baseUrl: locked.baseUrl } });
    expect(allowed).toMatchObject({ status: 'ok', usage: { source: 'provider' } });
    await locked.close();
  });
});

describe('a call whose outcome was lost', () => {
  const options = { provider: 'openrouter', apiKey: SECRET } as const;
  const create = (given: Partial<OpenAiCompatibleOptions> = {}) =>
    createOpenAiCompatible({
      ...options,
      baseUrl: server.baseUrl,
      resolveModel: (_alias, fromPricing) => fromPricing,
      timeouts: PATIENT,
      ...given,
    });

  it('is found at OpenRouter by its generation id', async () => {
    const llm = create();
    const outcome = await llm.callModel(REQUEST, { signal: new AbortController().signal });
    await server.settled();
    const found = await llm.findGeneration(outcome.requestId ?? '');
    expect(found).toMatchObject({ completionTokens: outcome.usage.completionTokens, source: 'provider' });
    expect(await llm.findGeneration('gen-unknown')).toBeNull();
    await llm.close();
  });

  it('can’t be found anywhere else', async () => {
    const llm = create({ provider: 'openai-compatible' });
    const outcome = await llm.callModel(REQUEST, { signal: new AbortController().signal });
    expect(await llm.findGeneration(outcome.requestId ?? '')).toBeNull();
    await llm.close();
  });
});
