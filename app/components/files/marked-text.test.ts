import { expect, it } from 'vitest';
import { findPassage } from './marked-text.tsx';

const TEXT = 'One two\nthree  four (five) six.\nOne two again.';

it('finds a quote whatever became of its white space', () => {
  expect(findPassage(TEXT, 'two three four (five)')).toEqual({ from: 4, to: 26 });
});

it('marks the first part of a quote that was put together', () => {
  expect(findPassage(TEXT, 'three four … again.')).toEqual({ from: 8, to: 19 });
});

it('marks nothing where nothing is found', () => {
  expect(findPassage(TEXT, 'seven')).toBeNull();
  expect(findPassage(TEXT, '  ')).toBeNull();
});
