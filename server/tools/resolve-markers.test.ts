import { describe, expect, it } from 'vitest';
import { resolveMarkers } from './resolve-markers.ts';

function filtered(text: string, pieces = [text], known = [1, 2, 12]): string {
  const filter = resolveMarkers((number) => known.includes(number));
  return pieces.map((piece) => filter.push(piece)).join('') + filter.end();
}

const CASES: [string, string, string][] = [
  ['keeps a marker that leads to a source', 'Copper rose [1].', 'Copper rose [1].'],
  ['takes out one that leads nowhere, with its space', 'Copper rose [7].', 'Copper rose.'],
  ['takes one out between words', 'It rose [7] again.', 'It rose again.'],
  ['sets several numbers apart and keeps the known ones', 'So it is [1, 7, 12].', 'So it is [1][12].'],
  ['reads other ways of writing a marker', 'A 【2†source】 and [^1].', 'A [2] and [1].'],
  ['leaves code as it is', 'Use `a[7]` or\n```\nb[8]\n```\nnow [9].', 'Use `a[7]` or\n```\nb[8]\n```\nnow.'],
  ['makes no link of a marker', 'See [1](https://evil.example).', 'See [1] (https://evil.example).'],
  ['makes no definition of a marker', '[1]: https://evil.example', '[1] : https://evil.example'],
  ['makes no reference of a marker', 'See [1][evil].', 'See [1] [evil].'],
  ['sees through a dead marker before a link', 'See [1][99](https://evil.example)', 'See [1] (https://evil.example)'],
  [
    'lets other brackets be',
    'An [aside] and [x](https://a.example) and [2024-01].',
    'An [aside] and [x](https://a.example) and [2024-01].',
  ],
  ['ends an unclosed code span with its line', 'It`s [7]\nthen [7] so', 'It`s [7]\nthen so'],
  ['keeps what only began like a marker', 'The end [1', 'The end [1'],
];

describe('markers of sources', () => {
  it.each(CASES)('%s', (_, text, expected) => {
    expect(filtered(text)).toBe(expected);
  });

  it('come out the same however the text is cut into pieces', () => {
    for (const [, text, expected] of CASES) {
      expect(filtered(text, Array.from(text)), text).toBe(expected);
      for (let at = 1; at < text.length; at += 1) {
        expect(filtered(text, [text.slice(0, at), text.slice(at)]), `${text} at ${at}`).toBe(expected);
      }
    }
  });
});
