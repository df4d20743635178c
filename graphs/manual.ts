import { END, START, StateGraph } from '@langchain/langgraph';
import { routeTags } from './nodes/route-tags.ts';
import { speak } from './nodes/speak.ts';
import type { PortsFor } from './ports.ts';
import { contextOf, stateOf } from './state.ts';
import { graphParts, type GraphParts } from './turn-input.ts';

/** Exactly the tagged agents run, in parallel, none seeing another's reply (FR-MODE-001). */
export function buildManual(portsFor: PortsFor, options: Partial<GraphParts> = {}) {
  const parts = graphParts(portsFor, options);
  return new StateGraph(stateOf(parts), { context: contextOf(parts) })
    .addNode('route_tags', routeTags(parts), { ends: ['speak', END] })
    .addNode('speak', speak(parts))
    .addEdge(START, 'route_tags')
    .addEdge('speak', END);
}
