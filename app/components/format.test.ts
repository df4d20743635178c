import { expect, test } from 'vitest';
import {
  formatAbout,
  formatAge,
  formatCount,
  formatCredits,
  formatDuration,
  formatNames,
  formatTokens,
} from '#app/components/format.ts';

test.each([
  ['0', '0'],
  ['1', '< 0.001'],
  ['1000', '0.001'],
  ['12345', '0.012'],
  ['500000', '0.5'],
  ['1000000', '1'],
  ['1239999', '1.24'],
  ['1236000', '1.24'],
  ['999999', '1'],
  ['100000000', '100'],
  ['1980500000', '1,980.5'],
  ['-2500000', '−2.5'],
])('%s micro-credits are %s credits', (micro, shown) => expect(formatCredits(micro)).toBe(shown));

test.each([
  [0, '0'],
  [999, '999'],
  [1_000, '1,000'],
  [1_234_567, '1,234,567'],
])('the count %s is written %s', (count, shown) => expect(formatCount(count)).toBe(shown));

test.each([
  [340, '340 ms'],
  [4_230, '4.2 s'],
  [9_990, '10 s'],
  [59_400, '59 s'],
  [185_000, '3 min 05 s'],
  [3_720_000, '1 h 02 min'],
])('%d ms last %s', (ms, shown) => expect(formatDuration(ms)).toBe(shown));

test.each([
  [0, '0'],
  [999, '999'],
  [1_000, '1k'],
  [1_240, '1.2k'],
  [34_200, '34k'],
  [1_250_000, '1.3M'],
])('%d tokens are %s', (tokens, shown) => expect(formatTokens(tokens)).toBe(shown));

test('an age is told in the unit that a person would use', () => {
  const now = Date.parse('2026-03-10T12:00:00Z');
  expect(formatAge('2026-03-10T11:59:30Z', now)).toBe('just now');
  expect(formatAge('2026-03-10T11:15:00Z', now)).toBe('45 min ago');
  expect(formatAge('2026-03-08T11:00:00Z', now)).toBe('2 d ago');
  expect(formatAge('2026-01-02T11:00:00Z', now)).toBe('2 Jan 2026');
});

test('names are listed as one says them', () => {
  expect([[], ['Ada'], ['Ada', 'Bo'], ['Ada', 'Bo', 'Cy']].map(formatNames)).toEqual([
    '',
    'Ada',
    'Ada and Bo',
    'Ada, Bo, and Cy',
  ]);
});

test('what is only expected has two digits', () => {
  expect(['313000', '2449000', '129600000', '9960000', '40', '0'].map(formatAbout)).toEqual([
    '0.31',
    '2.4',
    '130',
    '10',
    '< 0.001',
    '0',
  ]);
});
