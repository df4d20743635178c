import { expect, test } from 'vitest';
import { readPrompts } from '#graphs/prompts/registry.ts';
import { startTestApp } from '#tests/support/app.ts';
import { createRoom } from '#tests/support/rooms.ts';
import { runTurn } from '#tests/support/turns.ts';

const product = await startTestApp();

test('a turn records which version of each prompt it was asked with', async () => {
  const { client } = await product.createUser();
  const room = await createRoom(client, { agents: ['Ada', 'Bo'], mode: 'orchestrator' });
  const turn = await runTurn(client, room.id, 'What now?');
  const prompts = readPrompts();
  expect(turn.steps.map(({ kind }) => kind)).toEqual(['manager', 'agent', 'agent', 'synthesis']);
  for (const { kind, promptVersion } of turn.steps) expect(promptVersion).toBe(prompts[kind].version);
  expect(new Set(turn.steps.map(({ promptVersion }) => promptVersion)).size).toBe(3);
});
