import { describe, expect, it } from 'vitest';
import { ZCreateAgent } from '#server/agents/contract.ts';
import { nameKey } from '#server/agents/name-key.ts';

describe('FR-AGENT-002 what makes two names the same', () => {
  it.each([
    ['Ada', 'aDA'],
    ['ÉMILE', 'e\u0301mile'],
    ['Straße', 'STRASSE'],
    ['ΣΊΣΥΦΟΣ', 'σίσυφος'],
    ['Ａｄａ', 'Ada'],
    ['ﬁnn', 'Finn'],
    ['❤️ Ada', '❤ ada'],
  ])('%s and %s', (one, other) => {
    expect(nameKey(one)).toBe(nameKey(other));
  });

  it.each([
    ['Emile', 'Émile'],
    ['Ada', 'Ada B'],
    ['Bo Lin', 'BoLin'],
  ])('%s and %s differ', (one, other) => {
    expect(nameKey(one)).not.toBe(nameKey(other));
  });
});

describe('an agent’s name', () => {
  const parse = (name: string) => ZCreateAgent.safeParse({ name, modelAlias: 'llama', rolePrompt: 'Say hello.' });

  it.each(['all', 'ALL', ' Others ', 'ａｌｌ', '', '   ', '@ada', 'a"b', 'a“b', 'x'.repeat(61), '\uFE0F', 'a\u200bb'])(
    '%j is refused',
    (name) => {
      expect(parse(name).success).toBe(false);
    },
  );

  it('is kept as it was written, on one line', () => {
    expect(parse('  Ada\n Lovelace ').data?.name).toBe('Ada Lovelace');
  });

  it('and its role hold nothing that the database can’t store', () => {
    const parsed = ZCreateAgent.parse({ name: 'Ada', modelAlias: 'llama', rolePrompt: 'a\0b\ud800c' });
    expect(parsed.rolePrompt).toBe('ab\ufffdc');
  });
});
