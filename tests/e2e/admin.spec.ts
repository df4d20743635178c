import { readFile } from 'node:fs/promises';
import http, { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import pg from 'pg';
import { createRoom } from '../support/rooms.ts';
import { runTurn } from '../support/turns.ts';
import { signIn } from '../support/client.ts';
import { someone } from './support/actions.ts';
import { expect, test } from './support/test.ts';

const OWNER = 'owner@pantheon.local';
const ANALYST = 'analyst@pantheon.local';
const PAGES = [
  '',
  '/usage',
  '/health',
  '/users',
  '/invites',
  '/pricing',
  '/pricing/1',
  '/settings',
  '/jobs',
  '/purges',
  '/audit',
];

test('FR-ADMIN-001, FR-ADMIN-003: an owner finds somebody, suspends them, and gives them credits', async ({
  page,
  isMobile,
  server,
  signInAs,
}) => {
  const email = someone();
  const client = await signIn(server.url, email);
  const room = await createRoom(client, { agents: ['Ada'] });
  await runTurn(client, room.id, '@Ada hello');
  await signInAs(OWNER);
  await page.goto('/');
  if (isMobile) await page.getByRole('button', { name: 'Open the sidebar' }).click();
  await page.getByRole('button', { name: /^Account/ }).click();
  await page.getByRole('menuitem', { name: 'Admin' }).click();
  await expect(page.getByRole('heading', { name: 'Overview', level: 1 })).toBeVisible();
  if (isMobile) await page.getByRole('button', { name: 'Open the sidebar' }).click();
  await page.getByRole('navigation', { name: 'Admin pages' }).getByRole('link', { name: 'Users' }).click();
  await page.getByLabel('Search').fill(email);
  await page.getByRole('button', { name: 'Search' }).click();
  await page.getByRole('link', { name: email }).click();
  await expect(page.getByRole('heading', { name: email })).toBeVisible();

  await page.getByRole('button', { name: 'Suspend' }).click();
  const dialog = page.getByRole('alertdialog');
  await expect(dialog).toContainText('new messages refused');
  await dialog.getByRole('button', { name: 'Suspend' }).click();
  await expect(page.getByRole('button', { name: 'Reactivate' })).toBeVisible();
  expect((await client.post(`/rooms/${room.id}/turns`, { message: '@Ada hello' })).status).toBe(403);

  await page.getByLabel('Credits to give').fill('12.5');
  await page.getByRole('button', { name: 'Adjust credits' }).click();
  await expect(page.getByText('Write a reason first.')).toBeVisible();
  await page.getByLabel('Reason').fill('For the trouble');
  await page.getByRole('button', { name: 'Adjust credits' }).click();
  await expect(dialog).toContainText('12.5 credits, for: For the trouble');
  await dialog.getByRole('button', { name: 'Adjust credits' }).click();
  await expect
    .poll(async () => (await client.get<{ items: { note: string }[] }>('/wallet/transactions')).body.items[0]?.note)
    .toBe('For the trouble');

  await page.getByRole('link', { name: 'History' }).click();
  await expect(page.getByRole('cell', { name: 'Credits adjusted' })).toBeVisible();
  await expect(page.getByRole('cell', { name: 'User suspended' })).toBeVisible();
});

test('FR-BILL-003: an owner drafts prices, compares them with those in effect, and publishes them', async ({
  page,
  signInAs,
}) => {
  const client = await signInAs(OWNER);
  await page.goto('/admin/pricing');
  await page.getByRole('button', { name: 'New draft' }).click();
  await expect(page.getByText('The prices are the same.')).toBeVisible();
  const field = page.getByLabel('Llama 3.3 70B: Multiplier');
  const price = (await field.inputValue()) === '0.75' ? '0.8' : '0.75';
  await field.fill(price);
  await page.getByRole('button', { name: 'Save the draft' }).click();
  await expect(page.getByRole('table', { name: 'What changes' }).getByRole('cell', { name: price })).toBeVisible();
  await page.getByRole('button', { name: 'Publish' }).click();
  await expect(page.getByRole('alertdialog')).toContainText('with one change');
  await page.getByRole('alertdialog').getByRole('button', { name: 'Publish' }).click();
  await expect(page.getByRole('table', { name: 'Prices', exact: true })).toBeVisible();
  const { body } = await client.get<{ items: { state: string; models: { alias: string; multiplier: string }[] }[] }>(
    '/admin/pricing-versions',
  );
  const effective = body.items.find(({ state }) => state === 'effective');
  expect(effective?.models.find(({ alias }) => alias === 'llama')?.multiplier).toBe(price);
});

test('FR-ADMIN-003: models of a plan, the manager’s model, sign-up, features and maintenance are changed on their page, each told before', async ({
  page,
  browser,
  server,
  signInAs,
  expectAccessible,
}) => {
  const client = await signInAs(OWNER);
  const person = await signIn(server.url, someone());
  const settings = async () => (await client.get<Record<string, unknown>>('/admin/settings')).body;
  const dialog = page.getByRole('alertdialog');
  const confirm = async (verb: string, effect: string) => {
    await expect(dialog).toContainText(effect);
    await dialog.getByRole('button', { name: verb }).click();
    await expect(dialog).toBeHidden();
  };
  await page.goto('/admin/settings');
  const starter = page.getByRole('group', { name: 'Models of Starter' });
  await starter.getByLabel('Gemini 2.5 Pro').check();
  await starter.getByRole('button', { name: 'Save' }).click();
  await confirm('Save', 'Gemini 2.5 Pro');
  await expect
    .poll(async () => JSON.stringify((await person.get('/plans')).body))
    .toMatch(/"id":"starter"[^}]*premium/);

  const before = await settings();
  const [model, name] = before['managerModelAlias'] === 'qwen' ? ['deepseek', 'DeepSeek V3.2'] : ['qwen', 'Qwen3 235B'];
  await page.getByLabel('Model', { exact: true }).selectOption(model);
  await page.getByRole('button', { name: 'Change model' }).click();
  await confirm('Change model', `the manager runs on ${name}`);
  await expect.poll(async () => (await settings())['managerModelAlias']).toBe(model);

  await page.getByLabel('Who can make an account').selectOption('invite');
  await page.getByRole('button', { name: 'Change sign-up' }).click();
  await confirm('Change sign-up', 'New accounts need an invitation');
  await expect.poll(async () => (await settings())['signupMode']).toBe('invite');
  await expect(page.getByRole('button', { name: 'Change sign-up' }), 'the page has it').toBeDisabled();
  await page.getByLabel('Who can make an account').selectOption('open');
  await page.getByRole('button', { name: 'Change sign-up' }).click();
  await confirm('Change sign-up', 'Any e-mail address');

  const search = page.getByRole('switch', { name: 'Web search' });
  await search.click();
  await expect(search).not.toBeChecked();
  await expect.poll(async () => (await settings())['features']).toMatchObject({ webSearch: false });
  await search.click();
  await expect.poll(async () => (await settings())['features']).toMatchObject({ webSearch: true });

  await page.getByRole('button', { name: 'Begin maintenance' }).click();
  await confirm('Begin maintenance', 'Everybody but admins gets a page that says so');
  await expect(page.getByText('Down for maintenance')).toBeVisible();
  const elsewhere = await browser.newContext({ baseURL: server.url });
  const reader = await elsewhere.newPage();
  const down = reader.getByRole('heading', { name: 'Down for maintenance' });
  await expect(async () => {
    await reader.goto('/');
    await expect(down).toBeVisible({ timeout: 500 });
  }).toPass();
  await expectAccessible(reader);
  await page.getByRole('button', { name: 'End maintenance' }).click();
  await confirm('End maintenance', 'answer everybody again');
  await expect(async () => {
    await reader.goto('/');
    await expect(reader.getByRole('textbox', { name: 'E-mail' })).toBeVisible({ timeout: 500 });
  }).toPass();
  await elsewhere.close();

  // What was changed is put back: other journeys share the server.
  await client.put('/admin/settings', { managerModelAlias: before['managerModelAlias'] });
  await client.put('/admin/model-policies/starter', { aliases: ['llama', 'qwen', 'gpt_oss'] });
});

