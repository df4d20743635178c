import { describe, expect, test } from 'vitest';
import { parseTags } from './tags.ts';

const ROOM = ['Ana', 'Bo', 'Bo Lin', 'Critic', 'Dr. No', 'C++ Pro', "O'Neil", 'Zoë', '小明', 'Überprüfer', 'Data-Team'];
const roster = ROOM.map((name) => ({ name }));
const tagged = (message: string) => parseTags(message, roster).agents;

describe('AT-003, FR-MODE-001: a tag is', () => {
  test.each<[string, string, string[]]>([
    ['the start of the message', '@Ana what do you think?', ['Ana']],
    ['after white space', 'What do you think, @Ana?', ['Ana']],
    ['on a line of its own', 'Hello\n@Ana\n', ['Ana']],
    ['after a tab', '\t@Ana', ['Ana']],
    ['after an opening bracket', 'a question (@Ana) and [@Bo] and <@Critic>', ['Ana', 'Bo', 'Critic']],
    ['any case', '@ANA @bO lIN', ['Ana', 'Bo Lin']],
    ['any case beyond ASCII', '@ZOË @überPRÜFER', ['Zoë', 'Überprüfer']],
    ['the same name composed otherwise', '@Zoe\u0308 please', ['Zoë']],
    ['quoted, for two words', 'ask @"Bo Lin" about it', ['Bo Lin']],
    ['quoted with curly quotes', 'ask @“bo lin” and @„Ana“', ['Bo Lin', 'Ana']],
    ['quoted with blanks to spare', '@"  Bo   Lin "', ['Bo Lin']],
    ['two words unquoted, the longest name first', '@Bo Lin and @Bo', ['Bo Lin', 'Bo']],
    ['two words with several blanks', '@Bo   Lin', ['Bo Lin']],
    ['the shorter name, where the longer one ends otherwise', '@Bo Linus, hi', ['Bo']],
    ['the shorter name, where a line ends between the words', '@Bo\nLin', ['Bo']],
    [
      'followed by punctuation',
      '@Ana, @Bo. @Critic! @"Dr. No"? @Zoë: @Bo Lin; …',
      ['Ana', 'Bo', 'Critic', 'Dr. No', 'Zoë', 'Bo Lin'],
    ],
    ['followed by a possessive', "@Ana's view and @Bo Lin’s", ['Ana', 'Bo Lin']],
    ['a name with a full stop', '@Dr. No says', ['Dr. No']],
    ['a name of signs', '@C++ Pro, go', ['C++ Pro']],
    ['a name with an apostrophe', "@O'Neil, go", ["O'Neil"]],
    ['a name with a hyphen', '@data-team: go', ['Data-Team']],
    ['in a script without blanks', '@小明请看', ['小明']],
    ['a name with a suffix in another script', '@Anaさん', ['Ana']],
    ['pasted with invisible characters', '\u2068@\u200bAna\u2069 and @Bo\u00a0Lin', ['Ana', 'Bo Lin']],
    ['in bold text with a blank before it', '** @Ana **', ['Ana']],
    ['in a quotation', '> @Ana said so', ['Ana']],
    ['mentioned twice but called once', '@Ana and again @ana', ['Ana']],
    ['told in the order of first mention', '@Critic @Ana @Bo @Critic', ['Critic', 'Ana', 'Bo']],
  ])('%s', (_what, message, agents) => expect(tagged(message)).toEqual(agents));
});

