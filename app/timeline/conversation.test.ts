import { expect, test } from 'vitest';
import type { Turn } from '#server/turns/contract.ts';
import { addOlder, conversationOf, takeAccepted, takeLoaded } from '#app/timeline/conversation.ts';

function turn(id: string, parentTurnId: string | null): Turn {
  return {
    id,
    parentTurnId,
    status: 'completed',
    mode: 'manual',
    message: id,
    roster: [],
    steps: [],
    failedSteps: 0,
    chargedMicroCredits: '0',
    reservedMicroCredits: '0',
    warnings: [],
    createdAt: '2026-03-10T12:00:00.000Z',
    startedAt: null,
    finishedAt: null,
    lastSeq: 3,
  };
}
const pageOf = (...turns: Turn[]) => ({ turns, older: null });
const [a, b, c] = [turn('a', null), turn('b', 'a'), turn('c', 'b')];

test('a send follows the last turn', () => {
  expect(takeAccepted(conversationOf(pageOf(a, b)), c).order).toEqual(['a', 'b', 'c']);
});

test('an edited message takes the place of the old one and of what followed', () => {
  expect(takeAccepted(conversationOf(pageOf(a, b, c)), turn('b2', 'a')).order).toEqual(['a', 'b2']);
  expect(takeAccepted(conversationOf(pageOf(a, b, c)), turn('a2', null)).order).toEqual(['a2']);
});

test('a send that is answered twice is shown once', () => {
  expect(takeAccepted(conversationOf(pageOf(a, b)), b).order).toEqual(['a', 'b']);
});

test('older turns stay in front of what is loaded again, unless the branch changed', () => {
  const state = addOlder(conversationOf({ turns: [b, c], older: 'before b' }), pageOf(a));
  expect(state).toMatchObject({ order: ['a', 'b', 'c'], older: null });
  // A page that begins with fewer turns than before leads to turns that are shown.
  const later = takeLoaded(state, { turns: [c, turn('d', 'c')], older: 'before c' });
  expect(later).toMatchObject({ order: ['a', 'b', 'c', 'd'], older: null });
  expect(takeLoaded(later, { turns: [turn('y', 'x')], older: 'before y' })).toMatchObject({
    order: ['y'],
    older: 'before y',
  });
});

test('nothing comes before an edited first message', () => {
  expect(takeAccepted(conversationOf({ turns: [b, c], older: 'before b' }), turn('a2', null)).older).toBeNull();
});

test('a load that began before a message was accepted, and came after, does not take it away; a later one may', () => {
  const sent = { ...turn('d', 'c'), status: 'queued' as const };
  const state = takeAccepted(takeAccepted(conversationOf(pageOf(a, b)), c), sent);
  const overtaken = takeLoaded(state, pageOf(a, b));
  expect(overtaken.order).toEqual(['a', 'b', 'c', 'd']);
  expect(takeLoaded(overtaken, pageOf(a, b, c)).order, 'it was taken back elsewhere').toEqual(['a', 'b', 'c']);
  expect(takeLoaded(overtaken, pageOf(a, b, c, sent)).order).toEqual(['a', 'b', 'c', 'd']);
});

test('what was taken back before any load brought it is gone with the first load', () => {
  const sent = { ...c, status: 'queued' as const };
  const state = takeAccepted(takeAccepted(conversationOf(pageOf(a, b)), sent), { ...sent, status: 'cancelled' });
  expect(takeLoaded(state, pageOf(a, b)).order).toEqual(['a', 'b']);
});

test('what was accepted on a branch that is no longer shown stays there', () => {
  const state = takeAccepted(conversationOf(pageOf(a, b)), c);
  expect(takeLoaded(state, pageOf(turn('y', null))).order).toEqual(['y']);
});
