import { createRoom } from '../support/rooms.ts';
import type { Turn } from '../../server/turns/contract.ts';
import { someone } from './support/actions.ts';
import { serveChatPage } from './support/chat-page/serve.ts';
import { expect, test } from './support/test.ts';

// A name is missing on purpose.
test.use({ expectedErrors: [/422/] });

test('a key is made, shown once, used by a program and revoked', async ({
  page,
  signInAs,
  server,
  expectAccessible,
}) => {
  await signInAs(someone());
  await page.goto('/settings/api-keys');
  await expect(page.getByText('No keys yet')).toBeVisible();
  await page.getByRole('button', { name: 'New key' }).click();
  await expectAccessible();
  await page.getByRole('button', { name: 'Make key' }).click();
  await expect(page.getByRole('alert')).toContainText('Give the key a name.');
  await page.getByLabel('Name').fill('Nightly report');
  await page.getByRole('button', { name: 'Make key' }).click();
  const key = await page.getByLabel('The key', { exact: true }).inputValue();
  expect(key).toMatch(/^pan_[\w-]{43}$/);
  await expectAccessible();
  await page.getByRole('button', { name: 'Done' }).click();

  const ask = () => fetch(`${server.url}/v1/models`, { headers: { Authorization: `Bearer ${key}` } });
  expect((await ask()).status).toBe(200);
  await page.reload();
  const row = page.getByRole('listitem').filter({ hasText: 'Nightly report' });
  await expect(row).toContainText(`${key.slice(0, 12)}…`);
  await expect(row).toContainText('used just now');
  await expectAccessible();
  await expect(page.locator('body')).not.toContainText(key);

  await row.getByRole('button', { name: /^Revoke/ }).click();
  await page.getByRole('button', { name: 'Revoke key' }).click();
  await expect(page.getByText('No keys yet')).toBeVisible();
  expect((await ask()).status).toBe(401);
});

test('the API reference is there for anyone, and asks nobody else for anything', async ({ page, server, isMobile }) => {
  test.skip(isMobile, 'What it asks for is the same at every width.');
  const elsewhere: string[] = [];
  page.on('request', (request) => {
    if (!request.url().startsWith(server.url)) elsewhere.push(request.url());
  });
  await page.goto('/docs/api');
  await expect(page.getByRole('heading', { name: 'API reference' })).toBeVisible();
  await page
    .getByRole('link', { name: /\/rooms\/\{roomId\}\/turns.* Send a message; with the header Idempotency-Key/ })
    .click();
  await expect(
    page.getByRole('heading', { name: /^Send a message; with the header Idempotency-Key/ }),
  ).toBeInViewport();
  await page
    .getByRole('article', { name: /^Send a message/ })
    .getByRole('link', { name: 'Turn', exact: true })
    .first()
    .click();
  await expect(page.getByRole('heading', { name: 'Turn', exact: true })).toBeInViewport();
  expect(elsewhere).toEqual([]);
});

test('a problem’s address leads to what it means, on a phone too', async ({ page, expectAccessible }) => {
  await page.goto('/docs/problems#insufficient_credits');
  await expect(page.getByRole('heading', { name: 'insufficient_credits' })).toBeInViewport();
  await expectAccessible();
  await page.getByRole('link', { name: 'API reference' }).waitFor();
});

test('a page of another site sits on a room by LangGraph’s useStream: streams, joins again, stops, asks again, branches', async ({
  page,
  signInAs,
  server,
  modelServer,
  isMobile,
}) => {
  test.skip(isMobile, 'It is not our page.');
  const client = await signInAs(someone());
  const room = await createRoom(client, { name: 'Council', mode: 'manual', agents: ['Ada', 'Bo'] });
  const { body: made } = await client.post<{ key: string }>('/api-keys', { name: 'Chat', scopes: ['read', 'write'] });
  const both = (text: string, hang?: 'mid_stream') =>
    modelServer.setRules(
      ['Ada', 'Bo'].map((name) => ({
        match: { system: `You are ${name}, one of the agents` },
        behaviour: { text: `${name} ${text}`, ...(hang ? { hang } : {}) },
      })),
    );
  const statuses = async () => {
    const { body } = await client.get<{ items: Turn[] }>(`/rooms/${room.id}/turns`);
    return body.items.map(({ message, status }) => `${message}: ${status}`);
  };
  const replies = (name: string) => page.getByRole('listitem', { name }).getByRole('paragraph');
  const stop = page.getByRole('button', { name: 'Stop' });
  const send = async (text: string) => {
    await page.getByLabel('Message', { exact: true }).fill(text);
    await page.getByRole('button', { name: 'Send' }).click();
  };

  const site = await serveChatPage();
  try {
    const address = { apiUrl: `${server.url}/langgraph`, apiKey: made.key, assistant: room.id, thread: room.id };
    await page.goto(`${site.url}/?${new URLSearchParams(address)}`);

    // Both are seen speaking at the same time; loaded again, the page joins the run and can stop it.
    both('has one two three things to say.', 'mid_stream');
    await send('@all hello');
    for (const _ of ['streamed', 'joined']) {
      await expect(replies('Ada')).toHaveText('Ada has one two three ');
      await expect(replies('Bo')).toHaveText('Bo has one two three ');
      await expect(stop).toBeVisible();
      await page.reload();
    }
    await stop.click();
    await expect(stop).toBeHidden();
    await expect.poll(statuses).toEqual(['@all hello: cancelled']);

    both('says yes.');
    await send('@all again');
    await expect(replies('Ada').last()).toHaveText('Ada says yes.');
    await expect(replies('Bo').last()).toHaveText('Bo says yes.');
    await expect(stop).toBeHidden();
    expect(await statuses()).toEqual(['@all hello: cancelled', '@all again: completed']);

    // The same is asked again on a branch beside it, and both can be looked at.
    both('says no.');
    await page.getByRole('button', { name: 'Again' }).last().click();
    await expect(replies('Ada').last()).toHaveText('Ada says no.');
    await expect(stop).toBeHidden();
    await page.getByRole('button', { name: '2 of 2' }).last().click();
    await expect(replies('Ada').last()).toHaveText('Ada says yes.');
    await page.reload();
    await expect(replies('Bo').last()).toHaveText('Bo says no.');
    await expect(page.getByRole('alert')).toHaveCount(0);
    await expect(page.getByRole('status')).toHaveCount(0);
  } finally {
    await site.close();
  }
});
