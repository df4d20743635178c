import { expect, test } from 'vitest';
import { ensureBuilt } from '../../scripts/ensure-built.ts';
import { weighPages } from '../../scripts/page-weights.ts';

const MOST_KB = 180;

test('no page needs more than 180 kB of script, compressed, before it works', async () => {
  await ensureBuilt();
  const { pages } = await weighPages();
  expect(pages.length).toBeGreaterThan(30);
  expect(pages.map(({ name }) => name)).toEqual(expect.arrayContaining(['_index', 'rooms.$roomId', 'sign-in']));
  expect(Math.min(...pages.map(({ kB }) => kB))).toBeGreaterThan(50);
  // What is over can be fetched when it is needed: docs/app.md, Weight; `npm run bench:pages` tells what weighs.
  expect(pages.filter(({ kB }) => kB > MOST_KB)).toEqual([]);
});
