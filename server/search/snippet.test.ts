import { expect, it } from 'vitest';
import { MATCH_END, MATCH_START, readSnippet } from '#server/search/snippet.ts';

const marked = (text: string) => text.replaceAll('[', MATCH_START).replaceAll(']', MATCH_END);

it('tells what matched from what stands around it', () => {
  expect(readSnippet(marked('ship [faster] and [better]'))).toEqual([
    { text: 'ship ', match: false },
    { text: 'faster', match: true },
    { text: ' and ', match: false },
    { text: 'better', match: true },
  ]);
});

it('keeps text as text and drops the signs of markdown', () => {
  expect(readSnippet(marked('## **A** <b>[bold]</b>\n| x |'))).toEqual([
    { text: ' A <b>', match: false },
    { text: 'bold', match: true },
    { text: '</b> x ', match: false },
  ]);
});

it('survives marks that don’t pair', () => {
  expect(readSnippet(marked('a [b'))).toEqual([
    { text: 'a ', match: false },
    { text: 'b', match: true },
  ]);
  expect(readSnippet(marked('a] b'))).toEqual([{ text: `a${MATCH_END} b`, match: false }]);
});
