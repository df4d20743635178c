import { createRoom } from '../support/rooms.ts';
import { someone } from './support/actions.ts';
import { expect, test } from './support/test.ts';

test('FR-AGENT-001: an agent begins from a role, is tried alone before it is saved, and is duplicated', async ({
  page,
  isMobile,
  signInAs,
  modelServer,
  expectAccessible,
}) => {
  modelServer.setRules([{ match: { system: 'You decide' }, behaviour: { text: 'I **decide**.' } }]);
  const client = await signInAs(someone());
  const room = await createRoom(client, { agents: ['Ada'] });
  await page.goto(`/rooms/${room.id}`);
  if (isMobile) await page.getByRole('button', { name: 'Agents', exact: true }).click();
  await page.getByRole('button', { name: 'Add an agent' }).click();
  const dialog = page.getByRole('dialog', { name: 'Add an agent' });
  await dialog.getByRole('button', { name: 'Start from a role' }).click();
  await page.getByRole('menuitem', { name: /Chair/ }).click();
  await expect(dialog.getByRole('textbox', { name: 'Name' })).toHaveValue('Chair');
  await expect(dialog.getByText(/about \d+ tokens in each call/)).toBeVisible();
  await dialog.getByText('Try it before saving').click();
  await dialog.getByRole('button', { name: 'Ask', exact: true }).click();
  const answer = dialog.getByRole('status', { name: 'Answer of the trial' });
  await expect(answer).toContainText('I decide.');
  await expect(answer).toContainText(/Cost .* credits/);
  await expectAccessible();
  expect((await client.get<{ items: unknown[] }>('/direct-sessions')).body.items).toEqual([]);
  await dialog.getByRole('button', { name: 'Add agent', exact: true }).click();

  await page.getByRole('button', { name: 'Chair: more' }).click();
  await page.getByRole('menuitem', { name: 'Duplicate' }).click();
  await expect(page.getByRole('button', { name: 'Chair 2: more' })).toBeVisible();
});

test('FR-AGENT-003: agents are put in order by dragging', async ({ page, isMobile, signInAs }) => {
  test.skip(isMobile, 'By mouse');
  const client = await signInAs(someone());
  const room = await createRoom(client, { agents: ['Ada', 'Bo', 'Cy'] });
  await page.goto(`/rooms/${room.id}`);
  const rows = page.getByRole('complementary', { name: 'Agents' }).getByRole('listitem');
  const saved = page.waitForResponse((response) => response.url().endsWith('/agents/order') && response.ok());
  await rows.filter({ hasText: 'You are Cy.' }).dragTo(rows.first(), { targetPosition: { x: 60, y: 4 } });
  await expect(rows.first()).toContainText('Cy');
  await saved;
  await page.reload();
  await expect(rows.first()).toContainText('Cy');
});
