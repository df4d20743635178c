import type { LangGraphRunnableConfig } from '@langchain/langgraph';
import type { TurnState, TurnUpdate } from '../state.ts';
import { settingOf, type GraphParts } from '../turn-input.ts';
import { speak, taskAt } from './speak.ts';

/** Gives the next agent the word. Whose turn it is follows from the replies so far, failed ones included. */
export function takeTurn(parts: GraphParts) {
  const speaking = speak(parts);
  return async (state: TurnState, config: LangGraphRunnableConfig): Promise<TurnUpdate> => {
    const setting = settingOf(state, parts, config);
    const place = state.replies.length;
    const agent = setting.roster[place];
    if (!agent) return { failure: { code: 'no_active_agents', message: 'The room has no active agent.' } };
    return speaking(taskAt(place, agent, setting, state.replies), config);
  };
}

/** True while someone has not spoken yet. */
export function someoneIsLeft(state: TurnState): boolean {
  return state.replies.length < state.roster.length;
}
