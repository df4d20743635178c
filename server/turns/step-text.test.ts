import { expect, test } from 'vitest';
import { trimImpersonation } from '#graphs/trim-impersonation.ts';
import { createStepText } from '#server/turns/step-text.ts';

function stream(pieces: string[]): { content: string; emitted: string[] } {
  const emitted: string[] = [];
  const text = createStepText(
    () => trimImpersonation({ self: 'Ada', others: ['Bo'] }),
    (piece) => emitted.push(piece),
  );
  for (const piece of pieces) text.push(piece);
  return { content: text.end(), emitted };
}

test.each(['Family 👩‍👩‍👧‍👦 and 𝒳.', '👍', 'é\u0301 👋🏽 end  \n', 'Ada: 🌊🌊\nBo: 🌋'])(
  'however a reply is cut into pieces, even inside an emoji, what is sent makes up the content (FR-RT-003): %s',
  (reply) => {
    const whole = stream([reply]).content;
    for (let cut = 0; cut <= reply.length; cut += 1) {
      const { content, emitted } = stream([reply.slice(0, cut), reply.slice(cut)]);
      expect(content).toBe(whole);
      expect(emitted.join('')).toBe(content);
      expect(emitted.every((piece) => piece.isWellFormed())).toBe(true);
    }
    expect(stream(reply.split('')).content).toBe(whole);
  },
);

test('half an emoji at the very end becomes the replacement character, and a NUL goes: the database keeps neither', () => {
  expect(stream(['ok \ud83d'])).toEqual({ content: 'ok \ufffd', emitted: ['ok', ' \ufffd'] });
  expect(stream(['a\u0000b']).content).toBe('ab');
});
