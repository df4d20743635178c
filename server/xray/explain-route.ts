import { parseTags } from '#graphs/tags.ts';
import type { TurnParts } from '#server/turns/read-turn.ts';
import type { StepRow } from '#server/turns/rows.ts';
import type { Xray } from '#server/xray/contract.ts';

/** Why this agent was asked, in the words of its mode. */
export function explainRoute({ row, message, steps }: TurnParts, step: StepRow): Xray['route'] {
  const plan = row.mode === 'orchestrator' ? (steps.find(({ kind }) => kind === 'manager')?.data ?? null) : null;
  return { reason: reasonOf(row, message, steps, step), instruction: step.instruction, plan };
}

function reasonOf({ mode, snapshot }: TurnParts['row'], message: string, steps: StepRow[], step: StepRow): string {
  const agents = steps.filter(({ kind }) => kind === 'agent');
  switch (mode) {
    case 'direct':
      return 'A direct chat has one agent, and it answers every message.';
    case 'manual': {
      const { agents: tagged } = parseTags(message, snapshot.roster);
      return tagged.includes(step.agent_name)
        ? `The message tags ${tagged.length === 1 ? 'this agent' : tagged.join(', ')}; in manual mode whoever is tagged answers, all at the same time.`
        : 'In manual mode whoever is tagged answers. The message with its tags is not there any more.';
    }
    case 'roundtable':
      return `In a roundtable every active agent speaks once, in the room’s order: number ${step.index + 1} of ${agents.length}.`;
    case 'orchestrator':
      return orchestrated(step, agents);
  }
}

function orchestrated(step: StepRow, workers: StepRow[]): string {
  if (step.kind === 'manager')
    return 'In an orchestration the manager decides first who works, on what and in which order.';
  if (step.kind === 'synthesis') {
    const found = workers.filter(({ status }) => status === 'completed').length;
    return `When the work is done the manager sums up what was found: ${found} of ${workers.length} replied.`;
  }
  const groups = [...new Set(workers.map(groupOf))].sort((a, b) => a - b);
  const place = groups.indexOf(groupOf(step)) + 1;
  return `The manager’s plan gave it this work, in group ${place} of ${groups.length}.`;
}

/** `work:<group>.<place>` */
function groupOf({ key }: StepRow): number {
  return Number(/^work:(\d+)\./.exec(key)?.[1] ?? 0);
}
