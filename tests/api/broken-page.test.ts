import { expect, test } from 'vitest';
import { startTestApp } from '../support/app.ts';

// As `npm start` runs: production is what hides most things by itself.
const { db, createUser } = await startTestApp({ env: { NODE_ENV: 'development' } });
const { client } = await createUser();

test('a page whose server broke says so in words, and nothing of how it is built, also outside production', async () => {
  await db.query('ALTER TABLE rooms RENAME TO rooms_that_were');
  const answer = await client.fetch('/', { headers: { Accept: 'text/html' } });
  const page = await answer.text();
  expect(answer.status).toBe(500);
  expect(page).toContain('Something went wrong');
  expect(page).not.toMatch(/node_modules|build\/server|relation \\?"/);
});
