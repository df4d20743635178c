import { AIMessage } from '@langchain/core/messages';
import type { LangGraphRunnableConfig } from '@langchain/langgraph';
import { agentScript } from '../agent-script.ts';
import type { AgentSnapshot, StepResult } from '../ports.ts';
import type { FileRef, Reply, TurnUpdate } from '../state.ts';
import { promptText, type GraphParts, type TurnSetting } from '../turn-input.ts';

/** One agent's work, complete in itself so that it can be sent to a node of its own. */
export type SpeakTask = {
  key: string;
  index: number;
  agent: AgentSnapshot;
  others: string[];
  message: string;
  earlier: { agentName: string; content: string }[];
  instruction: string | null;
  /** Null where nobody directs anybody to files. */
  files: FileRef[] | null;
  chat: boolean;
};

/** The task of an agent who was called as number `place`, with no manager between it and the person. */
export function taskAt(place: number, agent: AgentSnapshot, setting: TurnSetting, earlier: Reply[]): SpeakTask {
  return {
    key: `agent:${place}`,
    index: place,
    agent,
    others: othersOf(agent, setting),
    message: setting.message,
    earlier: heard(earlier),
    instruction: null,
    files: null,
    chat: setting.chat,
  };
}

export function othersOf(agent: AgentSnapshot, { roster }: Pick<TurnSetting, 'roster'>): string[] {
  return roster.filter((other) => other.id !== agent.id).map((other) => other.name);
}

/** What later agents get to read: what was said in full. A reply that broke off stays with the person. */
export function heard(replies: Reply[]): { agentName: string; content: string }[] {
  return replies
    .filter((reply) => reply.kind === 'agent' && reply.status === 'completed' && reply.content !== '')
    .map(({ agentName, content }) => ({ agentName, content }));
}

export function speak(parts: GraphParts) {
  return async (task: SpeakTask, config: LangGraphRunnableConfig): Promise<TurnUpdate> => {
    const { agent } = task;
    const ports = parts.portsFor(config);
    const script = agentScript(promptText('agent', parts, config), {
      ...task,
      files: (task.files ?? []).map((file) => file.name),
      recollection: await ports.recall(agent),
    });
    const result = await ports.runStep(
      {
        key: task.key,
        index: task.index,
        kind: 'agent',
        agentId: agent.id,
        agentName: agent.name,
        modelAlias: agent.modelAlias,
        fallbackAlias: agent.fallbackAlias,
        toolPermissions: agent.toolPermissions,
        instruction: task.instruction,
        fileIds: task.files?.map((file) => file.id) ?? null,
      },
      script,
    );
    return told({ key: task.key, index: task.index, agentName: agent.name, kind: 'agent' }, result, task.chat);
  };
}

/** What a node adds to the state once its step is over. */
export function told(step: Omit<Reply, 'status' | 'content'>, result: StepResult, chat: boolean): TurnUpdate {
  const { status, content } = result;
  const shown = chat && content !== '' ? { messages: [new AIMessage({ content, name: step.agentName })] } : {};
  return { replies: [{ ...step, status, content }], ...shown };
}
