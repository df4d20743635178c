import { expect, test } from 'vitest';
import { withCircuitBreaker } from './circuit-breaker.ts';
import type { LlmPort, ModelFailureCode, ModelOutcome } from './port.ts';

const request = { model: 'm', messages: [], maxOutputTokens: 1 };
const options = { signal: new AbortController().signal };

/** A model that fails in this way, or answers, and how often it was asked. */
function scripted() {
  const model = { failure: null as ModelFailureCode | null, asked: 0, time: 0, changes: [] as boolean[] };
  const outcome = (): ModelOutcome => ({
    text: '',
    toolCalls: [],
    status: model.failure ? 'failed' : 'ok',
    finishReason: null,
    ...(model.failure
      ? { failure: { code: model.failure, message: '', httpStatus: null, retryable: true, retryAfterMs: null } }
      : {}),
    reached: true,
    usage: { promptTokens: 0, completionTokens: 0, cachedTokens: 0, costUsd: null, source: 'provider' },
    servedModel: null,
    requestId: null,
    firstTokenMs: null,
    latencyMs: 0,
  });
  const llm: LlmPort = {
    provider: 'p',
    resolveModel: (_alias, model) => model,
    callModel: () => {
      model.asked += 1;
      return Promise.resolve(outcome());
    },
    findGeneration: () => Promise.resolve(null),
    close: () => Promise.resolve(),
  };
  const guarded = withCircuitBreaker(llm, { onChange: (_, open) => model.changes.push(open), now: () => model.time });
  return { model, call: () => guarded.callModel(request, options) };
}

test('ten failures in a row open the circuit; after 30 s one call tries, and its success closes it (NFR-REL-003)', async () => {
  const { model, call } = scripted();
  model.failure = 'provider_error';
  for (let n = 0; n < 10; n += 1) await call();
  expect(await call()).toMatchObject({ reached: false, failure: { code: 'circuit_open', retryable: false } });
  expect(model.asked).toBe(10);
  model.time = 30_000;
  await Promise.all([call(), call(), call()]);
  expect(model.asked, 'one of them tried').toBe(11);
  model.time = 60_000;
  model.failure = null;
  await call();
  await call();
  expect(model.asked).toBe(13);
  expect(model.changes).toEqual([true, false]);
});

test('a success between, and failures that are not the provider’s trouble, keep it closed', async () => {
  const { model, call } = scripted();
  for (const code of [
    ...Array<ModelFailureCode>(9).fill('network'),
    null,
    ...Array<ModelFailureCode>(9).fill('network'),
  ]) {
    model.failure = code;
    await call();
  }
  for (const code of ['aborted', 'rate_limited', 'refused_request', 'auth'] as const) {
    model.failure = code;
    for (let n = 0; n < 12; n += 1) await call();
  }
  expect(model.asked).toBe(19 + 48);
  expect(model.changes).toEqual([]);
});
