import type { AgentSnapshot } from './ports.ts';

/** Who sits in Studio's room when a run's input names nobody. */
export const STUDIO_COUNCIL: AgentSnapshot[] = [
  member(
    'Analyst',
    'llama',
    'You take questions apart: what is known, what is assumed, what follows. Use figures where there are any.',
  ),
  member(
    'Critic',
    'qwen',
    'You look for what is wrong, missing or risky in a question and in the answers to it, and say how to mend it.',
  ),
  member(
    'Writer',
    'gpt_oss',
    'You put things so that anyone understands them: short sentences, concrete words, an example.',
  ),
].map((agent, position) => ({ ...agent, position }));

function member(name: string, modelAlias: string, rolePrompt: string): AgentSnapshot {
  return {
    id: `studio-${name.toLowerCase()}`,
    name,
    modelAlias,
    rolePrompt,
    toolPermissions: { search: false, files: false },
    memoryPolicy: 'none',
    fallbackAlias: null,
    position: 0,
  };
}
