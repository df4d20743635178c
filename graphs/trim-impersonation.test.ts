import { describe, expect, test } from 'vitest';
import { trimImpersonation } from './trim-impersonation.ts';

const people = { self: 'Analyst', others: ['Critic', 'Bo Lin', 'Bo', 'C++ Pro'] };

function filtered(text: string, cuts: number[] = [], who = people): string {
  const filter = trimImpersonation(who);
  const marks = [0, ...[...cuts].sort((a, b) => a - b), text.length];
  return (
    marks
      .slice(1)
      .map((end, n) => filter.push(text.slice(marks[n], end)))
      .join('') + filter.end()
  );
}

const CASES: [string, string, string][] = [
  ['an ordinary reply stays', 'The market grows.\n\n- one\n- two', 'The market grows.\n\n- one\n- two'],
  ['white space around it goes', '\n  \nYes.\n\n ', 'Yes.'],
  ['its own label goes', 'Analyst: Yes.', 'Yes.'],
  ['its own label in bold goes', '**Analyst:** Yes, **bold**.', 'Yes, **bold**.'],
  ['its own label in bold before the colon goes', '**Analyst**: **Yes**', '**Yes**'],
  ['its own label as a heading goes', '### Analyst:\n\nYes.', 'Yes.'],
  ['its own label in brackets goes', '[analyst]: Yes.', 'Yes.'],
  ['its own label twice goes', 'Analyst:\nAnalyst: Yes.', 'Yes.'],
  ['its own name in a sentence stays', 'Analyst here. Yes.', 'Analyst here. Yes.'],
  ['a label with nothing after it leaves nothing', 'Analyst:', ''],
  ['another’s part goes', 'Yes.\n\nCritic: No.\nAnd no.', 'Yes.'],
  ['another’s part in bold goes', 'Yes.\n**Critic:** No.', 'Yes.'],
  ['another’s part in bold before the colon goes', 'Yes.\n**Critic**: No.', 'Yes.'],
  ['another’s part in brackets goes', 'Yes.\n[Critic]: No.', 'Yes.'],
  ['another’s part under a heading goes', 'Yes.\n### Bo Lin:\nNo.', 'Yes.'],
  ['another’s part in capitals goes', 'Yes.\nCRITIC: No.', 'Yes.'],
  ['another’s part with a wide colon goes', 'Yes.\nCritic：No.', 'Yes.'],
  ['another’s empty part goes', 'Yes.\nCritic:', 'Yes.'],
  ['another’s part with Windows lines goes', 'Yes.\r\nCritic: No.\r\n', 'Yes.'],
  ['the longer of two names counts', 'Yes.\nBo Lin: No.', 'Yes.'],
  ['the shorter of two names counts', 'Yes.\nBo: No.', 'Yes.'],
  ['a name of signs counts', 'Yes.\nC++ Pro: No.', 'Yes.'],
  ['a reply that is another’s alone leaves nothing', 'Critic: No.', ''],
  ['after its own label another’s part still goes', 'Analyst: Critic: No.', ''],
  ['a mention in a sentence stays', 'Yes.\nCritic is right: no.', 'Yes.\nCritic is right: no.'],
  ['a mention within a line stays', 'As for Critic: no.', 'As for Critic: no.'],
  [
    'a list of views stays',
    'Views:\n- Critic: no\n* Bo: yes\n1. Bo Lin: yes',
    'Views:\n- Critic: no\n* Bo: yes\n1. Bo Lin: yes',
  ],
  ['a quotation stays', '> Critic: no\n\nWrong.', '> Critic: no\n\nWrong.'],
  ['a code block stays', '```yaml\nCritic:\n  on: true\n```\nDone.', '```yaml\nCritic:\n  on: true\n```\nDone.'],
  ['after a code block labels count again', '```\nx\n```\nCritic: no', '```\nx\n```'],
  ['a path in a language with double colons stays', 'Critic::parse(x)', 'Critic::parse(x)'],
  ['a longer word stays', 'Yes.\nCritics: many.', 'Yes.\nCritics: many.'],
  ['a heading that is a name stays', 'Yes.\n### Critic\nText.', 'Yes.\n### Critic\nText.'],
  ['nothing stays nothing', '', ''],
];

describe('FR-AGENT-006: a reply is its agent’s own', () => {
  test.each(CASES)('%s', (_what, text, expected) => expect(filtered(text)).toBe(expected));

  test('without others only its own label goes', () => {
    expect(filtered('Manager: done.\nCritic: x', [], { self: 'Manager', others: [] })).toBe('done.\nCritic: x');
  });
});

/** A small repeatable generator (mulberry32): a failure can be run again. */
function random(seed: number): () => number {
  let a = seed;
  return () => {
    a = (a + 0x6d2b79f5) | 0;
    let t = Math.imul(a ^ (a >>> 15), 1 | a);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}

describe('FR-RT: the outcome doesn’t depend on how the text is cut', () => {
  test.each(CASES)('%s', (_what, text, expected) => {
    for (let at = 0; at <= text.length; at += 1) expect(filtered(text, [at])).toBe(expected);
    expect(
      filtered(
        text,
        Array.from(text, (_, n) => n),
      ),
    ).toBe(expected);
  });

  test('of 2,000 random texts in random pieces', () => {
    const next = random(20261121);
    const bits = [
      'Analyst',
      'Critic',
      'CRITIC',
      'Bo',
      ' Lin',
      'C++ Pro',
      ':',
      '：',
      '**',
      '*',
      '_',
      '[',
      ']',
      '#',
      '##',
      ' ',
      '  ',
      '\t',
      '\n',
      '\r\n',
      '\n\n',
      '```',
      '~~~',
      'a',
      'text',
      '🦊',
      '-',
      '>',
    ];
    for (let n = 0; n < 2_000; n += 1) {
      const text = Array.from({ length: Math.floor(next() * 14) }, () => bits[Math.floor(next() * bits.length)]).join(
        '',
      );
      const cuts = Array.from({ length: Math.floor(next() * 8) }, () => Math.floor(next() * (text.length + 1)));
      const whole = filtered(text);
      expect(filtered(text, cuts), JSON.stringify({ text, cuts })).toBe(whole);
      expect(whole, JSON.stringify(text)).toBe(whole.trim());
      expect(text, 'nothing is invented').toContain(whole);
    }
  });

  test('ordinary text passes at once; only what may be a label waits', () => {
    const filter = trimImpersonation(people);
    expect(filter.push('The mark')).toBe('The mark');
    expect(filter.push('et grows.\n')).toBe('et grows.');
    expect(filter.push('Cri')).toBe('');
    expect(filter.push('sis')).toBe('\nCrisis');
    expect(filter.push(' ')).toBe('');
    expect(filter.push('ahead')).toBe(' ahead');
    expect(filter.end()).toBe('');
  });
});
