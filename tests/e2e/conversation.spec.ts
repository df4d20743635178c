import { createRoom } from '../support/rooms.ts';
import { runTurn, sendTurn } from '../support/turns.ts';
import { card, composer, runBar, send, someone } from './support/actions.ts';
import { expect, test } from './support/test.ts';

test('UI-004: branches are gone through with “‹ 2/2 ›”, by mouse and by keyboard', async ({ page, signInAs }) => {
  const client = await signInAs(someone());
  const room = await createRoom(client, { agents: ['Ada'] });
  await runTurn(client, room.id, '@Ada first wording');
  await runTurn(client, room.id, '@Ada second wording', { parentTurnId: null });
  await page.goto(`/rooms/${room.id}`);
  const branches = page.getByRole('group', { name: 'Branches' });
  await expect(branches).toContainText('2/2');
  await branches.getByRole('button', { name: 'Branch before' }).click();
  await expect(page.getByText('@Ada first wording')).toBeVisible();
  await expect(page.getByText('@Ada second wording')).toHaveCount(0);
  await expect(branches).toContainText('1/2');
  await branches.getByRole('button', { name: 'Next branch' }).press('Enter');
  await expect(page.getByText('@Ada second wording')).toBeVisible();
});

test('UI-004: a reply is quoted and pinned, and the pin leads back to it', async ({
  page,
  signInAs,
  modelServer,
  expectAccessible,
}) => {
  modelServer.setRules([{ behaviour: { text: 'The bridge holds.' } }]);
  const client = await signInAs(someone());
  const room = await createRoom(client, { agents: ['Ada'] });
  await runTurn(client, room.id, '@Ada does it hold?');
  await page.goto(`/rooms/${room.id}`);
  await card(page, 'Ada').hover();
  await card(page, 'Ada').getByRole('button', { name: 'Quote Ada’s message' }).click();
  await expect(composer(page)).toHaveValue('> The bridge holds.\n\n');
  await expect(composer(page)).toBeFocused();
  await card(page, 'Ada').getByRole('button', { name: 'Pin Ada’s message' }).click();
  await page.getByText('1 pinned message').click();
  await page.getByRole('link', { name: /Ada.*The bridge holds/ }).click();
  await expect(page).toHaveURL(/#message-/);
  await expect(card(page, 'Ada')).toBeFocused();
  await expectAccessible();
  await card(page, 'Ada').getByRole('button', { name: 'Unpin Ada’s message' }).click();
  await expect(page.getByText('1 pinned message')).toHaveCount(0);
});

test('UI-002: what is typed before the page is awake is kept, and sent', async ({ page, signInAs }) => {
  const client = await signInAs(someone());
  const room = await createRoom(client, { agents: ['Ada'] });
  await runTurn(client, room.id, '@Ada first');
  const scripts = Promise.withResolvers<undefined>();
  await page.route('**/assets/*.js', async (route) => {
    await scripts.promise;
    await route.continue();
  });
  const opened = page.goto(`/rooms/${room.id}`, { waitUntil: 'commit' });
  await composer(page).fill('@Ada early');
  scripts.resolve(undefined);
  await opened;
  await page.getByRole('button', { name: /^Send/ }).click();
  await expect(page.getByLabel('Turn: @Ada early').getByRole('article')).toHaveAccessibleName('Ada, finished');
});

test('UI-002: arrow up brings back what was sent, arrow down the empty field', async ({ page, signInAs }) => {
  const client = await signInAs(someone());
  const room = await createRoom(client, { agents: ['Ada'] });
  // A page begins with so much text, and fetches what was before.
  const [first, second, third] = ['1', `2${' word'.repeat(1_000)}`, `3${' word'.repeat(1_000)}`].map(
    (n) => `@Ada ${n}`,
  );
  for (const message of [first, second, third]) await runTurn(client, room.id, message ?? '');
  const older = Promise.withResolvers<undefined>();
  await page.route('**/turns?limit=*', async (route) => {
    await older.promise;
    await route.continue();
  });
  await page.goto(`/rooms/${room.id}`);
  await composer(page).press('ArrowUp');
  await expect(composer(page)).toHaveValue(third ?? '');
  await composer(page).press('ArrowUp');
  await expect(composer(page)).toHaveValue(second ?? '');
  const fetching = page.getByText('Fetching what you sent before…');
  await expect(fetching.first()).toBeVisible();
  await expect(page.getByRole('status').filter({ hasText: 'Fetching what you sent before…' })).toBeAttached();
  older.resolve(undefined);
  await expect(fetching).toHaveCount(0);
  await expect(async () => {
    await composer(page).press('ArrowUp');
    await expect(composer(page)).toHaveValue(first ?? '', { timeout: 500 });
  }).toPass();
  for (const _ of [1, 2, 3]) await composer(page).press('ArrowDown');
  await expect(composer(page)).toHaveValue('');
  await composer(page).press('ArrowUp');
  await composer(page).fill('');
  await composer(page).press('ArrowUp');
  await expect(composer(page), 'an emptied field begins again').toHaveValue(third ?? '');

  const answered = Promise.withResolvers<undefined>();
  await page.route('**/turns', async (route) => {
    await answered.promise;
    await route.continue();
  });
  await send(page, '@Ada one');
  await composer(page).pressSequentially(' @Ada two');
  answered.resolve(undefined);
  await expect(composer(page), 'what is typed while a message is on its way stays').toHaveValue('@Ada two');
});

test('UI-004: older messages come while one scrolls up, a link finds an old message, and a print has them all', async ({
  page,
  signInAs,
}) => {
  const client = await signInAs(someone());
  const room = await createRoom(client, { agents: ['Ada'] });
  const turns = [];
  for (let n = 1; n <= 40; n += 1) turns.push(await runTurn(client, room.id, `@Ada number ${n} of many`));
  await page.goto(`/rooms/${room.id}`);
  await expect(page.getByText('@Ada number 40 of many')).toBeInViewport();
  await expect(page.getByText('@Ada number 1 of many')).toHaveCount(0);
  await page.goto(`/rooms/${room.id}#message-${turns[0]?.id}`);
  await expect(page.getByText('@Ada number 1 of many')).toBeInViewport();
  await page.getByRole('button', { name: 'Room: more' }).click();
  await page.getByRole('menuitem', { name: 'Print' }).click();
  await expect(page.getByText(/^@Ada number \d+ of many$/)).toHaveCount(40);
});

test('UI-004: what is read at the very top stays in its place when older messages come, whatever grew below meanwhile', async ({
  page,
  signInAs,
  modelServer,
}) => {
  const client = await signInAs(someone());
  const room = await createRoom(client, { agents: ['Ada'] });
  for (let n = 1; n <= 30; n += 1) await runTurn(client, room.id, `@Ada number ${n} of many`);
  const older = Promise.withResolvers<undefined>();
  await page.route('**/turns?limit=*', async (route) => {
    await older.promise;
    await route.continue();
  });
  await page.goto(`/rooms/${room.id}`);
  const first = page.getByRole('region', { name: /^Turn: @Ada number/ }).first();
  await expect(page.getByText('Show earlier messages')).toBeAttached();
  modelServer.setRules([{ behaviour: { text: 'A line of a long answer.\n\n'.repeat(40), tokenDelayMs: 5 } }]);
  await send(page, '@Ada at length');
  await expect(card(page, 'Ada').last()).toContainText('a long answer');
  await page.locator('[data-timeline]').evaluate((element) => (element.scrollTop = 0));
  await expect(first).toBeInViewport();
  const read = page.getByRole('region', { name: (await first.getAttribute('aria-label')) ?? '' });
  const place = (await read.boundingBox())?.y;
  await expect(runBar(page)).toHaveCount(0);
  older.resolve(undefined);
  await expect(page.getByText('@Ada number 10 of many')).toBeAttached();
  expect(Math.abs(((await read.boundingBox())?.y ?? 0) - (place ?? 0))).toBeLessThan(2);
});

test('UI-004: what is sent on another device or by a program appears in the open page, and streams there', async ({
  page,
  signInAs,
  modelServer,
}) => {
  const client = await signInAs(someone());
  const room = await createRoom(client, { agents: ['Ada'] });
  await runTurn(client, room.id, '@Ada from here');
  await page.clock.install();
  await page.goto(`/rooms/${room.id}`);
  await expect(page.getByText('@Ada from here')).toBeInViewport();
  await composer(page).fill('A thought that is not');
  modelServer.setRules([{ behaviour: { text: 'Heard from afar, word by word.', tokenDelayMs: 300 } }]);
  await sendTurn(client, room.id, '@Ada from elsewhere');
  await page.clock.fastForward(10_000);
  await expect(page.getByText('@Ada from elsewhere')).toBeInViewport();
  await expect(card(page, 'Ada').last()).toHaveAccessibleName('Ada, answering');
  await expect(card(page, 'Ada').last()).toContainText('Heard from afar, word by word.');
  await expect(composer(page), 'what is being written stays').toHaveValue('A thought that is not');
});

test('UI-004: agents who work at the same time stand side by side where there is room, and their code gets its colours', async ({
  page,
  isMobile,
  signInAs,
  modelServer,
}) => {
  modelServer.setRules([{ behaviour: { text: 'Like so:\n\n```ts\nconst held = true;\n```' } }]);
  const client = await signInAs(someone());
  const room = await createRoom(client, { agents: ['Ada', 'Bo'] });
  if (!isMobile) await page.setViewportSize({ width: 1800, height: 900 });
  await page.goto(`/rooms/${room.id}`);
  await send(page, '@Ada @Bo go');
  await expect(card(page, 'Bo')).toHaveAccessibleName('Bo, finished');
  await expect(runBar(page)).toHaveCount(0);
  const [ada, bo] = [await card(page, 'Ada').boundingBox(), await card(page, 'Bo').boundingBox()];
  if (!ada || !bo) throw new Error('The cards are not shown.');
  if (isMobile) expect(bo.y).toBeGreaterThan(ada.y);
  else expect([bo.y, bo.x > ada.x]).toEqual([ada.y, true]);
  // By a worker, which the page's security policy has to let in.
  await expect(card(page, 'Ada').locator('.hljs-keyword')).toHaveText('const');
});

test('a step is laid open beside the timeline by keyboard, and on a page of its own', async ({
  page,
  signInAs,
  modelServer,
  expectAccessible,
}) => {
  modelServer.setRules([{ behaviour: { text: 'The bridge holds.' } }]);
  const client = await signInAs(someone());
  const room = await createRoom(client, { agents: ['Ada', { name: 'Bo', memoryPolicy: 'none' }] });
  await runTurn(client, room.id, '@Ada does it hold?');
  await runTurn(client, room.id, '@Bo and in the wind?');
  await page.goto(`/rooms/${room.id}`);
  const link = page.getByRole('link', { name: 'X-ray of Bo’s step' });
  await link.focus();
  await page.keyboard.press('Enter');
  const sheet = page.getByRole('dialog', { name: 'X-ray' });
  await expect(sheet.getByText('Exactly what was sent.')).toBeVisible();
  await expect(sheet.getByText('Its memory is switched off')).toBeVisible();
  await expectAccessible();
  await page.keyboard.press('Escape');
  await expect(link).toBeFocused();
  await page.goto((await link.getAttribute('href')) ?? '');
  await expect(page.getByRole('heading', { name: 'X-ray · Bo' })).toBeVisible();
  await expect(page.getByLabel('Your message, whole')).toHaveText('@Bo and in the wind?');
});

test('a past turn is tried differently and compared, and the conversation stays as it is', async ({
  page,
  signInAs,
  modelServer,
  expectAccessible,
}) => {
  modelServer.setRules([{ match: { structured: false }, behaviour: { text: 'The bridge holds.' } }]);
  const client = await signInAs(someone());
  const room = await createRoom(client, { mode: 'roundtable', agents: ['Ada', 'Bo'] });
  await runTurn(client, room.id, 'Does it hold?');
  await page.goto(`/rooms/${room.id}`);
  await page.getByRole('button', { name: 'Turn: more' }).click();
  await page.getByRole('menuitem', { name: 'Try differently' }).click();
  const dialog = page.getByRole('dialog', { name: 'Try differently' });
  await dialog.getByText('Orchestrator').click();
  await dialog.getByRole('switch', { name: 'Bo takes part' }).click();
  await dialog.getByRole('combobox', { name: 'Ada’s model' }).selectOption('qwen');
  await expect(dialog.getByText('Expected cost')).toBeVisible();
  await expectAccessible();
  await dialog.getByRole('button', { name: 'Run it' }).click();
  const tried = page.getByRole('region', { name: 'What if 1' });
  await expect(tried.getByRole('article', { name: 'Manager’s summary, finished' })).toContainText('The bridge holds.');
  await expect(tried).toContainText('without Bo');
  await expect(page.getByRole('region', { name: 'As it was' }).getByRole('article')).toHaveCount(2);
  await expectAccessible();
  await page.goto(`/rooms/${room.id}`);
  await expect(page.getByRole('article')).toHaveCount(2);
  await page.getByRole('link', { name: '1 what-if' }).click();
  await expect(tried).toBeVisible();
});
