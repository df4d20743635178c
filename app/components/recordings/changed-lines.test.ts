import { expect, test } from 'vitest';
import { changedLines } from './changed-lines.ts';

test('shows what differs between two texts, with two lines around it', () => {
  const before = ['a', 'b', 'c', 'old', 'd', 'e', 'f'].join('\n');
  const after = ['a', 'b', 'c', 'new', 'newer', 'd', 'e', 'f'].join('\n');
  expect(changedLines(before, after).map(({ sign, text }) => `${sign}${text}`)).toEqual([
    '……',
    ' b',
    ' c',
    '-old',
    '+new',
    '+newer',
    ' d',
    ' e',
    '……',
  ]);
});

test('a text that only grew has nothing taken away', () => {
  expect(changedLines('a\na', 'a\na\na').filter(({ sign }) => sign === '-')).toEqual([]);
});
