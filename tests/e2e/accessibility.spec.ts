import { createDirectSession, createRoom } from '../support/rooms.ts';
import { runTurn } from '../support/turns.ts';
import { composer, someone } from './support/actions.ts';
import { expect, test } from './support/test.ts';

const TEXT =
  '# Heading\n\nSome *words* with `code` and [a link](https://example.com).\n\n| a | b |\n|---|---|\n| 1 | 2 |\n\n```js\nlet a = 1\n```';

for (const colorScheme of ['light', 'dark'] as const) {
  test.describe(`NFR-UX-001: ${colorScheme}`, () => {
    test.use({ colorScheme });
    test.skip(({ isMobile }) => isMobile && colorScheme === 'dark', 'Colours are the same at every width.');

    test('axe finds nothing grave on the pages before signing in', async ({ page, expectAccessible }) => {
      for (const path of ['/sign-in', '/dev/mailbox']) {
        await page.goto(path);
        await expectAccessible();
      }
    });

    test('axe finds nothing grave on home, on forms and in an empty room', async ({
      page,
      signInAs,
      expectAccessible,
    }) => {
      const client = await signInAs(someone());
      await page.goto('/');
      await expectAccessible();
      const room = await createRoom(client, { agents: ['Ada', 'Bo'] });
      for (const path of [
        '/',
        '/rooms/new?template=code-review',
        '/direct/new',
        `/rooms/${room.id}`,
        '/billing',
        '/billing/transactions',
        '/usage',
      ]) {
        await page.goto(path);
        await expectAccessible();
      }
    });

    test('axe finds nothing grave in a conversation', async ({ page, signInAs, modelServer, expectAccessible }) => {
      modelServer.setRules([
        { match: { system: 'You are Bo' }, behaviour: { status: 400 } },
        { match: { structured: false }, behaviour: { text: TEXT } },
      ]);
      const client = await signInAs(someone());
      const room = await createRoom(client, { mode: 'orchestrator', agents: ['Ada', 'Bo'] });
      await runTurn(client, room.id, 'How many?');
      const session = await createDirectSession(client, 'Ada');
      await runTurn(client, { directSessionId: session.id }, 'Hello');
      for (const path of [`/rooms/${room.id}`, `/direct/${session.id}`]) {
        await page.goto(path);
        await expect(page.getByRole('article').last()).toBeVisible();
        await expectAccessible();
      }
    });

    test('axe finds nothing grave in what opens: mentions, modes, menus, dialogs', async ({
      page,
      isMobile,
      signInAs,
      expectAccessible,
    }) => {
      const client = await signInAs(someone());
      const room = await createRoom(client, { agents: ['Ada', 'Bo'] });
      await page.goto(`/rooms/${room.id}`);
      await composer(page).pressSequentially('@');
      await expect(page.getByRole('option').first()).toBeVisible();
      await expectAccessible();
      await page.keyboard.press('Escape');
      await page.getByRole('button', { name: 'Mode: Manual' }).click();
      await expectAccessible();
      await page.keyboard.press('Escape');
      if (isMobile) await page.getByRole('button', { name: 'Agents', exact: true }).click();
      await page.getByRole('button', { name: 'Ada: more' }).click();
      await expectAccessible();
      await page.getByRole('menuitem', { name: 'Edit' }).click();
      await expect(page.getByRole('dialog', { name: 'Edit Ada' })).toBeVisible();
      await expectAccessible();
    });

    test.describe('a page that is not there', () => {
      test.use({ expectedErrors: [/404/] });
      test('axe finds nothing grave on it', async ({ page, signInAs, expectAccessible }) => {
        await page.goto('/nowhere');
        await expectAccessible();
        await signInAs(someone());
        await page.goto('/nowhere');
        await expectAccessible();
      });
    });
  });
}

test('the chosen theme is there from the first byte and stays', async ({ page, isMobile, signInAs }) => {
  await signInAs(someone());
  await page.goto('/');
  if (isMobile) await page.getByRole('button', { name: 'Open the sidebar' }).click();
  await page.getByRole('button', { name: /^Account/ }).click();
  await page.getByRole('menuitemradio', { name: 'Dark' }).click();
  await expect(page.locator('html')).toHaveAttribute('data-theme', 'dark');
  const html = await (await page.request.get('/')).text();
  expect(html).toContain('data-theme="dark"');
});
