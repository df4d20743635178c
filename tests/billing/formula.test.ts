import { expect, it } from 'vitest';
import { checkUsage } from '#server/adapters/llm/check-usage.ts';
import type { ModelOutcome, ProviderUsage } from '#server/adapters/llm/port.ts';
import { meterCall } from '#server/usage/meter-call.ts';
import { parseMultiplier, priceCall } from '#server/usage/price-call.ts';

/**
 * The SRS's own words as fractions, written without a look at the product's: 1 credit = 10,000 OE tokens,
 * OE = fresh × 0.35 + cached × 0.10 + output, times the billed multiplier, which is at least 0.5; in millionths, rounded up.
 */
function bySpecification(prompt: number, cached: number, output: number, multiplier: string): bigint {
  const [whole = '0', decimals = ''] = multiplier.split('.');
  const scale = 10n ** BigInt(decimals.length);
  let billed = BigInt(whole + decimals);
  if (billed * 2n < scale) billed = scale / 2n + (scale === 1n ? 1n : 0n);
  const fresh = BigInt(prompt) - BigInt(cached);
  const oeHundredths = fresh * 35n + BigInt(cached) * 10n + BigInt(output) * 100n;
  const numerator = oeHundredths * billed * 1_000_000n;
  const denominator = 100n * 10_000n * scale;
  return numerator / denominator + (numerator % denominator === 0n ? 0n : 1n);
}

it('AT-009 FR-BILL-003 agrees with the specification on 100,000 random calls, to the micro-credit', () => {
  let seed = 7;
  const random = (below: number) => {
    seed = (seed * 1_664_525 + 1_013_904_223) % 4_294_967_296;
    return Math.floor((seed / 4_294_967_296) * below);
  };
  for (let call = 0; call < 100_000; call += 1) {
    const promptTokens = random(random(2) ? 10_000_000 : 200);
    const cachedTokens = random(promptTokens + 1);
    const completionTokens = random(random(2) ? 10_000_000 : 50);
    const multiplier = `${random(20)}.${String(random(10_000)).padStart(4, '0')}`;
    const expected = bySpecification(promptTokens, cachedTokens, completionTokens, multiplier);
    const charged = priceCall({ promptTokens, cachedTokens, completionTokens }, parseMultiplier(multiplier));
    if (charged !== expected) {
      expect({ promptTokens, cachedTokens, completionTokens, multiplier, charged }).toEqual({ charged: expected });
    }
  }
});

it.each([
  // 10,000 OE tokens are one credit.
  [{ promptTokens: 0, cachedTokens: 0, completionTokens: 10_000 }, '1', 1_000_000n],
  [{ promptTokens: 1_000, cachedTokens: 0, completionTokens: 100 }, '0.5', 22_500n],
  [{ promptTokens: 1_000, cachedTokens: 1_000, completionTokens: 0 }, '1', 10_000n],
  [{ promptTokens: 1_000, cachedTokens: 400, completionTokens: 250 }, '10', 500_000n],
  // Below the floor it is the floor; a part of a micro-credit is a whole one.
  [{ promptTokens: 1, cachedTokens: 0, completionTokens: 0 }, '0.1', 18n],
  [{ promptTokens: 0, cachedTokens: 0, completionTokens: 0 }, '10', 0n],
])('AT-009 reference call %o × %s costs %s', (tokens, multiplier, expected) => {
  expect(priceCall(tokens, parseMultiplier(multiplier))).toBe(expected);
});

const PRICE = { multiplier: '1', inputUsdPerM: '1', cachedUsdPerM: '0.1', outputUsdPerM: '2' };

function outcome(usage: ProviderUsage): ModelOutcome {
  return {
    text: 'An answer.',
    toolCalls: [],
    status: 'ok',
    finishReason: 'stop',
    reached: true,
    usage,
    servedModel: 'm',
    requestId: 'r',
    firstTokenMs: 1,
    latencyMs: 2,
  };
}

it('FR-BILL-006 without cached_tokens all input is fresh', () => {
  const usage = checkUsage({ prompt_tokens: 1_000, completion_tokens: 10 });
  expect(meterCall(outcome(usage!), PRICE)).toMatchObject({ cachedTokens: 0, creditsBurned: 36_000n, status: 'ok' });
});

it.each([
  ['negative', { prompt_tokens: -5, completion_tokens: 10 }],
  ['not a number', { prompt_tokens: Number.NaN, completion_tokens: 10 }],
  ['text', { prompt_tokens: '12', completion_tokens: 10 }],
  ['a fraction', { prompt_tokens: 1.5, completion_tokens: 10 }],
  ['infinite', { prompt_tokens: 10, completion_tokens: Infinity }],
  [
    'more cached than prompt',
    { prompt_tokens: 10, completion_tokens: 1, prompt_tokens_details: { cached_tokens: 11 } },
  ],
  ['a billion tokens', { prompt_tokens: 1_000_000_000, completion_tokens: 1 }],
])('absurd usage (%s) is quarantined: it charges nothing and raises nothing', (_what, raw) => {
  const usage = checkUsage(raw);
  expect(usage).toMatchObject({ source: 'quarantined' });
  expect(meterCall(outcome(usage!), PRICE).creditsBurned).toBe(0n);
});
