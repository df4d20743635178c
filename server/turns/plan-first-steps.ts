import { parseTags } from '#graphs/tags.ts';
import type { Agent } from '#server/agents/contract.ts';
import { AppError } from '#server/platform/errors.ts';
import { newId } from '#server/platform/ids.ts';
import type { Problem } from '#server/turns/contract.ts';
import type { Acceptance } from '#server/turns/read-acceptance.ts';
import { pendingStep, type StepRow } from '#server/turns/rows.ts';

/**
 * The steps that are known when a message is accepted: who was tagged, the whole roster, the one agent of a direct chat,
 * or the manager, who decides the rest. Keys are the graphs'.
 *
 * Throws no_active_agents, and in manual mode no_valid_tags with who could be meant (FR-MODE-001, AT-003).
 */
export function planFirstSteps(
  given: Pick<Acceptance, 'mode' | 'agents' | 'managerAlias'>,
  message: string,
  turnId: string,
): { steps: StepRow[]; warnings: Problem[] } {
  const { mode, agents } = given;
  if (agents.length === 0) {
    throw new AppError('no_active_agents', 'This room has no active agent. Add one, or switch one on.');
  }
  if (mode === 'orchestrator') return { steps: [managerStep(given.managerAlias, turnId)], warnings: [] };
  const { chosen, warnings } = mode === 'manual' ? taggedAgents(message, agents) : { chosen: agents, warnings: [] };
  return { steps: chosen.map((agent, place) => agentStep(agent, place, turnId)), warnings };
}

function taggedAgents(message: string, agents: Agent[]): { chosen: Agent[]; warnings: Problem[] } {
  const tags = parseTags(message, agents);
  const chosen = tags.agents.flatMap((name) => agents.find((agent) => agent.name === name) ?? []);
  const missing = tags.unknown.map((name) => `@${name}`).join(', ');
  const meant = tags.candidates.map((name) => `@${name.includes(' ') ? `"${name}"` : name}`).join(', ');
  if (chosen.length > 0) {
    const warnings = missing === '' ? [] : [{ code: 'unknown_tag', message: `Nobody here is called ${missing}.` }];
    return { chosen, warnings };
  }
  const problem = missing === '' ? 'Tag who should answer, like @name or @all.' : `Nobody here is called ${missing}.`;
  throw new AppError('no_valid_tags', meant === '' ? problem : `${problem} You could mean ${meant}.`, {
    errors: [{ path: 'message', message: problem }],
    extra: { unknownTags: tags.unknown, candidates: tags.candidates },
  });
}

function agentStep(agent: Agent, place: number, turnId: string): StepRow {
  return pendingStep({
    id: newId(),
    turn_id: turnId,
    key: `agent:${place}`,
    index: place,
    kind: 'agent',
    agent_id: agent.id,
    agent_name: agent.name,
    model_alias: agent.modelAlias,
  });
}

function managerStep(alias: Acceptance['managerAlias'], turnId: string): StepRow {
  return pendingStep({
    id: newId(),
    turn_id: turnId,
    key: 'manager',
    index: 0,
    kind: 'manager',
    agent_id: null,
    agent_name: 'Manager',
    model_alias: alias,
  });
}
