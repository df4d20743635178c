import { describe, expect, test } from 'vitest';
import { completeMention, matchMentions, openMentionAt } from '#app/components/mention.ts';

/** `|` is the caret. */
function at(marked: string) {
  const caret = marked.indexOf('|');
  const text = marked.replace('|', '');
  return { text, caret, mention: openMentionAt(text, caret) };
}

describe('a mention opens', () => {
  test.each([
    ['@|', ''],
    ['@An|', 'An'],
    ['Hello @devil|', 'devil'],
    ['(@An|', 'An'],
    ['line\n@An| and more', 'An'],
    ['@Bo L|', 'Bo L'],
    ['@"Bo L|', 'Bo L'],
  ])('in %s', (marked, query) => expect(at(marked).mention?.query).toBe(query));

  test.each(['An|', 'me@exam|', '@ |', '@"Bo Lin" |', '@"Bo Lin"|', '@An\nnext|', '@An  x|'])(
    'but not in %s',
    (marked) => expect(at(marked).mention).toBeNull(),
  );
});

describe('completing a mention', () => {
  test.each([
    ['@an|', 'Analyst', '@Analyst |'],
    ['ask @de| about it', 'Devil’s Advocate', 'ask @"Devil’s Advocate" |about it'],
    ['@"Bo L|" hi', 'Bo Lin', '@"Bo Lin" |hi'],
    ['@a|', 'all', '@all |'],
  ])('%s with %s gives %s', (marked, name, expected) => {
    const { text, caret, mention } = at(marked);
    const done = completeMention(text, caret, mention!, name);
    expect(`${done.text.slice(0, done.caret)}|${done.text.slice(done.caret)}`).toBe(expected);
  });
});

test('who is offered: by the beginning of the name, then of a later word, whatever the case and accents', () => {
  const items = ['Écrivain', 'Devil’s Advocate', 'Analyst', 'Data Écran'].map((name) => ({
    name,
    kind: 'agent' as const,
  }));
  expect(matchMentions(items, 'ec').map(({ name }) => name)).toEqual(['Écrivain', 'Data Écran']);
  expect(matchMentions(items, 'ADV').map(({ name }) => name)).toEqual(['Devil’s Advocate']);
  expect(matchMentions(items, '')).toHaveLength(4);
});
