import type { Agent } from '#server/agents/contract.ts';
import { findAgents } from '#server/agents/find-agents.ts';
import type { App } from '#server/app.ts';
import { notFound } from '#server/platform/errors.ts';
import { checkRecording } from '#server/recordings/check-recording.ts';
import type { RunTests, TestReport, TestResult } from '#server/recordings/contract.ts';
import { findTests } from '#server/recordings/find-tests.ts';
import { recordTurn } from '#server/recordings/record-turn.ts';

/**
 * Replays a room's tests with its agents as they are, or with one changed or added. Reads only: no model is asked, nothing is
 * charged. The room must be the caller's. Throws `not_found` for an agent that is not the room's.
 */
export async function runTests(
  app: Pick<App, 'db' | 'prisma' | 'prompts'>,
  { roomId, agent }: { roomId: string } & RunTests,
): Promise<TestReport> {
  const agents = await findAgents(app, { roomId });
  const roster = rosterWith(agents.items, agent).filter(({ active }) => active);
  const { prompts } = app;
  const items: TestResult[] = [];
  for (const { turnId, message, mode, keptAt, maxMicroCredits } of await findTests(app, roomId)) {
    const recording = await recordTurn(app, { turnId, maxMicroCredits: BigInt(maxMicroCredits) });
    const { chargedMicroCredits } = recording;
    const result = await checkRecording(recording, { prompts, roster });
    items.push({ turnId, message, mode, keptAt, chargedMicroCredits, maxMicroCredits, ...result });
  }
  return {
    items,
    broken: items.filter(({ ok }) => !ok).length,
    changed: items.filter(({ changedRequests }) => changedRequests.length > 0).length,
  };
}

function rosterWith(agents: Agent[], change: RunTests['agent']): Agent[] {
  if (!change) return agents;
  const { id, toolPermissions, ...rest } = change;
  const given = Object.fromEntries(Object.entries(rest).filter(([, value]) => value !== undefined));
  if (id !== undefined && !agents.some((agent) => agent.id === id)) throw notFound();
  const base = agents.find((agent) => agent.id === id) ?? newcomer(agents.length);
  const tools = { ...base.toolPermissions, ...definedIn(toolPermissions) };
  const changed: Agent = { ...base, ...given, toolPermissions: tools };
  return id === undefined ? [...agents, changed] : agents.map((agent) => (agent.id === id ? changed : agent));
}

function definedIn(
  tools: Partial<Record<'search' | 'files', boolean | undefined>> = {},
): Partial<Agent['toolPermissions']> {
  return Object.fromEntries(Object.entries(tools).filter(([, on]) => on !== undefined));
}

function newcomer(position: number): Agent {
  return {
    id: '00000000-0000-0000-0000-000000000000',
    name: 'New agent',
    modelAlias: 'llama',
    rolePrompt: '',
    toolPermissions: { search: false, files: false },
    memoryPolicy: 'summary',
    fallbackAlias: null,
    active: true,
    position,
  };
}
