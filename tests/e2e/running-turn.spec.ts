import { createRoom } from '../support/rooms.ts';
import { runTurn } from '../support/turns.ts';
import { card, composer, runBar, send, someone } from './support/actions.ts';
import { expect, test } from './support/test.ts';

test.skip(({ isMobile }) => isMobile, 'The phone has its own journey: mobile.spec.ts');

const WORDS = Array.from({ length: 60 }, (_, n) => `word${n}`).join(' ');

test('FR-RT-004: a reloaded page continues the answer where it stopped', async ({ page, signInAs, modelServer }) => {
  modelServer.setRules([{ behaviour: { text: WORDS, tokenDelayMs: 100 } }]);
  modelServer.clearLog();
  const client = await signInAs(someone());
  const room = await createRoom(client, { agents: ['Ada'] });
  await page.goto(`/rooms/${room.id}`);
  await send(page, '@Ada count');
  await expect(card(page, 'Ada')).toContainText('word5');
  await page.reload();
  await expect(card(page, 'Ada')).toContainText('word0 word1 word2 word3 word4 word5');
  await expect(card(page, 'Ada')).toHaveAccessibleName('Ada, answering');
  await expect(card(page, 'Ada')).toHaveAccessibleName('Ada, finished');
  await expect(card(page, 'Ada').locator('.markdown')).toHaveText(WORDS);
  expect(modelServer.log, 'a reload asks no model again').toHaveLength(1);
});

test.describe('a connection that breaks', () => {
  test.use({ expectedErrors: [/502/] });

  test('FR-RT-004: a lost connection is told and made up for', async ({ page, context, signInAs, modelServer }) => {
    modelServer.setRules([{ behaviour: { text: WORDS, tokenDelayMs: 100 } }]);
    const client = await signInAs(someone());
    const room = await createRoom(client, { agents: ['Ada'] });
    let broken = 0;
    await page.route('**/events', async (route) => {
      broken += 1;
      if (broken === 1) return route.fulfill({ status: 502, body: '' });
      return route.continue();
    });
    await page.goto(`/rooms/${room.id}`);
    await send(page, '@Ada count');
    await expect(runBar(page)).toContainText('Reconnecting');
    await expect(card(page, 'Ada').locator('.markdown')).toHaveText(WORDS);
    await expect(runBar(page)).toHaveCount(0);
    await context.unrouteAll();
  });
});

test('a message is edited and sent again, on a branch of its own', async ({ page, signInAs, modelServer }) => {
  modelServer.setRules([{ behaviour: { text: 'First try.' } }]);
  const client = await signInAs(someone());
  const room = await createRoom(client, { agents: ['Ada'] });
  await page.goto(`/rooms/${room.id}`);
  await send(page, '@Ada tell me');
  await expect(card(page, 'Ada')).toContainText('First try.');
  await page.getByRole('button', { name: 'Edit and send again' }).click();
  await page.getByRole('textbox', { name: 'Edit your message' }).fill('@Ada tell me more');
  await page.getByRole('button', { name: 'Send again' }).click();
  await expect(page.getByText('@Ada tell me more')).toBeVisible();
  await expect(page.getByText('@Ada tell me', { exact: true })).toHaveCount(0);
  await expect(runBar(page)).toHaveCount(0);
});

test.describe('an answer that is lost', () => {
  test.use({ expectedErrors: [/503/] });

  test('a send that fails on the way is the same send when it is tried again', async ({ page, signInAs }) => {
    const client = await signInAs(someone());
    const room = await createRoom(client, { agents: ['Ada'] });
    await page.goto(`/rooms/${room.id}`);
    const keys: (string | undefined)[] = [];
    // The server takes the first send, but its answer is lost.
    await page.route('**/turns', async (route) => {
      keys.push(route.request().headers()['idempotency-key']);
      if (keys.length > 1) return route.continue();
      await route.fetch();
      return route.fulfill({ status: 503, contentType: 'application/problem+json', body: '{"detail":"Try again."}' });
    });
    await send(page, '@Ada only once');
    await expect(page.getByRole('alert')).toContainText('Try again.');
    await page.getByRole('button', { name: /^Send/ }).click();
    await expect(card(page, 'Ada')).toHaveAccessibleName('Ada, finished');
    await expect(composer(page)).toHaveValue('');
    expect(keys).toEqual([keys[0], keys[0]]);
    await page.reload();
    await expect(card(page, 'Ada')).toHaveCount(1);
  });
});

test.describe('without a network for a while', () => {
  test.use({ expectedErrors: [/ERR_INTERNET_DISCONNECTED|ERR_NETWORK|Failed to fetch/] });

  test('FR-RT-004: offline and back, the timeline goes on, has what another device did, and nothing typed is lost; then an agent is asked to speak up', async ({
    page,
    context,
    signInAs,
    modelServer,
  }) => {
    modelServer.setRules([
      { behaviour: { text: WORDS, tokenDelayMs: 60 }, times: 1 },
      { behaviour: { text: 'Short.' } },
    ]);
    const client = await signInAs(someone());
    const room = await createRoom(client, { agents: ['Ada'] });
    await page.goto(`/rooms/${room.id}`);
    await send(page, '@Ada count');
    await expect(card(page, 'Ada')).toContainText('word3');
    await context.setOffline(true);
    await expect(page.getByText('You are offline.').first()).toBeVisible();
    await send(page, '@Ada and me?');
    await expect(page.getByText('Your message is kept here.')).toBeVisible();
    await expect(composer(page)).toHaveValue('@Ada and me?');
    await runTurn(client, room.id, '@Ada from another device');
    await context.setOffline(false);
    await expect(page.getByText('You are back. This page')).toBeVisible();
    await expect(page.getByText('Your message is kept here.'), 'who is back need not read that').toHaveCount(0);
    await expect(card(page, 'Ada').first().locator('.markdown')).toHaveText(WORDS);
    await expect(page.getByText('@Ada from another device')).toBeVisible();
    await expect(card(page, 'Ada').nth(1)).toContainText('Short.');
    await page.getByRole('button', { name: /^Send/ }).click();
    await expect(card(page, 'Ada').nth(2)).toHaveAccessibleName('Ada, finished');
    await expect(composer(page)).toHaveValue('');
    await expect(page.getByText('You are back. This page')).toHaveCount(0);

    await page.getByRole('button', { name: 'Ada: more' }).click();
    await page.getByRole('menuitem', { name: 'Speak up now' }).click();
    await expect(page.getByText('@"Ada" what do you say to this?')).toBeVisible();
    await expect(card(page, 'Ada').nth(3)).toHaveAccessibleName('Ada, finished');
  });
});