test('FR-DATA-003: what can still be restored, and the work of purging by its state, are on a page; what failed is tried again from there', async ({
  page,
  server,
  signInAs,
}) => {
  await signInAs(OWNER);
  const person = await signIn(server.url, someone());
  const room = await createRoom(person, { agents: ['Ada'] });
  await person.delete(`/rooms/${room.id}`);
  await page.goto('/admin/purges');
  await expect(page.getByRole('table', { name: 'What can still be restored' })).toContainText('Room');
  await page.getByLabel('State').selectOption('failed');
  await expect(page).toHaveURL(/state=failed/);
  await expect(page.getByText('None is in this state.')).toBeVisible();

  // A purge of that room that came due and failed, with a pause of an hour.
  const db = new pg.Client({ connectionString: (await readFile(join(server.dataDir, 'database.url'), 'utf8')).trim() });
  await db.connect();
  await db.query(`UPDATE rooms SET deleted_at = now() - interval '8 days' WHERE id = $1`, [room.id]);
  await db.query(
    `INSERT INTO purges (id, kind, subject_id, user_id, reason, state, attempt, error, next_try_at)
     SELECT gen_random_uuid(), 'room', id, owner_id, 'deleted', 'failed', 1, 'StorageError', now() + interval '1 hour'
     FROM rooms WHERE id = $1`,
    [room.id],
  );
  await db.end();
  await page.reload();
  await page.getByRole('button', { name: `Retry Room ${room.id}` }).click();
  await expect(page.getByRole('alertdialog')).toContainText('It goes on at once');
  await page.getByRole('alertdialog').getByRole('button', { name: 'Retry' }).click();
  await expect(async () => {
    await page.goto('/admin/purges?state=done');
    await expect(page.getByRole('row').filter({ hasText: room.id })).toContainText('purged', { timeout: 500 });
  }).toPass();
});

