import { expect, test } from 'vitest';
import { parseMultiplier, priceCall } from '#server/usage/price-call.ts';

const credits = (prompt: number, cached: number, output: number, multiplier: string) =>
  priceCall({ promptTokens: prompt, cachedTokens: cached, completionTokens: output }, parseMultiplier(multiplier));

/** The SRS in fractions: 1 credit = 10,000 OE tokens, OE = 0.35·fresh + 0.10·cached + output. */
function bySpecification(prompt: number, cached: number, output: number, multiplier: number): number {
  const oe = 0.35 * (prompt - cached) + 0.1 * cached + output;
  return (oe / 10_000) * Math.max(0.5, multiplier) * 1_000_000;
}

test.each([
  [0, 0, 0, '1', 0n],
  [10_000, 0, 6_500, '1', 1_000_000n],
  [1, 0, 0, '1', 35n],
  [1, 1, 0, '1', 10n],
  [0, 0, 1, '1', 100n],
  [1, 0, 0, '0.5', 18n],
  [1, 1, 0, '0.25', 5n],
  [3, 1, 7, '1.25', 975n],
  [128_000, 100_000, 4_096, '10', 23_896_000n],
])(
  'a call of %i prompt tokens, %i of them cached, and %i of output at ×%s burns %i micro-credits (AT-009, FR-BILL-003)',
  (...given) => {
    const [prompt, cached, output, multiplier, expected] = given;
    expect(credits(prompt, cached, output, multiplier)).toBe(expected);
  },
);

test('it is the specification’s formula, rounded up once, for any counts (AT-009)', () => {
  for (let n = 0; n < 2_000; n += 1) {
    const prompt = (n * 7_919) % 200_003;
    const cached = prompt === 0 ? 0 : (n * 104_729) % prompt;
    const output = (n * 31) % 4_097;
    for (const multiplier of ['0.3', '0.5', '0.6', '1', '2.75', '10']) {
      const exact = bySpecification(prompt, cached, output, Number(multiplier));
      const charged = Number(credits(prompt, cached, output, multiplier));
      expect(charged).toBeGreaterThanOrEqual(exact - 1e-3);
      expect(charged).toBeLessThan(exact + 1 + 1e-3);
    }
  }
});

test('no model is billed below half, and a decimal that isn’t one is refused', () => {
  expect(credits(100, 0, 100, '0.0001')).toBe(credits(100, 0, 100, '0.5'));
  expect(parseMultiplier('1.2500')).toBe(12_500n);
  expect(parseMultiplier('0.6000000')).toBe(6_000n);
  for (const wrong of ['', '-1', '1e3', '1.23456', '.5', 'NaN']) expect(() => parseMultiplier(wrong)).toThrow();
});
