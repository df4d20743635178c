/**
 * What the prompt files and graphs as they are now change: `npm run test:prompts`. Replays the recorded turns of
 * tests/regression without a model and prints each contract that breaks and each line that a model would be told more or less
 * than when the turn was recorded. Ends with 1 when a contract that held is broken.
 *
 * Arguments: recordings elsewhere, as `GET /api/v1/turns/:turnId/recording` gives them.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { readPrompts } from '#graphs/prompts/registry.ts';
import { checkRecording } from '#server/recordings/check-recording.ts';
import { ZRecording } from '#server/recordings/contract.ts';
import { say } from './say.ts';

const KEPT = join(import.meta.dirname, '../tests/regression');
const given = process.argv.slice(2);
const files =
  given.length > 0
    ? given
    : readdirSync(KEPT)
        .filter((name) => name.endsWith('.json'))
        .map((name) => join(KEPT, name));

for (const file of files) {
  const recording = ZRecording.parse(JSON.parse(readFileSync(file, 'utf8')));
  const { after, changedRequests, ok } = await checkRecording(recording, {
    prompts: readPrompts(),
    roster: recording.roster,
  });
  const changed = changedRequests.length === 0 ? '' : `, ${changedRequests.length} requests change`;
  say(`${ok ? 'holds ' : 'BREAKS'}  ${basename(file)} (${recording.mode})${changed}`);
  for (const { contract, detail } of after.filter((verdict) => !verdict.ok)) say(`        ${contract}: ${detail}`);
  for (const { agentName, stepKey, before, after: now } of changedRequests) {
    say(`        ${agentName} (${stepKey})`);
    for (const line of without(before, now)) say(`          - ${line}`);
    for (const line of without(now, before)) say(`          + ${line}`);
  }
  if (!ok) process.exitCode = 1;
}

/** The lines of one text that the other doesn't have. */
function without(text: string, other: string): string[] {
  const there = new Set(other.split('\n'));
  return text.split('\n').filter((line) => !there.has(line));
}
