import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import pg from 'pg';
import type { Room } from '../../server/rooms/contract.ts';
import { expect, test } from './support/test.ts';

test('FR-DATA-001: a room whose messages come of age says so on its page, and is kept at a press', async ({
  page,
  server,
  signInAs,
  expectAccessible,
}) => {
  const client = await signInAs('keeper@example.com');
  const { body: room } = await client.post<Room>('/rooms', { name: 'Old plans' });
  const db = new pg.Client({ connectionString: (await readFile(join(server.dataDir, 'database.url'), 'utf8')).trim() });
  await db.connect();
  await db.query('UPDATE rooms SET retention_warned_at = now() WHERE id = $1', [room.id]);
  await db.end();

  await page.goto(`/rooms/${room.id}`);
  const notice = page.getByRole('alert').filter({ hasText: 'older than 90 days are deleted here for good' });
  await expect(notice).toBeVisible();
  await expectAccessible();
  await notice.getByRole('button', { name: 'Keep' }).click();
  await expect(notice).toBeHidden();

  await page.getByRole('button', { name: 'Room: more' }).click();
  await page.getByRole('menuitem', { name: 'How long it is kept' }).click();
  const keep = page.getByRole('dialog').getByRole('switch', { name: /Keep/ });
  await expect(keep).toBeChecked();
  await expectAccessible();
  await keep.click();
  await expect(keep).not.toBeChecked();
});
