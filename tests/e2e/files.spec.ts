import { readFile } from 'node:fs/promises';
import type { Page } from '@playwright/test';
import { FIXTURES, uploadAndParse } from '../support/files.ts';
import { createRoom } from '../support/rooms.ts';
import { card, composer, send, someone } from './support/actions.ts';
import { expect, test } from './support/test.ts';

const READER = { name: 'Ada', toolPermissions: { search: false, files: true } };
const ORDER = '# Supply\n\nCopper comes from Chile.\n\n# Delivery\n\nThe lead time is 14 weeks.\n';

type Chosen = { name: string; mimeType: string; buffer: Buffer };

function text(name: string, content: string | Buffer): Chosen {
  const mimeType = name.endsWith('.md') ? 'text/markdown' : 'text/plain';
  return { name, mimeType, buffer: Buffer.from(content) };
}

async function attach(page: Page, ...files: Chosen[]): Promise<void> {
  const [chooser] = await Promise.all([
    page.waitForEvent('filechooser'),
    page.getByRole('button', { name: 'Attach files' }).click(),
  ]);
  await chooser.setFiles(files);
}

function attached(page: Page) {
  return page.getByRole('list', { name: 'Files for this message' });
}

async function openFiles(page: Page) {
  await page
    .locator('button:visible', { hasText: /^$/ })
    .and(page.getByRole('button', { name: 'Files', exact: true }))
    .click();
}

/** Files as the browser hands them over when they are dropped or pasted. */
async function transferOf(page: Page, name: string, content: string) {
  return page.evaluateHandle(
    ([fileName, body]) => {
      const transfer = new DataTransfer();
      transfer.items.add(new File([body], fileName, { type: 'text/plain' }));
      return transfer;
    },
    [name, content] as const,
  );
}

test('FR-TOOL-001: a file is attached, read, asked about and cited; its card leads to the page', async ({
  page,
  signInAs,
  modelServer,
  expectAccessible,
}) => {
  modelServer.setRules([
    { match: { lastMessage: 'lead time is 14' }, behaviour: { text: 'It takes 14 weeks [2]. Nothing else [9].' } },
    { behaviour: { text: '', toolCalls: [{ name: 'read_file', arguments: { file: 'order.md' } }] } },
  ]);
  const client = await signInAs(someone());
  const room = await createRoom(client, { mode: 'roundtable', agents: [READER] });
  await page.goto(`/rooms/${room.id}`);
  await attach(page, text('order.md', ORDER));
  await expect(attached(page)).toContainText('2 sections');
  await send(page, 'How long does it take?');
  await expect(attached(page)).toHaveCount(0);
  await expect(card(page, 'Ada')).toHaveAccessibleName('Ada, finished');
  await expect(page.getByRole('list', { name: 'Attached files' })).toContainText('order.md');
  await expect(card(page, 'Ada').getByRole('list', { name: 'Looked up' })).toContainText('Read all of “order.md”');
  await expect(card(page, 'Ada').locator('.markdown')).toHaveText('It takes 14 weeks 2. Nothing else.');

  const marker = card(page, 'Ada').locator('.markdown').getByRole('button', { name: 'Source 2: order.md, section 2' });
  await marker.click();
  const source = page.getByRole('dialog', { name: 'Source 2' });
  await expect(source).toContainText('The lead time is 14 weeks.');
  await expectAccessible();
  await source.getByRole('button', { name: 'Open section 2' }).click();
  const viewer = page.getByRole('dialog', { name: 'order.md' });
  await expect(viewer.getByText('Section 2 of 2')).toBeVisible();
  await expect(viewer.locator('mark')).toContainText('The lead time is 14 weeks.');
  await expectAccessible();
  await viewer.getByRole('button', { name: 'Who read it' }).click();
  await expect(viewer.getByRole('region', { name: 'Who read it' })).toContainText('Ada read sections 1–2');
  await page.keyboard.press('Escape');
  await expect(viewer).toHaveCount(0);
  expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(
    page.viewportSize()?.width ?? 0,
  );
});

