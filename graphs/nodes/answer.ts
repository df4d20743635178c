import type { LangGraphRunnableConfig } from '@langchain/langgraph';
import type { TurnState, TurnUpdate } from '../state.ts';
import { settingOf, type GraphParts } from '../turn-input.ts';
import { speak, taskAt } from './speak.ts';

/** The one agent of a direct chat answers. */
export function answer(parts: GraphParts) {
  const speaking = speak(parts);
  return async (state: TurnState, config: LangGraphRunnableConfig): Promise<TurnUpdate> => {
    const setting = settingOf(state, parts, config);
    const [agent] = setting.roster;
    if (!agent) return { failure: { code: 'no_active_agents', message: 'There is no agent to answer.' } };
    return speaking(taskAt(0, agent, { ...setting, roster: [agent] }, []), config);
  };
}
