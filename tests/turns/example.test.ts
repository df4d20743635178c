import { expect, test } from 'vitest';
import { startTestApp } from '#tests/support/app.ts';
import { createRoom } from '#tests/support/rooms.ts';
import { runTurn } from '#tests/support/turns.ts';

const product = await startTestApp();

test('a failed agent does not stop the others', async () => {
  product.modelServer.setRules([{ match: { system: 'You are Ada' }, behaviour: { status: 400 } }]);
  const { client } = await product.createUser();
  const room = await createRoom(client, { agents: ['Ada', 'Bo'] });
  const turn = await runTurn(client, room.id, '@all hello');
  expect(turn).toMatchObject({ status: 'completed', failedSteps: 1 });
});
