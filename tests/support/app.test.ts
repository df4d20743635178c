import { expect, test } from 'vitest';
import { startTestApp } from './app.ts';
import { signIn } from './client.ts';
import { createRoom } from './rooms.ts';
import { readEvents, runTurn } from './turns.ts';

const product = await startTestApp();

test('a person signs in by mail, asks two agents, and both transports tell the same story (AT-001)', async () => {
  const client = await signIn(product.url, 'ada@example.com');
  const room = await createRoom(client, { agents: ['Ada', 'Bo'] });
  const turn = await runTurn(client, room.id, '@all What is a monad?');
  expect(turn).toMatchObject({ status: 'completed', failedSteps: 0 });
  expect(turn.steps.map((step) => step.agentName)).toEqual(['Ada', 'Bo']);
  expect(product.modelServer.log).toHaveLength(2);

  const sse = await readEvents(client, turn.id);
  const ndjson = await readEvents(client, turn.id, { transport: 'ndjson' });
  expect(ndjson).toEqual(sse);
  expect(sse.map((event) => event.seq)).toEqual(sse.map((_, place) => place + 1));
  expect(await readEvents(client, turn.id, { lastEventId: sse.length - 1 })).toEqual(sse.slice(-1));
});

test('a user who is made, not mailed, is signed in as well', async () => {
  const { client, email } = await product.createUser({ role: 'analyst', plan: 'pro' });
  const { body } = await client.get('/auth/me');
  expect(body).toMatchObject({ user: { email, role: 'analyst', plan: 'pro' } });
});
