import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { signIn } from '../support/client.ts';
import { createDirectSession, createRoom } from '../support/rooms.ts';
import { runTurn } from '../support/turns.ts';
import { composer, send, someone } from './support/actions.ts';
import { expect, test } from './support/test.ts';

const OWNER = 'owner@pantheon.local';
const TEXT =
  '# Heading\n\nSome *words* with `code` and [a link](https://example.com).\n\n| a | b |\n|---|---|\n| 1 | 2 |\n\n```js\nlet a = 1\n```';
const ABSENT = '0197f000-0000-7000-8000-000000000000';

/** Pages, by their files; those that other pages stand in are seen with them. */
async function findPages(): Promise<string[]> {
  const files = await readdir(join(import.meta.dirname, '../../app/routes'));
  const pages = files.filter((file) => file.endsWith('.tsx')).map((file) => file.replace(/\.tsx$/, ''));
  return pages.filter((page) => !files.some((file) => file.startsWith(`${page}.`) && file !== `${page}.tsx`)).sort();
}

test.describe('every page', () => {
  test.use({ expectedErrors: [/404/] });

  test('NFR-UX-001: axe finds nothing on any page of the product, in both themes', async ({
    page,
    isMobile,
    signInAs,
    modelServer,
    expectAccessible,
  }) => {
    test.skip(isMobile, 'Pages are made of the same on a phone; what only phones have opens below.');
    test.setTimeout(480_000);
    modelServer.setRules([
      { match: { system: 'You are Bo' }, behaviour: { status: 400 } },
      { match: { structured: false }, behaviour: { text: TEXT } },
    ]);
    const owner = await signInAs(OWNER);
    const cookies = await page.context().cookies();
    await page.context().clearCookies();
    const room = await createRoom(owner, { mode: 'orchestrator', agents: ['Ada', 'Bo'] });
    const turn = await runTurn(owner, room.id, 'How many?');
    const session = await createDirectSession(owner, 'Ada');
    await runTurn(owner, { directSessionId: session.id }, 'Hello');
    const expiresAt = new Date(Date.now() + 86_400_000).toISOString();
    const { body: shared } = await owner.post<{ url: string }>(`/turns/${turn.id}/shares`, { expiresAt });
    const { body: me } = await owner.get<{ user: { id: string } }>('/auth/me');
    const answered = turn.steps.find(({ agentName }) => agentName === 'Ada')?.id ?? '';

    const signedOut: Record<string, string[]> = {
      'dev.mailbox': ['/dev/mailbox'],
      'docs.api.$section': ['/docs/api/rooms'],
      'docs.api._index': ['/docs/api'],
      'docs.problems': ['/docs/problems'],
      'share.$token': [new URL(shared.url).pathname, '/share/none'],
      'sign-in': ['/sign-in'],
      'sign-in_.verify': ['/sign-in/verify?token=spent'],
    };
    const signedIn: Record<string, string[]> = {
      $: ['/nowhere'],
      _index: ['/'],
      'admin._index': ['/admin'],
      'admin.audit': ['/admin/audit'],
      'admin.health': ['/admin/health'],
      'admin.invites': ['/admin/invites'],
      'admin.jobs': ['/admin/jobs'],
      'admin.pricing.$version': ['/admin/pricing/1'],
      'admin.pricing._index': ['/admin/pricing'],
      'admin.purges': ['/admin/purges'],
      'admin.settings': ['/admin/settings'],
      'admin.turns.$turnId': [`/admin/turns/${turn.id}`],
      'admin.usage': ['/admin/usage'],
      'admin.users.$userId': [`/admin/users/${me.user.id}`],
      'admin.users._index': ['/admin/users'],
      billing: ['/billing'],
      'billing_.transactions': ['/billing/transactions'],
      'direct.$directSessionId': [`/direct/${session.id}`],
      'direct.$directSessionId_.print': [`/direct/${session.id}/print`],
      'direct.new': ['/direct/new'],
      'rooms.$roomId': [`/rooms/${room.id}`, `/rooms/${ABSENT}`],
      'rooms.$roomId_.print': [`/rooms/${room.id}/print`],
      'rooms.$roomId_.tests': [`/rooms/${room.id}/tests`],
      'rooms.new': ['/rooms/new?template=code-review'],
      search: ['/search', '/search?q=hello', '/search?q=nothing'],
      'settings.api-keys': ['/settings/api-keys'],
      'settings.appearance': ['/settings/appearance'],
      'settings.data': ['/settings/data'],
      'settings.profile': ['/settings/profile'],
      'settings.sessions': ['/settings/sessions'],
      'settings.shares': ['/settings/shares'],
      'settings.tools': ['/settings/tools'],
      'turns.$turnId.receipt': [`/turns/${turn.id}/receipt`],
      'turns.$turnId.steps.$stepId.xray': [`/turns/${turn.id}/steps/${answered}/xray`],
      'turns.$turnId.what-ifs': [`/turns/${turn.id}/what-ifs`],
      usage: ['/usage'],
    };
    expect([...Object.keys(signedOut), ...Object.keys(signedIn)].sort(), 'every page is visited').toEqual(
      await findPages(),
    );
    for (const path of [...Object.values(signedOut).flat(), '/nowhere']) {
      await page.goto(path);
      await expect(page.getByRole('heading', { level: 1 }).first()).toBeVisible();
      await expectAccessible();
    }
    await page.context().addCookies(cookies);
    for (const path of Object.values(signedIn).flat()) {
      await page.goto(path);
      await expect(page.getByRole('heading', { level: 1 })).toBeVisible();
      await expectAccessible();
    }
  });
});

