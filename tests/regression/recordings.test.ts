/**
 * Recorded turns, replayed on today's graphs and prompts without a model: what held when they were recorded holds still
 * (SRS risk 2). A recording is what `GET /api/v1/turns/:turnId/recording` gives; put it here to keep it so.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { readPrompts } from '#graphs/prompts/registry.ts';
import { checkRecording } from '#server/recordings/check-recording.ts';
import { ZRecording } from '#server/recordings/contract.ts';

const files = readdirSync(import.meta.dirname).filter((name) => name.endsWith('.json'));
const prompts = readPrompts();

function readRecording(name: string) {
  return ZRecording.parse(JSON.parse(readFileSync(join(import.meta.dirname, name), 'utf8')));
}

test('there is one of each mode', () => {
  expect([...new Set(files.map((name) => readRecording(name).mode))].sort()).toEqual([
    'direct',
    'manual',
    'orchestrator',
    'roundtable',
  ]);
});

test.each(files)('%s keeps its contracts', async (name) => {
  const recording = readRecording(name);
  const { before, after } = await checkRecording(recording, { prompts, roster: recording.roster });
  expect(after.filter(({ ok }) => !ok)).toEqual([]);
  expect(after).toEqual(before);
});

test('a plan that names nobody, a reply in another’s name, a lost source and a missing agent are told', async () => {
  const orchestrator = files.map(readRecording).find(({ mode }) => mode === 'orchestrator')!;
  const [first] = orchestrator.roster;
  const renamed = orchestrator.roster.map((agent) => (agent === first ? { ...agent, name: 'Somebody else' } : agent));
  const broken = await checkRecording(orchestrator, { prompts, roster: renamed });
  expect(broken.ok).toBe(false);
  expect(broken.after.filter(({ ok }) => !ok).map(({ contract }) => contract)).toContain('plan');

  const roundtable = files.map(readRecording).find(({ mode }) => mode === 'roundtable')!;
  const fewer = await checkRecording(roundtable, { prompts, roster: roundtable.roster.slice(1) });
  expect(fewer.after.find(({ contract }) => contract === 'who')).toMatchObject({
    ok: false,
    detail: `${roundtable.roster[0]!.name} answered then and would not now.`,
  });
  const moved = await checkRecording(roundtable, {
    prompts,
    roster: roundtable.roster.toReversed().map((agent, position) => ({ ...agent, position })),
  });
  expect(moved.after.filter(({ ok }) => !ok).map(({ contract }) => contract)).toEqual(['order']);

  const [one, ...rest] = roundtable.steps;
  const other = roundtable.roster[1]!.name;
  const text = `As was said [7], it floats. I hand over to ${other}.`;
  const chatty = { ...roundtable, steps: [{ ...one!, replies: [text], content: text }, ...rest] };
  const told = await checkRecording(chatty, { prompts, roster: roundtable.roster });
  expect(told.after.filter(({ ok }) => !ok).map(({ detail }) => detail)).toEqual([
    `${one!.agentName} hands over to ${other}.`,
    `${one!.agentName} refers to [7], which is no source.`,
  ]);
  // What was broken before is not this change's doing.
  expect(told.ok).toBe(true);
  const dear = { ...roundtable, maxMicroCredits: '1' };
  expect(
    (await checkRecording(dear, { prompts, roster: roundtable.roster })).after.find(
      ({ contract }) => contract === 'cost',
    )?.ok,
  ).toBe(false);
});

test('a prompt that is changed shows in the requests of who is asked with it, and in nobody else’s', async () => {
  const recording = files.map(readRecording).find(({ mode }) => mode === 'manual')!;
  const roster = recording.roster.map((agent, place) =>
    place === 0 ? { ...agent, rolePrompt: 'Answer in rhymes.' } : agent,
  );
  const { changedRequests, ok } = await checkRecording(recording, { prompts, roster });
  expect(ok).toBe(true);
  expect(changedRequests.map(({ agentName }) => agentName)).toEqual([recording.roster[0]!.name]);
  expect(changedRequests[0]!.before).not.toContain('Answer in rhymes.');
  expect(changedRequests[0]!.after).toContain('Answer in rhymes.');
});
