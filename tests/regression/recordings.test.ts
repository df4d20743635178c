/**
 * Recorded turns, replayed on today's graphs and prompts without a model: what held when they were recorded holds still
 * (SRS risk 2). A recording is what `GET /api/v1/turns/:turnId/recording` gives; put it here to keep it so.
 */
import { execFile } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';
import { readPrompts } from '#graphs/prompts/registry.ts';
import { checkRecording } from '#server/recordings/check-recording.ts';
import { ZRecording } from '#server/recordings/contract.ts';
import { judgeContracts } from '#server/recordings/judge-contracts.ts';
import { afterFile } from '#tests/support/after-file.ts';

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

test('a reply that never came and one in somebody else’s voice are told', async () => {
  const recording = files.map(readRecording).find(({ mode }) => mode === 'manual')!;
  const [one, ...rest] = recording.steps;
  const { roster } = recording;
  const brokenBy = async (step: typeof one) => {
    const { after } = await checkRecording({ ...recording, steps: [step!, ...rest] }, { prompts, roster });
    return after.filter(({ ok }) => !ok).map(({ contract }) => contract);
  };
  const error = { code: 'provider_error', message: 'No reply came.' };
  expect(await brokenBy({ ...one!, status: 'failed', replies: null, content: '', error })).toEqual(['answered']);
  // The graph cuts another's voice off while a turn runs: what was recorded before that rule is judged as it stands.
  const asked = judgeContracts(
    recording,
    [{ ...one!, content: `${roster[1]!.name}: I am another.` }, ...rest],
    roster.map(({ name }) => name),
  );
  expect(asked.filter(({ ok }) => !ok)).toEqual([
    { contract: 'own_voice', ok: false, detail: `${one!.agentName} speaks as somebody else.` },
  ]);
});

test('npm run test:prompts tells what breaks and which lines a model would be told differently', async () => {
  const recording = files.map(readRecording).find(({ mode }) => mode === 'manual')!;
  const [one, ...rest] = recording.steps;
  const request = one!.request.map((message, place) =>
    place === 0 ? { ...message, content: `${message.content}\nAnswer in rhymes.` } : message,
  );
  const folder = await mkdtemp(join(tmpdir(), 'pantheon-recording-'));
  afterFile(() => rm(folder, { recursive: true, force: true }));
  const file = join(folder, 'rhymes.json');
  await writeFile(file, JSON.stringify({ ...recording, steps: [{ ...one!, request }, ...rest] }));
  const { stdout } = await promisify(execFile)(process.execPath, ['scripts/test-prompts.ts', file]);
  expect(stdout).toContain('holds   rhymes.json (manual), 1 requests change');
  expect(stdout).toContain(`${one!.agentName} (${one!.key})\n          - Answer in rhymes.\n`);
  await writeFile(file, JSON.stringify({ ...recording, roster: recording.roster.slice(1) }));
  const broken = promisify(execFile)(process.execPath, ['scripts/test-prompts.ts', file]);
  await expect(broken).rejects.toMatchObject({ code: 1, stdout: expect.stringContaining('BREAKS  rhymes.json') });
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
