import { expect, test } from 'vitest';
import { assignLooks } from '#app/components/agent-look.ts';
import { readableTurns } from '#app/timeline/readable-turns.ts';

const speakers = ['Analyst', 'Annika', 'Anselm'].map((name, n) => ({ id: `0193-${n}`, name }));
const reply = { id: 'r', content: 'Yes.', sources: [] };
const turn = { id: 't', at: '2030-01-01T00:00:00.000Z', message: 'Well?' };

test('where only one of a room’s agents is heard, it looks as it does in the room', () => {
  const [anselm] = speakers.slice(-1);
  const replies = [{ ...reply, role: 'agent' as const, agentId: anselm?.id ?? '', agentName: 'Anselm' }];
  const [shown] = readableTurns({ turns: [{ ...turn, replies }], speakers });
  expect(shown?.replies[0]?.look).toEqual(assignLooks(speakers).get(anselm?.id ?? ''));
  expect(JSON.stringify(shown), 'its id is not for the reader').not.toContain(anselm?.id);
});

test('a summary has no look, and who has no seat in the room any more has one of its own', () => {
  const replies = [
    { ...reply, role: 'synthesis' as const, agentId: null, agentName: 'Manager' },
    { ...reply, role: 'agent' as const, agentId: '0193-9', agentName: 'Gone' },
  ];
  const [shown] = readableTurns({ turns: [{ ...turn, replies }], speakers });
  expect(shown?.replies.map(({ look }) => look?.monogram ?? null)).toEqual([null, 'Go']);
});
