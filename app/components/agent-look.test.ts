import { expect, test } from 'vitest';
import { assignLooks } from '#app/components/agent-look.ts';

const council = ['Analyst', 'Devil’s Advocate', 'Anna', 'Researcher', 'DA', 'Écrivain', '小明', 'C++ Pro'].map(
  (name, n) => ({
    id: `0193-${n}`,
    name,
  }),
);

test('agents that appear together differ in colour and in monogram', () => {
  const looks = [...assignLooks(council).values()];
  expect(new Set(looks.map((look) => look.hue)).size).toBe(8);
  expect(new Set(looks.map((look) => look.monogram)).size).toBe(8);
});

test('monograms are initials, or the first two letters', () => {
  const looks = assignLooks(council);
  expect(looks.get('0193-0')?.monogram).toBe('An');
  expect(looks.get('0193-1')?.monogram).toBe('DA');
  expect(looks.get('0193-5')?.monogram).toBe('Éc');
});

test('an agent that joins changes nobody’s look, whatever the order they are listed in', () => {
  const before = assignLooks(council.slice(0, 4));
  const after = assignLooks([...council].reverse());
  for (const [id, look] of before) expect(after.get(id)).toEqual(look);
});

test('a ninth agent shares a colour but not a monogram', () => {
  const looks = [...assignLooks([...council, { id: '0193-9', name: 'Analyst 2' }]).values()];
  expect(new Set(looks.map((look) => look.monogram)).size).toBe(9);
});

test('a name has its colour wherever it stands: in a template, in the room made from it, in a chat', () => {
  const lookOf = (id: string) => assignLooks([{ id, name: 'Analyst' }]).get(id);
  expect(lookOf('template-0')).toEqual(lookOf('0193-0'));
});
