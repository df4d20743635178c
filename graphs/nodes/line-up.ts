import { Overwrite, type LangGraphRunnableConfig } from '@langchain/langgraph';
import type { TurnState } from '../state.ts';
import { settingOf, type GraphParts } from '../turn-input.ts';

/** True on a thread of its own with a roster, as every turn of a room has: there is nobody to seat and nothing to clear. */
export function isSeated({ roster, replies, failure }: TurnState): boolean {
  return roster.length > 0 && replies.length === 0 && failure === null;
}

/** Seats the roster in its order and clears what a run before this one left on the thread. */
export function lineUp(parts: GraphParts) {
  return (state: TurnState, config: LangGraphRunnableConfig) => ({
    roster: settingOf(state, parts, config).roster,
    replies: new Overwrite([]),
    failure: null,
  });
}
