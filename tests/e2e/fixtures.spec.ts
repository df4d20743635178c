import { expect, test } from './support/test.ts';

test('the home page of a person who signed in by mail has nothing that shuts people out', async ({
  page,
  signInAs,
  expectAccessible,
}) => {
  await signInAs('demo@pantheon.local');
  await page.goto('/');
  await expect(page.getByRole('main')).toBeVisible();
  await expectAccessible();
});
