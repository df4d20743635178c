import { END, START, StateGraph } from '@langchain/langgraph';
import { answer } from './nodes/answer.ts';
import type { PortsFor } from './ports.ts';
import { contextOf, stateOf } from './state.ts';
import { graphParts, type GraphParts } from './turn-input.ts';

/** One agent answers one person (FR-DIRECT-001). The roster is that agent. */
export function buildDirect(portsFor: PortsFor, options: Partial<GraphParts> = {}) {
  const parts = graphParts(portsFor, options);
  return new StateGraph(stateOf(parts), { context: contextOf(parts) })
    .addNode('speak', answer(parts))
    .addEdge(START, 'speak')
    .addEdge('speak', END);
}
