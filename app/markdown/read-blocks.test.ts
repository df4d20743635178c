import { describe, expect, test } from 'vitest';
import { createBlockReader, type Block } from '#app/markdown/read-blocks.ts';

const TEXT = `# Title

Some **bold** text with \`code\`, a sum \\(x^2\\) and a [link](https://example.com). It is $5 or $6.

| a | b |
|---|---|
| 1 | 2 |

- one
- two

\`\`\`ts
const x = [1];

// | not a table |
\`\`\`

\\[
\\int_0^1 x
\\]

Done, see [it][1].

[1]: https://example.com/1
`;

function typesOf(blocks: readonly Block[]): string[] {
  return blocks.map(({ token }) => token.type).filter((type) => type !== 'space');
}

describe('a text that grows', () => {
  test('ends as the same blocks, however it was cut', () => {
    for (const text of [
      TEXT,
      TEXT.slice(0, TEXT.indexOf('[1]:')),
      '- one\n- two\n\n1. a\n\n   b\n\n> c\n\nd\n===\n\n    e',
    ]) {
      const whole = createBlockReader()(text, false);
      const read = createBlockReader();
      for (let end = 1; end < text.length; end += 1) read(text.slice(0, end), true);
      read(text, true);
      expect(read(text, false)).toEqual(whole);
    }
    const whole = createBlockReader()(TEXT, false);
    const expected = ['heading', 'paragraph', 'table', 'list', 'code', 'maths', 'paragraph', 'def'];
    expect(typesOf(whole)).toEqual(expected);
    for (const size of [1, 3, 7, 40]) {
      const read = createBlockReader();
      for (let end = size; end < TEXT.length; end += size) read(TEXT.slice(0, end), true);
      expect(typesOf(read(TEXT, true)), `in pieces of ${size}`).toEqual(expected);
      // Only a link whose address stands elsewhere waits for the end.
      expect(read(TEXT, false)).toEqual(whole);
    }
  });

  test('keeps the blocks that are finished: they are the same objects', () => {
    const read = createBlockReader();
    const before = read('One.\n\nTwo.\n\nThr', true);
    const after = read('One.\n\nTwo.\n\nThree.\n\nFour', true);
    expect(after[0]).toBe(before[0]);
    expect(after[2]).toBe(before[2]);
    expect(after[2]?.source).toBe('Two.');
  });

  test('shows what is half written as what it will be, and no half table as a line of bars', () => {
    const read = (text: string) => createBlockReader()(text, true);
    const shown = (text: string) => JSON.stringify(read(text).map(({ token }) => token));
    expect(shown('some **bold')).toContain('"type":"strong"');
    expect(shown('some **bold and *more')).toMatch(/"type":"strong".*"type":"em"/);
    expect(shown('some `co')).toContain('"type":"codespan"');
    expect(shown('some **')).not.toContain('**');
    expect(shown('- one\n* two')).not.toContain('"type":"em"');
    expect(shown('2 * 3 and 4 *')).not.toContain('"type":"em"');
    expect(shown('see [the report](https://exam')).toContain('"text":"see the report"');
    expect(shown('as it says [1')).not.toContain('[1');
    expect(typesOf(read('Look:\n\n| a | b |'))).toEqual(['paragraph']);
    expect(typesOf(read('Look:\n\n| a | b |\n|---'))).toEqual(['paragraph']);
    expect(typesOf(read('Look:\n\n| a | b |\n|---|---|'))).toEqual(['paragraph', 'table']);
    expect(typesOf(read('```\n| a | b |'))).toEqual(['code']);
    expect(JSON.stringify(read('```\n| a | b |'))).toContain('| a | b |');
  });

  test('is not read again from its beginning when it ends, unless it tells where a link leads', () => {
    const read = createBlockReader();
    const before = read('One.\n\nTwo.\n\nThree.', true);
    expect(read('One.\n\nTwo.\n\nThree.', false)[0]).toBe(before[0]);
    const linked = createBlockReader();
    linked('See [it].\n\nTwo.\n\n[it]: https://example.com', true);
    expect(JSON.stringify(linked('See [it].\n\nTwo.\n\n[it]: https://example.com', false)[0])).toContain('"link"');
  });

  test('starts over when the text is another one', () => {
    const read = createBlockReader();
    read('One.\n\nTwo.', true);
    expect(JSON.stringify(read('Three.\n\nFour.', true))).not.toContain('One');
  });
});

test('money is no maths, and maths in code is code', () => {
  const read = createBlockReader();
  expect(JSON.stringify(read('From $5 to $6, `\\(x\\)`', false))).not.toContain('maths');
  expect(JSON.stringify(read('It costs $5 a month, $60 a year, or US$6_000 = $6k', false))).not.toContain('maths');
  for (const maths of ['So \\(x\\) is', 'a law $L = \\lambda W$, and', 'a cap $K$:', '$x_1$ is $5 more']) {
    expect(JSON.stringify(read(maths, false)), maths).toContain('maths');
  }
});