test('AT-006: what an agent may not look up is denied, and its step says so', async ({
  page,
  isMobile,
  signInAs,
  modelServer,
  searchServer,
}) => {
  const asked = searchServer.requests.length;
  modelServer.setRules([
    { match: { lastMessage: 'Denied' }, behaviour: { text: 'I may not.' } },
    {
      behaviour: {
        text: '',
        toolCalls: [
          { name: 'search_web', arguments: { query: 'secret plans' } },
          { name: 'read_file', arguments: { file: 'order.md' } },
        ],
      },
    },
  ]);
  const client = await signInAs(someone());
  const room = await createRoom(client, { mode: 'roundtable', agents: ['Bo'] });
  await uploadAndParse(client, room.id, { name: 'order.md', bytes: ORDER });
  await page.goto(`/rooms/${room.id}`);
  await send(page, 'Look it up.');
  await expect(card(page, 'Bo')).toHaveAccessibleName('Bo, finished');
  const lines = card(page, 'Bo').getByRole('list', { name: 'Looked up' });
  await expect(lines).toContainText('Not permitted: search the web for “secret plans”');
  await expect(lines).toContainText('Not permitted: read “order.md”');
  await lines.getByText('Not permitted: search the web').click();
  await expect(lines).toContainText('This agent may not search the web.');
  expect(searchServer.requests).toHaveLength(asked);
  await openFiles(page);
  await page.getByRole('button', { name: 'order.md', exact: true }).filter({ visible: true }).click();
  await page.getByRole('button', { name: 'Who read it' }).click();
  await expect(page.getByRole('region', { name: 'Who read it' })).toContainText('Bo was not allowed to read it');
  await page.keyboard.press('Escape');
  await expect(page.getByRole('dialog', { name: 'order.md' })).toHaveCount(0);
  if (isMobile) await page.getByRole('dialog', { name: 'Files' }).getByRole('button', { name: 'Close' }).click();
  await expect(page.getByRole('dialog')).toHaveCount(0);
  await attach(page, text('more.txt', 'more'));
  await expect(attached(page)).toContainText('1 section');
});

test.describe('on a wide screen', () => {
  test.skip(({ isMobile }) => isMobile, 'A phone has neither a mouse nor a window to drop from');

  test('a web source shows its real host under the mouse and on the keyboard, whatever its title says', async ({
    page,
    signInAs,
    modelServer,
    searchServer,
  }) => {
    searchServer.answerWith([
      { title: 'mybank.example — sign in', url: 'https://evil.example/x', content: 'Copper rose. <img src=x>' },
    ]);
    modelServer.setRules([
      { match: { lastMessage: 'Copper rose' }, behaviour: { text: 'It rose [1].' } },
      { behaviour: { text: '', toolCalls: [{ name: 'search_web', arguments: { query: 'copper price' } }] } },
    ]);
    const client = await signInAs(someone());
    const room = await createRoom(client, {
      mode: 'roundtable',
      agents: [{ name: 'Ada', toolPermissions: { search: true, files: false } }],
    });
    await page.goto(`/rooms/${room.id}`);
    await send(page, 'What of copper?');
    await expect(card(page, 'Ada')).toHaveAccessibleName('Ada, finished');
    await expect(card(page, 'Ada')).toContainText('Searched the web for “copper price”');
    await card(page, 'Ada')
      .locator('.markdown')
      .getByRole('button', { name: /^Source 1/ })
      .hover();
    const source = page.getByRole('dialog', { name: 'Source 1' });
    await expect(source).toContainText('evil.example');
    await expect(source).toContainText('Copper rose. <img src=x>');
    await expect(source.getByRole('link', { name: 'Open evil.example' })).toHaveAttribute(
      'href',
      'https://evil.example/x',
    );
    await page.mouse.move(0, 0);
    await expect(source).toHaveCount(0);
    await card(page, 'Ada')
      .locator('.markdown')
      .getByRole('button', { name: /^Source 1/ })
      .focus();
    await page.keyboard.press('Enter');
    await page.keyboard.press('Tab');
    await expect(source.getByRole('link')).toBeFocused();
    await page.keyboard.press('Escape');
    await expect(source).toHaveCount(0);
    searchServer.answerWith((query) => [{ title: query, url: 'https://news.example/a', content: query }]);
  });

  test('files are dropped and pasted, and a message waits for them', async ({ page, signInAs, modelServer }) => {
    modelServer.setRules([{ behaviour: { text: 'Thank you.' } }]);
    const client = await signInAs(someone());
    const room = await createRoom(client, { mode: 'roundtable', agents: ['Bo'] });
    await page.goto(`/rooms/${room.id}`);
    await composer(page).fill('Here they are');
    const dropped = await transferOf(page, 'dropped.txt', 'one');
    await page.dispatchEvent('body', 'dragenter', { dataTransfer: dropped });
    await expect(page.getByTestId('drop-zone')).toBeVisible();
    await page.dispatchEvent('body', 'drop', { dataTransfer: dropped });
    await expect(page.getByTestId('drop-zone')).toHaveCount(0);
    await expect(attached(page)).toContainText('dropped.txt');
    const pasted = await transferOf(page, 'pasted.txt', 'two');
    await composer(page).evaluate((field, clipboardData) => {
      field.dispatchEvent(new ClipboardEvent('paste', { clipboardData, bubbles: true, cancelable: true }));
    }, pasted);
    await expect(attached(page).getByText('1 section')).toHaveCount(2);
    await expect(page.getByText('Nobody who answers here may read files yet.')).toBeVisible();
    await page.reload();
    await expect(attached(page).getByRole('listitem')).toHaveCount(2);
    await attached(page).getByRole('button', { name: 'Take pasted.txt off the message' }).click();
    await page.getByRole('button', { name: 'Send', exact: true }).click();
    await expect(page.getByRole('list', { name: 'Attached files' })).toHaveText('dropped.txt');
  });

  test('what can’t be read says why, and a file is downloaded', async ({ page, signInAs }) => {
    const client = await signInAs(someone());
    const room = await createRoom(client, { agents: [READER] });
    await uploadAndParse(client, room.id, { name: 'order.md', bytes: ORDER });
    await uploadAndParse(client, room.id, {
      name: 'scan.pdf',
      bytes: await readFile(`${FIXTURES}/real/scan.pdf`),
    });
    await page.goto(`/rooms/${room.id}`);
    await openFiles(page);
    const panel = page.getByRole('complementary', { name: 'Files' });
    await expect(panel).toContainText('it looks like a scan. Run text recognition (OCR) on it');
    const [download] = await Promise.all([
      page.waitForEvent('download'),
      panel
        .getByRole('button', { name: 'More about order.md' })
        .click()
        .then(() => page.getByRole('menuitem', { name: 'Download' }).click()),
    ]);
    expect(download.suggestedFilename()).toBe('order.md');
  });
});

