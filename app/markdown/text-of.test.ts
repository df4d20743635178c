import { expect, test } from 'vitest';
import { plainTextOf } from '#app/markdown/text-of.ts';

test('a passage is read without its signs', () => {
  const passage =
    '## Costs\n\nSome **bold** [link](https://example.com) &amp; `code`.\n\n- one\n- two\n\n| a | b |\n|---|---|\n| 1 | 2 |\n\n> said\n\n---';
  expect(plainTextOf(passage)).toBe('Costs\nSome bold link & code.\n• one\n• two\na · b\n1 · 2\nsaid');
  expect(plainTextOf('12 * 3 is **half')).toBe('12 * 3 is **half');
});
