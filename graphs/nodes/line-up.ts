import { Overwrite, type LangGraphRunnableConfig } from '@langchain/langgraph';
import type { TurnState } from '../state.ts';
import { settingOf, type GraphParts } from '../turn-input.ts';

/** Seats the roster in its order and clears what a run before this one left on the thread. */
export function lineUp(parts: GraphParts) {
  return (state: TurnState, config: LangGraphRunnableConfig) => ({
    roster: settingOf(state, parts, config).roster,
    replies: new Overwrite([]),
    failure: null,
  });
}
