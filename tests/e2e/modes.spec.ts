import { createDirectSession, createRoom } from '../support/rooms.ts';
import { card, composer, runBar, send, someone } from './support/actions.ts';
import { expect, test } from './support/test.ts';

test.skip(({ isMobile }) => isMobile, 'The phone has its own journey: mobile.spec.ts');

test.describe('a message that tags nobody', () => {
  test.use({ expectedErrors: [/422/] });
  test('AT-003: is refused below the composer, says who could be meant, and a click mends it', async ({
    page,
    signInAs,
  }) => {
    const client = await signInAs(someone());
    const room = await createRoom(client, { agents: ['Ada', 'Bo Lin'] });
    await page.goto(`/rooms/${room.id}`);
    await send(page, 'What now?');
    const refusal = page.getByRole('alert');
    await expect(refusal).toContainText('Tag who should answer');
    await expect(page.getByRole('article')).toHaveCount(0);
    await expect(composer(page)).toHaveValue('What now?');

    await refusal.getByRole('button', { name: '@Bo Lin' }).click();
    await expect(composer(page)).toHaveValue('@"Bo Lin" What now?');
    await expect(refusal).toHaveCount(0);
    await page.getByRole('button', { name: 'Send' }).click();
    await expect(card(page, 'Bo Lin')).toHaveAccessibleName('Bo Lin, finished');
    await expect(composer(page)).toHaveValue('');
  });
});

test('FR-MODE-001: exactly the tagged agents answer, each in a message of its own', async ({
  page,
  signInAs,
  modelServer,
}) => {
  modelServer.setRules([
    { match: { system: 'You are Ada' }, behaviour: { text: 'Ada says **yes**.' } },
    { match: { system: 'You are Cy' }, behaviour: { text: 'Cy says no.' } },
  ]);
  const client = await signInAs(someone());
  const room = await createRoom(client, { agents: ['Ada', 'Bo', 'Cy'] });
  await page.goto(`/rooms/${room.id}`);
  await composer(page).fill('@Ada and @Cy, is it so?');
  await expect(page.getByText('Ada and Cy', { exact: true })).toBeVisible();
  await page.keyboard.press('Enter');
  await expect(card(page, 'Ada')).toContainText('Ada says yes.');
  await expect(card(page, 'Cy')).toContainText('Cy says no.');
  await expect(page.getByRole('article')).toHaveCount(2);
});

test('AT-004, UI-005: a roundtable streams each agent in order, with model, mode, time, tokens and credits', async ({
  page,
  signInAs,
  modelServer,
}) => {
  modelServer.setRules([
    { match: { system: 'You are Ada' }, behaviour: { text: 'First of all.', servedModel: 'other-model' } },
    {
      match: { system: 'You are Bo' },
      behaviour: { text: 'one two three four five six', hang: 'mid_stream', afterTokens: 3 },
    },
  ]);
  const client = await signInAs(someone());
  const room = await createRoom(client, { mode: 'roundtable', agents: ['Ada', 'Bo', 'Cy'] });
  await page.goto(`/rooms/${room.id}`);
  await send(page, 'Go round.');

  await expect(card(page, 'Ada')).toHaveAccessibleName('Ada, finished');
  await expect(card(page, 'Ada')).toContainText('First of all.');
  await expect(card(page, 'Ada')).toContainText(/→ other-model/);
  await expect(card(page, 'Ada')).toContainText('Roundtable');
  await expect(card(page, 'Ada')).toContainText(/\d (ms|s)·\d+ tokens·[\d.< ]+ credits/);
  // Bo is still writing and his words are there already; Cy waits.
  await expect(card(page, 'Bo')).toHaveAccessibleName('Bo, answering');
  await expect(card(page, 'Bo')).toContainText('one two three');
  await expect(card(page, 'Cy')).toHaveAccessibleName('Cy, waiting');
  await expect(runBar(page)).toContainText('Bo is answering1 of 3');

  modelServer.setRules([]);
  await page.getByRole('button', { name: 'Skip Bo' }).click();
  await expect(card(page, 'Bo')).toHaveAccessibleName('Bo, skipped');
  await expect(card(page, 'Cy')).toHaveAccessibleName('Cy, finished');
  await expect(runBar(page)).toHaveCount(0);
  await expect(page.getByText('Turn complete')).toBeVisible();
});

