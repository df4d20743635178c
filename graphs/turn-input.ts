import type { LangGraphRunnableConfig } from '@langchain/langgraph';
import type { AgentSnapshot, PortsFor } from './ports.ts';
import type { PromptName, Prompts } from './prompts/registry.ts';
import type { FileRef, StudioContext, TurnState } from './state.ts';

/** What the nodes of a graph are built with. */
export type GraphParts = {
  portsFor: PortsFor;
  prompts: Prompts;
  /** Who is in the room when the input names nobody; for Studio. */
  council: AgentSnapshot[];
};

export type TurnSetting = {
  message: string;
  /** In speaking order. */
  roster: AgentSnapshot[];
  managerAlias: string;
  managerFallback: string | null;
  files: FileRef[];
  /** True when the run has a chat view that wants the replies as messages too. */
  chat: boolean;
};

/** The manager's model where the platform's settings name none (FR-MODE-004). */
const DEFAULT_MANAGER_ALIAS = 'deepseek';

/** Reads the turn's input. A chat that Studio opened carries the message as the last of `messages`. */
export function settingOf(state: TurnState, { council }: Pick<GraphParts, 'council'>): TurnSetting {
  const chat = state.messages.length > 0;
  const roster = state.roster.length > 0 ? state.roster : council;
  return {
    message: chat
      ? (state.messages.findLast((message) => message.type === 'human')?.text ?? state.message)
      : state.message,
    roster: [...roster].sort((a, b) => a.position - b.position),
    managerAlias: state.manager?.modelAlias ?? DEFAULT_MANAGER_ALIAS,
    managerFallback: state.manager?.fallbackAlias ?? null,
    files: state.files,
    chat,
  };
}

/** A prompt's text: as edited in Studio for this run, else as filed. */
export function promptText(
  name: Exclude<PromptName, 'summariser'>,
  { prompts }: Pick<GraphParts, 'prompts'>,
  config: LangGraphRunnableConfig,
): string {
  const edited = (config.context as StudioContext | undefined)?.[`${name}Prompt`];
  return edited === undefined || edited.trim() === '' ? prompts[name].text : edited;
}
