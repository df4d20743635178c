import type { Page } from '@playwright/test';
import { createRoom } from '../support/rooms.ts';
import { runTurn } from '../support/turns.ts';
import { card, composer, runBar, send, someone } from './support/actions.ts';
import { expect, test } from './support/test.ts';

test.skip(({ isMobile }) => !isMobile, 'The wide screen has the other journeys');

test('what is pressed before the page can answer looks pressed, and is answered as soon as it can, once', async ({
  page,
  signInAs,
}) => {
  const client = await signInAs(someone());
  await createRoom(client, { name: 'Pocket', agents: ['Ada'] });
  let arrive = () => {};
  const slow = new Promise<void>((resolve) => (arrive = resolve));
  await page.route('**/assets/**/*.js', async (route) => {
    await slow;
    await route.continue();
  });
  const loading = page.goto('/', { waitUntil: 'commit' });
  await page.waitForFunction(() => performance.getEntriesByName(`${location.origin}/early-press.js`).length > 0);
  const open = page.getByRole('button', { name: 'Open the sidebar', includeHidden: true });
  await open.tap();
  await open.tap();
  await expect(open).toHaveCSS('cursor', 'progress');
  await expect(page.getByRole('dialog')).toHaveCount(0);
  arrive();
  await loading;
  const sidebar = page.getByRole('dialog');
  await expect(open).toHaveCSS('cursor', 'pointer');
  await expect(sidebar.getByRole('link', { name: /Pocket/ })).toBeVisible();
  await page.keyboard.press('Escape');
  await expect(sidebar).toHaveCount(0);
});

test('AT-013, UI-003: at 390 pixels a person chats, switches the mode, sends and reads every step', async ({
  page,
  signInAs,
  modelServer,
}) => {
  const wide = `| ${Array.from({ length: 12 }, (_, n) => `column ${n}`).join(' | ')} |\n|${'---|'.repeat(12)}\n| ${'1 | '.repeat(12)}\n\n\`\`\`\n${'x'.repeat(300)}\n\`\`\``;
  modelServer.setRules([{ match: { system: 'You are Ada' }, behaviour: { text: wide } }]);
  const client = await signInAs(someone());
  await createRoom(client, { name: 'Pocket', agents: ['Ada', 'Bo'] });
  await page.goto('/');
  await page.getByRole('button', { name: 'Open the sidebar' }).tap();
  await page
    .getByRole('dialog')
    .getByRole('link', { name: /Pocket/ })
    .tap();
  await expect(page.getByRole('heading', { name: 'Pocket' })).toBeVisible();
  await expect(page.getByRole('dialog')).toHaveCount(0);

  await page.getByRole('button', { name: 'Mode: Manual' }).tap();
  await page.getByRole('button', { name: /^Roundtable/ }).tap();
  await expect(page.getByText('Roundtable mode applies on next send.')).toBeVisible();

  await composer(page).fill('Go');
  await composer(page).press('Enter');
  await expect(composer(page)).toHaveValue('Go\n');
  await send(page, 'Go round');
  await expect(card(page, 'Ada')).toHaveAccessibleName('Ada, finished');
  await expect(card(page, 'Bo')).toHaveAccessibleName('Bo, finished');
  await expect(runBar(page)).toHaveCount(0);
  await card(page, 'Ada').scrollIntoViewIfNeeded();
  await expect(card(page, 'Ada').getByText('Mode: Roundtable')).toBeVisible();
  await expect(composer(page)).toBeInViewport();
  expect(await page.evaluate(() => document.documentElement.scrollWidth), 'nothing sticks out').toBeLessThanOrEqual(
    390,
  );

  await page.getByRole('button', { name: 'Agents', exact: true }).tap();
  await expect(page.getByRole('dialog', { name: 'Agents' }).getByRole('button', { name: 'Bo: more' })).toBeVisible();
});

test('AT-013: what a finger has to hit is 44 pixels high', async ({ page, signInAs }) => {
  const client = await signInAs(someone());
  const room = await createRoom(client, { agents: ['Ada'] });
  await page.goto(`/rooms/${room.id}`);
  await send(page, '@Ada hello');
  await expect(card(page, 'Ada')).toHaveAccessibleName('Ada, finished');
  await expect(runBar(page)).toHaveCount(0);
  const small = await page.locator('button:visible, a:visible:not(.sr-only)').evaluateAll((nodes) =>
    nodes
      .map((node) => ({ name: node.getAttribute('aria-label') ?? node.textContent, box: node.getBoundingClientRect() }))
      .filter(({ box }) => box.height > 1 && (box.height < 43.5 || box.width < 43.5))
      .map(({ name, box }) => `${name}: ${box.width} × ${box.height}`),
  );
  expect(small).toEqual([]);
});

test('FR-RT-004, AT-013: reloaded in mid-answer, a phone is at the end before it is awake and stays there, unless its reader scrolled up', async ({
  page,
  signInAs,
  modelServer,
}) => {
  const paragraph = `${Array.from({ length: 60 }, (_, n) => `word${n}`).join(' ')}\n\n`;
  modelServer.setRules([
    { match: { lastMessage: 'before' }, behaviour: { text: paragraph.repeat(4) } },
    { behaviour: { text: paragraph, tokenDelayMs: 100 } },
  ]);
  const client = await signInAs(someone());
  const room = await createRoom(client, { agents: ['Ada'] });
  await runTurn(client, room.id, '@Ada before');
  await page.goto(`/rooms/${room.id}`);
  await send(page, '@Ada go on');
  const answer = card(page, 'Ada').last();
  await expect(answer).toContainText('word5');

  const latest = page.getByRole('button', { name: 'Latest' });
  const fromEnd = () =>
    page
      .locator('[data-timeline]')
      .evaluate(({ scrollHeight, clientHeight, scrollTop }) => Math.round(scrollHeight - clientHeight - scrollTop));
  const wake = await reloadAsleep(page);
  await answer.evaluate((node) => (node.style.paddingBottom = '200px'));
  await expect.poll(fromEnd, 'it grew, and nobody is awake').toBe(0);
  await wake();
  await expect(answer).toHaveAccessibleName('Ada, finished');
  await expect(answer).toContainText('word59');
  await expect.poll(fromEnd).toBe(0);
  await expect(latest).toHaveCount(0);

  const wakeLater = await reloadAsleep(page);
  await page.locator('[data-timeline]').evaluate((node) => {
    node.dispatchEvent(new TouchEvent('touchmove', { bubbles: true }));
    node.scrollTop -= 300;
  });
  await wakeLater();
  await expect(latest).toBeVisible();
  expect(await fromEnd(), 'who reads further up is left there').toBeGreaterThan(200);
});

/** The page from the server, whose scripts are on their way until the returned function is called. */
async function reloadAsleep(page: Page): Promise<() => Promise<void>> {
  let release = () => {};
  const released = new Promise<void>((resolve) => (release = resolve));
  await page.unrouteAll();
  await page.route('**/assets/*.js', async (route) => {
    await released;
    await route.continue();
  });
  await page.evaluate(() => document.documentElement.setAttribute('data-before', ''));
  const reloaded = page.reload();
  await page.locator('html:not([data-before]) [data-timeline]').waitFor({ state: 'attached' });
  await expect(composer(page)).toBeVisible();
  return async () => {
    release();
    await reloaded;
  };
}
