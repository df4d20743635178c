import { afterAll, expect, test } from 'vitest';
import { signIn } from '../support/client.ts';
import { startServer, stopEmbeddedPostgres, temporaryFolder } from '../support/server-process.ts';
import { rm } from 'node:fs/promises';

const dataDir = await temporaryFolder();

afterAll(async () => {
  await stopEmbeddedPostgres(dataDir);
  await rm(dataDir, { recursive: true, force: true });
});

test('what was accepted before a SIGKILL is there after the next start, on the embedded database', async () => {
  const first = await startServer({ dataDir });
  const client = await signIn(first.url, 'ada@example.com');
  const made = await client.post<{ id: string }>('/rooms', { name: 'Kept' });
  await first.kill('SIGKILL');

  const second = await startServer({ dataDir, port: first.port });
  const kept = await client.get(`/rooms/${made.body.id}`);
  expect(kept.body).toMatchObject({ id: made.body.id, name: 'Kept' });
  await second.kill('SIGTERM');
  expect(await second.exited).toEqual({ code: 0, signal: null });
});