describe('AT-003, FR-MODE-001: no tag is', () => {
  test.each([
    ['an e-mail address', 'write to me@ana.example or <ana@critic.example>'],
    ['an address with a tag-like name', 'bo@Ana'],
    ['a handle on another host', '@ana@social.example'],
    ['a host or a package', '@ana.example @critic/kit'],
    ['part of a longer word', '@Anabel @Critics @Ana_2 @Ana2 @Ana-Maria'],
    ['in the middle of a word', 'foo@Ana'],
    ['after other punctuation', '"@Ana" -@Ana ,@Ana \\@Ana #@Ana'],
    ['a lone sign', '@ Ana @'],
    ['a name without the sign', 'Ana, please'],
    ['in a code span', 'run `@Ana` and ``x ` @Bo``'],
    ['in a fenced block', 'see\n```\n@Ana\n```\n'],
    ['in a fenced block of tildes', '~~~js\n@Ana\n~~~'],
    ['in a fenced block that is never closed', '```\n@Ana\n@Bo'],
    ['in an address of a page', 'https://example.org/@Ana'],
    ['across lines in quotes', '@"Bo\nLin"'],
  ])('%s', (_what, message) => expect(tagged(message)).toEqual([]));

  test('an unclosed backtick opens no code', () => expect(tagged('it costs 5` and @Ana knows')).toEqual(['Ana']));
  test('code around a tag hides only itself', () =>
    expect(tagged('`x` @Ana `y`\n```\n@Bo\n```\n@Critic')).toEqual(['Ana', 'Critic']));
});

describe('FR-MODE-001: everybody at once', () => {
  const small = ['Ana', 'Bo', 'Cy'].map((name) => ({ name }));
  test.each<[string, string[]]>([
    ['@all, hello', ['Ana', 'Bo', 'Cy']],
    ['@ALL', ['Ana', 'Bo', 'Cy']],
    ['@"all"', ['Ana', 'Bo', 'Cy']],
    ['@Cy @all', ['Cy', 'Ana', 'Bo']],
    ['@others', ['Ana', 'Bo', 'Cy']],
    ['not @Bo but @others', ['Bo', 'Ana', 'Cy']],
    ['@others first, then @Ana', ['Bo', 'Cy', 'Ana']],
    ['@all and @others', ['Ana', 'Bo', 'Cy']],
    ['@allegro @othersome', []],
  ])('%s', (message, agents) => expect(parseTags(message, small).agents).toEqual(agents));

  test('an empty room has nobody', () => expect(parseTags('@all @Ana', []).agents).toEqual([]));
});

describe('AT-003: what was not found', () => {
  test('is told as it was typed, once', () => {
    expect(parseTags('@Bob, @bob and @"Mr X" and @Ana', roster)).toMatchObject({
      agents: ['Ana'],
      unknown: ['Bob', 'Mr X'],
    });
  });

  test.each<[string, string[]]>([
    ['@Anna', ['Ana']],
    ['@Citric', ['Critic']],
    ['@crit', ['Critic']],
    ['@Lin', ['Bo Lin']],
    ['@Zoe', ['Zoë']],
    ['@Anabel', ['Ana']],
    ['@"Bo Linn"', ['Bo Lin']],
  ])('%s could mean %j', (message, candidates) => {
    const tags = parseTags(message, roster);
    expect(tags.agents).toEqual([]);
    expect(tags.candidates).toEqual(candidates);
  });

  test('with nobody called and nobody near, anybody could be meant', () => {
    expect(parseTags('What now?', roster)).toEqual({ agents: [], unknown: [], candidates: ROOM });
    expect(parseTags('@Xqwzv', roster)).toEqual({ agents: [], unknown: ['Xqwzv'], candidates: ROOM });
  });

  test('beside a valid tag nobody is suggested who is not near', () => {
    expect(parseTags('@Ana @media', roster)).toEqual({ agents: ['Ana'], unknown: ['media'], candidates: [] });
  });

  test('a message full of signs is read in no time and lists a few', () => {
    const message = Array.from({ length: 10_000 }, (_, n) => `@x${n}`).join(' ');
    expect(parseTags(message, roster).unknown).toHaveLength(20);
    expect(tagged('`'.repeat(50_000))).toEqual([]);
    expect(tagged('@ "'.repeat(30_000))).toEqual([]);
    expect(tagged('` '.repeat(30_000))).toEqual([]);
    expect(tagged(`${'`a'.repeat(20_000)} @Ana`)).toEqual(['Ana']);
  });
});