test.describe('an upload that is refused', () => {
  test.use({ expectedErrors: [/41[35]/] });

  test('AT-007: says clearly why, and the next one works', async ({ page, signInAs, expectAccessible }) => {
    const client = await signInAs(someone());
    const room = await createRoom(client, { agents: [READER] });
    await page.goto(`/rooms/${room.id}`);
    await attach(
      page,
      text('large.txt', Buffer.alloc(10 * 1024 * 1024 + 1, 'a')),
      { name: 'program.exe', mimeType: 'application/octet-stream', buffer: Buffer.from('MZ') },
      { name: 'page.pdf', mimeType: 'application/pdf', buffer: Buffer.from('<!doctype html><html></html>') },
    );
    await expect(attached(page)).toContainText('A file may have at most 10 MB.');
    await expect(attached(page)).toContainText('Only PDF, DOCX, TXT, MD and CSV files can be read, not .exe.');
    await expect(attached(page)).toContainText('This is not a PDF: its content is something else.');
    await expectAccessible();
    await attached(page).getByRole('button', { name: 'Dismiss large.txt' }).click();
    await expect(attached(page)).not.toContainText('large.txt');
    await attach(page, text('small.txt', 'hello'));
    await expect(attached(page)).toContainText('1 section');
  });
});

test.describe('an upload that breaks off', () => {
  test.use({ expectedErrors: [/ERR_|Failed to load/] });

  test('pauses, goes on by itself, and after a reload goes on where it stopped', async ({
    page,
    context,
    signInAs,
  }) => {
    const client = await signInAs(someone());
    const room = await createRoom(client, { agents: [READER] });
    await page.goto(`/rooms/${room.id}`);
    const begun: string[] = [];
    let broken = true;
    await context.route('**/storage/**', async (route) => {
      const range = route.request().headers()['content-range'] ?? '';
      if (broken && range.startsWith('bytes 1048576-')) return route.abort('internetdisconnected');
      begun.push(range);
      return route.continue();
    });
    await attach(page, text('long.txt', Buffer.alloc(3 * 1024 * 1024, 'abc def ')));
    await expect(attached(page)).toContainText('Connection lost at 33 %. It goes on by itself.');
    await page.reload();
    await expect(attached(page)).toContainText('Connection lost at 33 %.');
    broken = false;
    await expect(attached(page)).toContainText('sections', { timeout: 40_000 });
    expect(
      begun.filter((range) => range.startsWith('bytes 0-')),
      'what had arrived was not sent again',
    ).toHaveLength(1);
    await context.unrouteAll();
  });

  test('can be called off', async ({ page, context, signInAs }) => {
    const client = await signInAs(someone());
    const room = await createRoom(client, { agents: [READER] });
    await page.goto(`/rooms/${room.id}`);
    await context.route('**/storage/**', (route) => route.abort('internetdisconnected'));
    await attach(page, text('long.txt', 'hello'));
    await expect(attached(page)).toContainText('Connection lost');
    await attached(page).getByRole('button', { name: 'Cancel the upload of long.txt' }).click();
    await expect(attached(page)).toHaveCount(0);
    await expect
      .poll(async () => (await client.get<{ items: unknown[] }>(`/rooms/${room.id}/files`)).body.items)
      .toEqual([]);
    await context.unrouteAll();
  });
});
