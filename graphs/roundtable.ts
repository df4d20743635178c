import { END, START, StateGraph } from '@langchain/langgraph';
import { lineUp } from './nodes/line-up.ts';
import { someoneIsLeft, takeTurn } from './nodes/take-turn.ts';
import type { PortsFor } from './ports.ts';
import { readPrompts } from './prompts/registry.ts';
import { contextOf, stateOf } from './state.ts';
import type { GraphParts } from './turn-input.ts';

/** Every agent speaks once, in the configured order, having read what was said before it in this turn (FR-MODE-002). */
export function buildRoundtable(portsFor: PortsFor, options: Partial<GraphParts> = {}) {
  const parts: GraphParts = { portsFor, prompts: readPrompts(), council: [], models: [], checked: false, ...options };
  return new StateGraph(stateOf(parts), { context: contextOf(parts) })
    .addNode('line_up', lineUp(parts))
    .addNode('speak', takeTurn(parts))
    .addEdge(START, 'line_up')
    .addEdge('line_up', 'speak')
    .addConditionalEdges('speak', (state) => (someoneIsLeft(state) ? 'speak' : END), ['speak', END]);
}
