import { expect, it } from 'vitest';
import { matchNames } from '#app/components/switcher/match-names.ts';

const rooms = ['Research council', 'Café search', 'Board', 'Council of search'].map((name) => ({ name }));
const found = (query: string) => matchNames(rooms, query).map(({ name }) => name);

it('finds all words in any order, without case and accents, beginnings first', () => {
  expect(found('search')).toEqual(['Café search', 'Council of search', 'Research council']);
  expect(found('COUNCIL re')).toEqual(['Research council']);
  expect(found('cafe')).toEqual(['Café search']);
  expect(found('council')).toEqual(['Council of search', 'Research council']);
  expect(found('nothing')).toEqual([]);
});

it('shows everything in its order when nothing is asked', () => {
  expect(found('  ')).toEqual(rooms.map(({ name }) => name));
});