test('FR-ADMIN-003: an address is invited and the invitation taken back', async ({ page, signInAs }) => {
  await signInAs(OWNER);
  const email = someone();
  await page.goto('/admin/invites');
  await page.getByLabel('E-mail address').fill(email);
  await page.getByRole('button', { name: 'Invite' }).click();
  await expect(page.getByRole('cell', { name: email, exact: true })).toBeVisible();
  await page.getByRole('button', { name: `Revoke the invitation of ${email}` }).click();
  await page.getByRole('alertdialog').getByRole('button', { name: 'Revoke' }).click();
  await expect(page.getByRole('cell', { name: email, exact: true })).toBeHidden();
});

test('a page that is left while it loads prints no error', async ({ page, server, signInAs, isMobile }) => {
  test.skip(isMobile, 'the same in any window');
  await signInAs(OWNER);
  // Between browser and product stands what holds a page's data back in the middle.
  let broken = 0;
  const slow = createServer((request, response) => {
    const { method, url, headers } = request;
    const held = url?.startsWith('/admin/users.data') === true;
    const asked = http.request(new URL(url ?? '', server.url), { method, headers }, (answer) => {
      response.writeHead(answer.statusCode ?? 502, answer.headers);
      if (!held) return answer.pipe(response);
      response.once('close', () => (broken += 1));
      answer.once('data', (chunk: Buffer) => response.write(chunk.subarray(0, chunk.length / 2)));
    });
    asked.on('error', () => response.destroy());
    request.pipe(asked);
  });
  await new Promise<void>((done) => slow.listen(0, done));
  try {
    await page.goto(`http://localhost:${(slow.address() as AddressInfo).port}/admin`);
    const begun = page.waitForResponse(/users\.data/);
    const pages = page.getByRole('navigation', { name: 'Admin pages' });
    await pages.getByRole('link', { name: 'Users' }).click();
    await begun;
    await pages.getByRole('link', { name: 'Jobs' }).click();
    await expect(page.getByRole('heading', { name: 'Jobs', level: 1 })).toBeVisible();
    await expect.poll(() => broken).toBeGreaterThan(0);
  } finally {
    slow.closeAllConnections();
    slow.close();
  }
});

test('AT-011: an analyst sees every page and can press nothing that changes anything', async ({ page, signInAs }) => {
  const client = await signInAs(ANALYST);
  const { body } = await client.get<{ items: { id: string }[] }>('/admin/users?q=demo');
  for (const path of [...PAGES, `/users/${body.items[0]?.id ?? ''}`]) {
    await page.goto(`/admin${path}`);
    const main = page.getByRole('main');
    await expect(main.getByRole('heading', { level: 1 })).toBeVisible();
    if (/settings|invites|pricing|jobs|purges|users\//.test(path)) {
      await expect(main.getByText('You can look at everything here')).toBeVisible();
    }
    // What is left to press only looks: a form that is sent by GET, the sidebar of narrow windows.
    const changing = main.locator('button:enabled, input:enabled, select:enabled, textarea:enabled');
    const enabled = await changing.evaluateAll((all) =>
      all
        .filter((each) => !each.closest('form[method="get"]') && each.getAttribute('aria-label') !== 'Open the sidebar')
        .map((each) => each.outerHTML),
    );
    expect(enabled, path).toEqual([]);
  }
});