test.describe('states', () => {
  test.use({ expectedErrors: [/40[234]|500|turbo-stream|SyntaxError/] });

  test('NFR-UX-001: axe finds nothing in what opens, nor when there is nothing yet, no money, no access, or an error', async ({
    page,
    isMobile,
    server,
    signInAs,
    expectAccessible,
  }) => {
    test.setTimeout(120_000);
    const email = someone();
    const client = await signInAs(email);
    const room = await createRoom(client, { agents: ['Ada', 'Bo'] });
    await page.goto('/');
    await expectAccessible();
    await page.goto(`/rooms/${room.id}`);
    await expectAccessible();
    await composer(page).pressSequentially('@');
    await expect(page.getByRole('option').first()).toBeVisible();
    await expectAccessible();
    await page.keyboard.press('Escape');
    await composer(page).fill('');
    await page.getByRole('button', { name: 'Mode: Manual' }).click();
    await expectAccessible();
    await page.getByRole('button', { name: /^Roundtable/ }).click();
    await expect(page.getByText('Roundtable mode applies on next send.')).toBeVisible();
    await expectAccessible();
    if (isMobile) await page.getByRole('button', { name: 'Agents', exact: true }).click();
    await page.getByRole('button', { name: 'Ada: more' }).click();
    await expectAccessible();
    await page.getByRole('menuitem', { name: 'Edit' }).click();
    await expect(page.getByRole('dialog', { name: 'Edit Ada' })).toBeVisible();
    await expectAccessible();
    await page.goto('/');
    if (isMobile) {
      await page.getByRole('button', { name: 'Open the sidebar' }).click();
      await expectAccessible();
      await page.getByRole('button', { name: 'Search' }).click();
    } else await page.keyboard.press('Control+k');
    await page.getByRole('combobox', { name: 'Search' }).fill('room');
    await expect(page.getByRole('option').first()).toBeVisible();
    await expectAccessible();

    const owner = await signIn(server.url, OWNER);
    const { body: found } = await owner.get<{ items: { id: string }[] }>(`/admin/users?q=${email}`);
    const person = found.items[0]?.id ?? '';
    await owner.post(`/admin/users/${person}/credits`, { microCredits: '-99999000', reason: 'For this test' });
    await page.goto(`/rooms/${room.id}`);
    await send(page, '@Ada one more');
    await expect(page.getByRole('alert')).toBeVisible();
    await expectAccessible();
    await owner.patch(`/admin/users/${person}`, { suspended: true, reason: 'For this test' });
    await page.goto(`/rooms/${room.id}`);
    await expect(page.getByText('This account is suspended')).toBeVisible();
    await expectAccessible();
    await page.goto('/admin');
    await expect(page.getByRole('heading', { level: 1 })).toBeVisible();
    await expectAccessible();
    await page.goto('/billing');
    await page.route('**/usage.data*', (route) => route.fulfill({ status: 500, body: 'broken' }));
    await page.evaluate(() => window.history.pushState(null, '', '/usage'));
    await page.evaluate(() => window.dispatchEvent(new PopStateEvent('popstate')));
    await expect(page.getByRole('heading', { name: 'Something went wrong' })).toBeVisible();
    await expectAccessible();
  });
});

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
