import type { Page } from '@playwright/test';
import { createRoom } from '../support/rooms.ts';
import { runTurn } from '../support/turns.ts';
import { card, runBar, send, someone } from './support/actions.ts';
import { expect, test } from './support/test.ts';

const AGENTS = ['Ada', 'Bo', 'Cy', 'Di'];
const LONG = [
  'The first sentence of the answer.',
  '| plan | cost |\n|---|---:|\n| one | 12 |\n| two | 24 |',
  '```ts\nexport const limit = 64; // the oldest first\n```',
  ...Array.from(
    { length: 8 },
    (_, n) => `${n + 1}. A point that goes over more than one line of a narrow window, as points do.`,
  ),
  'The last sentence of the answer.',
].join('\n\n');

declare global {
  var shifts: string[];
}

/** What moves by itself from now on. */
async function watchShifts(page: Page): Promise<void> {
  await page.evaluate(() => {
    globalThis.shifts = [];
    new PerformanceObserver((list) => {
      for (const entry of list.getEntries() as (PerformanceEntry & {
        hadRecentInput: boolean;
        sources: { node?: Node; previousRect: DOMRect; currentRect: DOMRect }[];
      })[])
        if (!entry.hadRecentInput)
          shifts.push(
            ...entry.sources.map(
              ({ node, previousRect: from, currentRect: to }) =>
                `${node?.nodeName} “${node?.textContent?.slice(0, 40)}” ${from.x},${from.y} ${from.width}×${from.height} → ${to.x},${to.y} ${to.width}×${to.height}`,
            ),
          );
    }).observe({ type: 'layout-shift' });
  });
}

test('nothing moves while four agents write at once; each answer opens, and all do', async ({
  page,
  signInAs,
  modelServer,
}) => {
  modelServer.setRules([{ behaviour: { text: LONG, tokenDelayMs: 15 } }]);
  const client = await signInAs(someone());
  const room = await createRoom(client, { mode: 'manual', agents: AGENTS });
  await page.goto(`/rooms/${room.id}`);
  await send(page, '@all at length, please');
  for (const name of AGENTS) await expect(card(page, name)).toContainText('The first');
  await watchShifts(page);
  await expect(page.getByText('4 agents at once, 0 of 4 done')).toBeVisible();
  for (const name of AGENTS) await expect(card(page, name)).toContainText('A point');
  await expect(runBar(page)).toHaveCount(0);
  await expect(page.getByText('4 agents at once, 4 of 4 done')).toBeVisible();
  expect(await page.evaluate(() => shifts)).toEqual([]);

  // A window shows the end of what was written, and what can be done with it; what opens them all is in sight too.
  await expect(page.getByRole('button', { name: 'Open all' })).toBeInViewport({ ratio: 1 });
  const first = (name: string) => card(page, name).getByText('The first sentence of the answer.');
  await expect(card(page, 'Di').getByText('The last sentence of the answer.')).toBeInViewport();
  await expect(card(page, 'Di').getByRole('button', { name: 'Copy Di’s message' })).toBeInViewport();
  await expect(first('Di')).not.toBeInViewport();
  await card(page, 'Di').getByRole('button', { name: 'Show all of Di’s answer' }).press('Enter');
  await expect(first('Di')).toBeInViewport();
  await card(page, 'Di').getByRole('button', { name: 'Fold Di’s answer' }).press('Enter');
  await expect(first('Di')).not.toBeInViewport();
  await page.getByRole('button', { name: 'Open all' }).press('Enter');
  await expect(first('Ada')).toBeInViewport();
  for (const name of AGENTS)
    await expect(card(page, name).getByRole('button', { name: `Fold ${name}’s answer` })).toHaveCount(1);
});

test('answers that ended out of sight are whole when one comes back to them', async ({
  page,
  signInAs,
  modelServer,
}) => {
  modelServer.setRules([{ behaviour: { text: LONG, tokenDelayMs: 15 } }]);
  const client = await signInAs(someone());
  const room = await createRoom(client, { mode: 'manual', agents: AGENTS });
  for (let n = 0; n < 2; n += 1) await runTurn(client, room.id, '@Ada once');
  await page.goto(`/rooms/${room.id}`);
  await send(page, '@all at length, please');
  await expect(card(page, 'Di')).toContainText('The first');
  await page.locator('[data-timeline]').evaluate((timeline) => timeline.scrollTo({ top: 0, behavior: 'instant' }));
  await expect(runBar(page)).toHaveCount(0);
  await page.getByRole('button', { name: 'Latest' }).click();
  await expect(card(page, 'Di').getByRole('button', { name: 'Fold Di’s answer' })).toBeVisible();
});

test('short answers take no more room than they need once all have ended', async ({ page, signInAs, modelServer }) => {
  modelServer.setRules([{ behaviour: { text: 'No, not at all.', tokenDelayMs: 300 } }]);
  const client = await signInAs(someone());
  const room = await createRoom(client, { mode: 'manual', agents: AGENTS });
  await page.goto(`/rooms/${room.id}`);
  await send(page, '@all yes or no?');
  await expect(card(page, 'Ada')).toContainText('No, not');
  await expect(card(page, 'Ada')).toHaveAccessibleName('Ada, answering');
  const heightOf = async () => (await card(page, 'Ada').boundingBox())?.height ?? 0;
  const during = await heightOf();
  await expect(runBar(page)).toHaveCount(0);
  await expect.poll(heightOf).toBeLessThan(during);
  await expect(page.getByRole('button', { name: 'Open all' })).toBeHidden();
});

test('an answer that came all at once, and then nothing, can be opened all the same, also after a reload', async ({
  page,
  signInAs,
  modelServer,
}) => {
  const paragraph = `${Array.from({ length: 80 }, (_, n) => `word${n}`).join(' ')}\n\n`;
  modelServer.setRules([{ behaviour: { text: paragraph.repeat(6), hang: 'mid_stream', afterTokens: 400 } }]);
  const client = await signInAs(someone());
  const room = await createRoom(client, { mode: 'manual', agents: AGENTS });
  await page.goto(`/rooms/${room.id}`);
  await send(page, '@all at length, please');
  for (const name of AGENTS.slice(1)) await expect(card(page, name)).toContainText('word79');
  const open = page.getByRole('button', { name: 'Show all of Di’s answer' });
  // It may come and go while the page settles: what counts is that it is there then.
  await page.waitForTimeout(500);
  await expect(open).toBeVisible();
  await page.reload();
  await expect(card(page, 'Di')).toContainText('word79');
  await page.waitForTimeout(500);
  await expect(open).toBeVisible();
  await runBar(page).getByRole('button', { name: 'Stop this turn' }).click();
});