test('AT-005: an orchestration shows the plan, each worker and the summary', async ({
  page,
  signInAs,
  modelServer,
}) => {
  modelServer.setRules([
    {
      match: { structured: true },
      behaviour: {
        json: {
          rationale: 'Numbers first.',
          assignments: [
            { agent: 'Ada', instruction: 'Count it.', group: 0 },
            { agent: 'Bo', instruction: 'Doubt it.', group: 1 },
          ],
        },
      },
    },
    { match: { system: 'You are Ada' }, behaviour: { text: 'Forty-two.' } },
    { match: { system: 'You are Bo' }, behaviour: { text: 'Hardly.' } },
    { behaviour: { text: 'In sum: perhaps.' } },
  ]);
  const client = await signInAs(someone());
  const room = await createRoom(client, { mode: 'orchestrator', agents: ['Ada', 'Bo', 'Cy'] });
  await page.goto(`/rooms/${room.id}`);
  await send(page, 'How many?');
  const plan = page.getByRole('article', { name: 'Manager’s plan' });
  await expect(plan).toContainText('Numbers first.');
  await expect(card(page, 'Ada')).toContainText('Forty-two.');
  await expect(card(page, 'Bo')).toContainText('Hardly.');
  await expect(card(page, 'Manager’s summary')).toContainText('In sum: perhaps.');
  await expect(plan).toContainText('3 of 3');
  await page.reload();
  await expect(plan).toContainText('Numbers first.');
  await expect(plan).toContainText('3 of 3');
});

test('FR-DIRECT-001: a direct chat needs no tag and has one agent', async ({ page, signInAs, modelServer }) => {
  modelServer.setRules([{ match: { system: 'You mend shoes' }, behaviour: { text: 'New soles it is.' } }]);
  await signInAs(someone());
  await page.goto('/direct/new');
  await page.getByRole('textbox', { name: 'Name' }).fill('Cobbler');
  await page.getByRole('textbox', { name: 'Role' }).fill('You mend shoes.');
  await page.getByRole('button', { name: 'Start chat' }).click();
  await expect(page.getByRole('heading', { name: 'Cobbler', level: 1 })).toBeVisible();
  await send(page, 'These leak.');
  await expect(card(page, 'Cobbler')).toContainText('New soles it is.');
  await expect(page.getByRole('navigation').getByRole('link', { name: /Cobbler/ })).toBeVisible();
});

test('a model that fails leaves a calm card, and can be asked again', async ({ page, signInAs, modelServer }) => {
  modelServer.setRules([{ match: { system: 'You are Bo' }, behaviour: { status: 400, errorMessage: 'no' } }]);
  const client = await signInAs(someone());
  const room = await createRoom(client, { agents: ['Ada', 'Bo'] });
  await page.goto(`/rooms/${room.id}`);
  await send(page, '@all go');
  await expect(card(page, 'Ada')).toHaveAccessibleName('Ada, finished');
  await expect(card(page, 'Bo')).toHaveAccessibleName('Bo, failed');
  await expect(card(page, 'Bo')).toContainText('The others are not affected.');
  modelServer.setRules([{ match: { system: 'You are Bo' }, behaviour: { text: 'Here I am.' } }]);
  await page.getByRole('button', { name: 'Try again: Bo' }).click();
  await expect(card(page, 'Bo')).toContainText('Here I am.');
  await expect(card(page, 'Ada')).toContainText('Kept from before, at no cost');
});

test('what a model writes can’t act: no HTML, no images, links say where they lead', async ({
  page,
  signInAs,
  modelServer,
}) => {
  const text = [
    '<img src="https://evil.example/x.png"> <script>window.hacked = true</script>',
    '![a chart](https://evil.example/chart.png)',
    '[your bank](https://evil.example/login) [run](javascript:alert(1))',
  ].join('\n\n');
  modelServer.setRules([{ behaviour: { text } }]);
  const client = await signInAs(someone());
  const session = await createDirectSession(client, 'Ada');
  await page.goto(`/direct/${session.id}`);
  await send(page, 'Hello');
  const reply = card(page, 'Ada');
  await expect(reply).toHaveAccessibleName('Ada, finished');
  await expect(reply.getByRole('link', { name: 'your bank (evil.example)' })).toHaveAttribute('rel', /noopener/);
  await expect(reply.getByRole('link', { name: 'Image: a chart (evil.example)' })).toBeVisible();
  await expect(reply.locator('a[href^="http"]')).toHaveCount(2);
  await expect(reply.locator('a[href^="javascript"]')).toHaveCount(0);
  await expect(reply.locator('img')).toHaveCount(0);
  expect(await page.evaluate(() => 'hacked' in window)).toBe(false);
});
