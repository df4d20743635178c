import type { AgentSnapshot } from '#graphs/ports.ts';
import type { Prompts } from '#graphs/prompts/registry.ts';
import type { Recording, TestResult } from '#server/recordings/contract.ts';
import { judgeContracts } from '#server/recordings/judge-contracts.ts';
import { replayRecording, type ReplayedStep } from '#server/recordings/replay-recording.ts';

/** A recording's contracts as it was and as it would be with these prompts and agents. Asks no model and costs nothing. */
export async function checkRecording(
  recording: Recording,
  given: { prompts: Prompts; roster: readonly AgentSnapshot[] },
): Promise<Pick<TestResult, 'before' | 'after' | 'changedRequests' | 'ok'>> {
  const replayed = await replayRecording(recording, given);
  const before = judgeContracts(recording, recording.steps, namesOf(recording.roster));
  const after = judgeContracts(recording, replayed, namesOf(given.roster));
  const held = new Set(before.filter(({ ok }) => ok).map(({ contract }) => contract));
  return {
    before,
    after,
    changedRequests: replayed.flatMap(changedRequest),
    ok: after.every(({ ok, contract }) => ok || !held.has(contract)),
  };
}

function namesOf(agents: readonly { name: string }[]): string[] {
  return agents.map(({ name }) => name);
}

function changedRequest({ key, agentName, request, recorded }: ReplayedStep): TestResult['changedRequests'] {
  if (!recorded || recorded.request.length === 0) return [];
  const [before, after] = [asText(recorded.request), asText(request)];
  return before === after ? [] : [{ stepKey: key, agentName, before, after }];
}

function asText(messages: readonly { role: string; content: string }[]): string {
  return messages.map(({ role, content }) => `[${role}]\n${content}`).join('\n\n');
}
