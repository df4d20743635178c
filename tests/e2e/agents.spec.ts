import { createRoom } from '../support/rooms.ts';
import { startToolServer } from '../support/tool-server.ts';
import { runTurn, sendTurn } from '../support/turns.ts';
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

test.describe('tools of servers', () => {
  // The token that is wrong.
  test.use({ expectedErrors: [/422/] });

  test('a tool server is added, an agent gets one of its tools, and a call waits for the person through a reload', async ({
    page,
    isMobile,
    signInAs,
    modelServer,
    expectAccessible,
  }) => {
    const tools = await startToolServer();
    try {
      const client = await signInAs(someone());
      const room = await createRoom(client, { agents: ['Ada'] });
      await page.goto('/settings/tools');
      await expect(page.getByText('No servers yet')).toBeVisible();
      await page.getByRole('button', { name: 'Add a server' }).click();
      const adding = page.getByRole('dialog', { name: 'Add a tool server' });
      await adding.getByRole('textbox', { name: 'Name' }).fill('Office');
      await adding.getByRole('textbox', { name: 'Address' }).fill(tools.url);
      await adding.getByLabel('Token').fill('Bearer wrong');
      await adding.getByRole('button', { name: 'Connect' }).click();
      await expect(adding.getByText('The server refuses the token.')).toBeVisible();
      await adding.getByLabel('Token').fill(tools.token);
      await adding.getByRole('button', { name: 'Connect' }).click();
      await expect(adding).toBeHidden();
      const weather = page.getByRole('switch', { name: 'Ask before get_weather of Office is called' });
      await weather.click();
      await expect(page.getByText('Never asks')).toBeVisible();
      await expect(weather).not.toBeChecked();
      expect(await page.content()).not.toContain('tool-server-secret');
      await expectAccessible();

      await page.goto(`/rooms/${room.id}`);
      if (isMobile) await page.getByRole('button', { name: 'Agents', exact: true }).click();
      await page.getByRole('button', { name: 'Ada: more' }).click();
      await page.getByRole('menuitem', { name: 'Edit' }).click();
      const editor = page.getByRole('dialog', { name: 'Edit Ada' });
      await editor.getByText('0 of 2').click();
      await editor.getByRole('switch', { name: 'send_mail of Office' }).click();
      await expect(editor.getByText('1 of 2')).toBeVisible();
      await expectAccessible();
      await editor.getByRole('button', { name: 'Save changes' }).click();
      await expect(editor).toBeHidden();

      const asks = { name: 'Office__send_mail', arguments: { to: 'bo@example.com', text: 'See you at noon.' } };
      modelServer.setRules([
        { times: 1, behaviour: { text: 'I’ll write to Bo.', toolCalls: [asks] } },
        { behaviour: { text: 'It is sent.' } },
      ]);
      await sendTurn(client, room.id, '@Ada tell Bo');
      await page.goto(`/rooms/${room.id}`);
      const question = page.getByRole('region', { name: 'May send_mail on Office be called?' });
      await expect(question).toContainText('"to": "bo@example.com"');
      await page.reload();
      await expect(question).toContainText(/denied in \d/);
      await expectAccessible();
      expect(tools.calls).toEqual([]);
      await question.getByRole('button', { name: 'Allow once' }).click();
      await expect(page.getByText('It is sent.')).toBeVisible();
      await expect(question).toBeHidden();
      await page.getByText('Used send_mail on Office').click();
      await expect(page.getByText('See you at noon.')).toBeVisible();
      await expectAccessible();
      expect(tools.calls).toHaveLength(1);
    } finally {
      await tools.close();
    }
  });
});

test('a turn is kept as a test, and an agent that would break it says so before it is saved', async ({
  page,
  isMobile,
  signInAs,
  modelServer,
  expectAccessible,
}) => {
  modelServer.setRules([]);
  const client = await signInAs(someone());
  const room = await createRoom(client, { agents: ['Ada', 'Bo'] });
  const turn = await runTurn(client, room.id, '@Ada and @Bo: is the sea deep?');
  await page.goto(`/rooms/${room.id}/tests`);
  await expect(page.getByText('No tests yet')).toBeVisible();
  await page.getByRole('link', { name: 'To the room' }).click();
  await page.getByRole('button', { name: 'Turn: more' }).click();
  await page.getByRole('menuitem', { name: 'Keep as a test' }).click();
  await expect(page.getByText('Kept as a test')).toBeVisible();

  const edit = async () => {
    if (isMobile) await page.getByRole('button', { name: 'Agents', exact: true }).click();
    await page.getByRole('button', { name: 'Ada: more' }).click();
    await page.getByRole('menuitem', { name: 'Edit' }).click();
  };
  await edit();
  const dialog = page.getByRole('dialog', { name: 'Edit Ada' });
  const tests = dialog.getByRole('region', { name: 'The room’s tests' });
  await dialog.getByLabel('Role').fill('Answer in rhymes.');
  await dialog.getByRole('button', { name: 'Save changes' }).click();
  await expect(tests).toContainText('One test holds');
  await tests.getByText('@Ada and @Bo: is the sea deep?').click();
  await tests.getByText('Ada would be asked something else').click();
  await expect(tests.getByText('+ Answer in rhymes.')).toBeVisible();
  await expectAccessible();
  await dialog.getByLabel('Name').fill('Ava');
  await dialog.getByRole('button', { name: 'Save changes' }).click();
  await expect(tests).toContainText('1 of 1 would break');
  await dialog.getByRole('button', { name: 'Save all the same' }).click();
  await expect(dialog).toBeHidden();

  await page.goto(`/rooms/${room.id}/tests`);
  const kept = page.getByRole('main').getByRole('listitem').filter({ hasText: turn.message });
  await expect(kept).toContainText('Ada answered then and would not now.');
  await expectAccessible();
  const exported = page.waitForEvent('download');
  await kept.getByRole('link', { name: 'Export as a file' }).click();
  expect((await exported).suggestedFilename()).toMatch(/^turn-\w{8}\.json$/);
  await kept.getByRole('button', { name: 'Drop this test' }).click();
  await expect(page.getByText('No tests yet')).toBeVisible();
});
