import type { AgentSnapshot, ModelAsk, Recollection, StepScript, StepSpec } from './ports.ts';
import { withSummary } from './agent-script.ts';
import { nameFiles, parsePlan, planSchema } from './plan.ts';
import { renderPrompt } from './prompts/registry.ts';
import { quote, quoteReply } from './quote.ts';
import { trimImpersonation } from './trim-impersonation.ts';
import type { TurnSetting } from './turn-input.ts';

/** The manager is the platform's: nobody in the room, with no id of a row anywhere. It remembers like an agent. */
export const MANAGER = { id: 'manager', name: 'Manager', memoryPolicy: 'summary' } as const;

/** The first ask and two corrections. */
const MAX_ASKS = 3;
/** A role prompt can be long; the manager needs its gist. */
const ROLE_CHARACTERS = 1_200;

export function managerSpec(kind: 'manager' | 'synthesis', index: number, setting: TurnSetting): StepSpec {
  return {
    key: kind,
    index,
    kind,
    agentId: null,
    agentName: MANAGER.name,
    modelAlias: setting.managerAlias,
    fallbackAlias: setting.managerFallback,
    toolPermissions: { search: false, files: false },
    instruction: null,
    fileIds: null,
  };
}

/** Asks for a plan, checks it against the room, and asks again with what was wrong with it. */
export function planScript(template: string, setting: TurnSetting, recollection: Recollection): StepScript {
  const { message, roster, maxAssignments } = setting;
  const files = nameFiles(setting.files);
  const system = renderPrompt(template, {
    agents: roster.map(introduce).join('\n\n'),
    files:
      files.length === 0
        ? ''
        : `Files that agents with leave to read files can be directed to:\n${files.map((file) => `- ${file.handle}`).join('\n')}`,
    maxAssignments: String(maxAssignments),
  });
  const ask: ModelAsk = {
    messages: [
      { role: 'system', content: withSummary(system, recollection.summary) },
      ...recollection.messages,
      { role: 'user', content: message },
    ],
    structured: { name: 'plan', schema: planSchema(roster, files) },
  };
  return {
    ask,
    judge: ({ text, asked }) => {
      const { plan, problem } = parsePlan(text, roster, files, maxAssignments);
      if (plan) return { kind: 'done', content: plan.rationale || whoWorks(plan.assignments), plan };
      if (asked >= MAX_ASKS) {
        return {
          kind: 'fail',
          code: 'routing_failed',
          message: `The manager made no usable plan in ${MAX_ASKS} attempts: ${problem}.`,
        };
      }
      const correction = `That plan can’t be used: ${problem}. Answer with the corrected plan only, as JSON of the same shape.`;
      return {
        kind: 'ask',
        ask: {
          ...ask,
          messages: [
            ...ask.messages,
            { role: 'assistant', content: text || '(nothing)' },
            { role: 'user', content: correction },
          ],
        },
      };
    },
  };
}

/** Asks for the final answer from what the workers found. */
export function synthesisScript(
  template: string,
  setting: TurnSetting,
  recollection: Recollection,
  found: { agentName: string; content: string }[],
  silent: string[],
): StepScript {
  const background = ['Replies of the agents to the message that follows:', ...found.map(quoteReply)];
  if (silent.length > 0) background.push(`No reply came from: ${silent.join(', ')}.`);
  return {
    ask: {
      messages: [
        { role: 'system', content: withSummary(renderPrompt(template, {}), recollection.summary) },
        ...recollection.messages,
        { role: 'user', content: background.join('\n\n') },
        { role: 'user', content: setting.message },
      ],
    },
    filter: () => trimImpersonation({ self: MANAGER.name, others: [] }),
    judge: ({ text }) => ({ kind: 'done', content: text }),
  };
}

function introduce(agent: AgentSnapshot): string {
  const { search, files } = agent.toolPermissions;
  const leave = [search && 'search the web', files && 'read files'].filter((can) => can !== false);
  const role =
    agent.rolePrompt.length > ROLE_CHARACTERS ? `${agent.rolePrompt.slice(0, ROLE_CHARACTERS)}…` : agent.rolePrompt;
  return quote(`${agent.name}${leave.length > 0 ? ` (can ${leave.join(' and ')})` : ''}`, role);
}

function whoWorks(assignments: { agent: string }[]): string {
  return `${[...new Set(assignments.map(({ agent }) => agent))].join(', ')} will work on this.`;
}
