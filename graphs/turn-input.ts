import type { LangGraphRunnableConfig } from '@langchain/langgraph';
import type { AgentSnapshot, PortsFor } from './ports.ts';
import { readPrompts, type PromptName, type Prompts } from './prompts/registry.ts';
import { MAX_ASSIGNMENTS } from './plan.ts';
import { DEFAULT_MANAGER_ALIAS, memberField, type FileRef, type StudioContext, type TurnState } from './state.ts';

/** What the nodes of a graph are built with. */
export type GraphParts = {
  portsFor: PortsFor;
  prompts: Prompts;
  /** Who is in the room when the input names nobody; for Studio, which lets their prompts and models be edited. */
  council: AgentSnapshot[];
  /** Model aliases that Studio offers. */
  models: readonly string[];
  /** True where others than the nodes write the state, as in Studio: each update is checked against its schema. */
  checked: boolean;
};

/** The product's graphs, but for what is given otherwise. */
export function graphParts(portsFor: PortsFor, options: Partial<GraphParts>): GraphParts {
  return { portsFor, prompts: readPrompts(), council: [], models: [], checked: false, ...options };
}

export type TurnSetting = {
  message: string;
  /** In speaking order. */
  roster: AgentSnapshot[];
  managerAlias: string;
  managerFallback: string | null;
  maxAssignments: number;
  files: FileRef[];
  /** True when the run has a chat view that wants the replies as messages too. */
  chat: boolean;
};

/** Reads the turn's input. A chat that Studio opened carries the message as the last of `messages`. */
export function settingOf(
  state: TurnState,
  { council }: Pick<GraphParts, 'council'>,
  config: LangGraphRunnableConfig,
): TurnSetting {
  const context = (config.context ?? {}) as StudioContext;
  const chat = state.messages.length > 0;
  const roster = state.roster.length > 0 ? state.roster : council;
  return {
    message: chat
      ? (state.messages.findLast((message) => message.type === 'human')?.text ?? state.message)
      : state.message,
    roster: roster.map((agent) => edited(agent, context)).sort((a, b) => a.position - b.position),
    managerAlias: state.manager?.modelAlias ?? textOf(context.managerModel) ?? DEFAULT_MANAGER_ALIAS,
    managerFallback: state.manager?.fallbackAlias ?? null,
    maxAssignments: Math.min(Math.max(1, context.maxAssignments ?? MAX_ASSIGNMENTS), MAX_ASSIGNMENTS),
    files: state.files,
    chat,
  };
}

/** A member of Studio's council as its user edited it for this run. An agent of a real room has an id of another kind. */
function edited(agent: AgentSnapshot, context: StudioContext): AgentSnapshot {
  const member = memberField(agent);
  return {
    ...agent,
    rolePrompt: textOf(context[`${member}Prompt`]) ?? agent.rolePrompt,
    modelAlias: textOf(context[`${member}Model`]) ?? agent.modelAlias,
  };
}

function textOf(value: unknown): string | undefined {
  return typeof value === 'string' && value.trim() !== '' ? value : undefined;
}

/** A prompt's text: as edited in Studio for this run, else as filed. */
export function promptText(
  name: Exclude<PromptName, 'summariser'>,
  { prompts }: Pick<GraphParts, 'prompts'>,
  config: LangGraphRunnableConfig,
): string {
  return textOf((config.context as StudioContext | undefined)?.[`${name}Prompt`]) ?? prompts[name].text;
}
