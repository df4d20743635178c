import { expect, test } from 'vitest';
import { coverPeriod, type Part, type Unit } from '#server/admin/analytics/cover-period.ts';

const DAY_MS = 86_400_000;
const plus = (day: string, days: number) => new Date(Date.parse(day) + days * DAY_MS).toISOString().slice(0, 10);

/** How often the parts hold a day, what is taken away counted off. */
function timesOf(day: string, parts: Part[]): number {
  return parts.reduce((sum, { from, before, sign }) => sum + (day >= from && day < before ? sign : 0), 0);
}

test('whatever the period, each of its days counts once and no other day counts', () => {
  for (let n = 0; n < 400; n += 1) {
    const from = plus('2023-11-20', (n * 37) % 800);
    const to = plus(from, (n * n * 13) % 500);
    for (const units of [
      ['day', 'month'],
      ['day', 'month', 'year'],
    ] as Unit[][]) {
      const parts = coverPeriod({ from, to }, { units, today: '2025-07-14' });
      for (let day = plus(from, -400); day <= plus(to, 400); day = plus(day, 1)) {
        const times = timesOf(day, parts);
        if (times !== (day >= from && day <= to ? 1 : 0))
          expect.fail(`${day} counts ${times} times in ${from} to ${to}`);
      }
    }
  }
});

test('a part of a month or year begins and ends where one begins', () => {
  for (let n = 0; n < 400; n += 1) {
    const from = plus('2024-01-01', (n * 41) % 700);
    for (const part of coverPeriod(
      { from, to: plus(from, n) },
      { units: ['day', 'month', 'year'], today: '2025-11-21' },
    )) {
      const begin = { day: /./, month: /-01$/, year: /-01-01$/ }[part.unit];
      expect([part.from, part.before].filter((day) => !begin.test(day))).toEqual([]);
    }
  }
});

test('a year up to today is the begun month a year ago, whole months and the year less what has not come yet', () => {
  const units: Unit[] = ['day', 'month', 'year'];
  const period = { from: '2025-11-22', to: '2026-11-21' };
  expect(coverPeriod(period, { units, today: '2026-11-21' })).toEqual([
    { unit: 'day', from: '2025-11-22', before: '2025-12-01', sign: 1 },
    { unit: 'month', from: '2025-12-01', before: '2026-01-01', sign: 1 },
    { unit: 'year', from: '2026-01-01', before: '2027-01-01', sign: 1 },
    { unit: 'month', from: '2026-12-01', before: '2027-01-01', sign: -1 },
    { unit: 'day', from: '2026-11-22', before: '2026-12-01', sign: -1 },
  ]);
  expect(coverPeriod({ from: '2026-11-15', to: '2026-11-21' }, { units, today: '2026-11-21' })).toEqual([
    { unit: 'day', from: '2026-11-15', before: '2026-11-22', sign: 1 },
  ]);
});
