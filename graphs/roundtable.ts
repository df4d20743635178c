import { END, START, StateGraph } from '@langchain/langgraph';
import { isSeated, lineUp } from './nodes/line-up.ts';
import { someoneIsLeft, takeTurn } from './nodes/take-turn.ts';
import type { PortsFor } from './ports.ts';
import { contextOf, stateOf } from './state.ts';
import { graphParts, type GraphParts } from './turn-input.ts';

/** Every agent speaks once, in the configured order, having read what was said before it in this turn (FR-MODE-002). */
export function buildRoundtable(portsFor: PortsFor, options: Partial<GraphParts> = {}) {
  const parts = graphParts(portsFor, options);
  return new StateGraph(stateOf(parts), { context: contextOf(parts) })
    .addNode('line_up', lineUp(parts))
    .addNode('speak', takeTurn(parts))
    .addConditionalEdges(START, (state) => (isSeated(state) ? 'speak' : 'line_up'), ['line_up', 'speak'])
    .addEdge('line_up', 'speak')
    .addConditionalEdges('speak', (state) => (someoneIsLeft(state) ? 'speak' : END), ['speak', END]);
}
