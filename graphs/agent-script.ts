import type { AgentSnapshot, PromptMessage, Recollection, StepScript } from './ports.ts';
import { renderPrompt } from './prompts/registry.ts';
import { quote, quoteReply } from './quote.ts';
import { trimImpersonation } from './trim-impersonation.ts';

export type AgentBriefing = {
  agent: AgentSnapshot;
  /** Names of everybody else in the room. Their role prompts are theirs. */
  others: string[];
  message: string;
  recollection: Recollection;
  /** Earlier replies of this turn that this agent is to know. */
  earlier: { agentName: string; content: string }[];
  instruction: string | null;
  /** Names of the files that the manager directed the agent to. */
  files: string[];
};

/** How an agent is asked: who it is, what it remembers, what was said in this turn, and last the person's own words. */
export function agentScript(template: string, briefing: AgentBriefing): StepScript {
  const { agent, others, message, recollection } = briefing;
  const system = renderPrompt(template, {
    name: agent.name,
    role: agent.rolePrompt,
    roster:
      others.length === 0
        ? ''
        : `Also in the room: ${others.join(', ')}. They answer for themselves; the person sees who wrote what.`,
  });
  return {
    ask: {
      messages: [
        { role: 'system', content: withSummary(system, recollection.summary) },
        ...recollection.messages,
        ...background(briefing),
        { role: 'user', content: message },
      ],
    },
    filter: () => trimImpersonation({ self: agent.name, others }),
    judge: ({ text }) => ({ kind: 'done', content: text }),
  };
}

export function withSummary(system: string, summary: string | null): string {
  return summary === null ? system : `${system}\n\n${quote('Summary of the earlier conversation:', summary)}`;
}

function background({ earlier, instruction, files }: AgentBriefing): PromptMessage[] {
  const parts: string[] = [];
  if (earlier.length > 0) {
    parts.push('Replies that other agents have already given to the message that follows:', ...earlier.map(quoteReply));
  }
  if (instruction !== null)
    parts.push(quote('Your part in answering it, as the manager of the room put it:', instruction));
  if (files.length > 0) parts.push(`Files to read for it: ${files.map((name) => `“${name}”`).join(', ')}.`);
  return parts.length === 0 ? [] : [{ role: 'user', content: parts.join('\n\n') }];
}
