import { END, START, StateGraph } from '@langchain/langgraph';
import { dispatch } from './nodes/dispatch.ts';
import { route } from './nodes/route.ts';
import { speak } from './nodes/speak.ts';
import { synthesise } from './nodes/synthesise.ts';
import type { PortsFor } from './ports.ts';
import { contextOf, stateOf } from './state.ts';
import { graphParts, type GraphParts } from './turn-input.ts';

/** The manager plans, workers run group by group, the manager sums up (FR-MODE-003). */
export function buildOrchestrator(portsFor: PortsFor, options: Partial<GraphParts> = {}) {
  const parts = graphParts(portsFor, options);
  return new StateGraph(stateOf(parts), { context: contextOf(parts) })
    .addNode('route', route(parts), { ends: ['dispatch', END] })
    .addNode('dispatch', dispatch(parts), { ends: ['work', 'synthesise', END] })
    .addNode('work', speak(parts))
    .addNode('synthesise', synthesise(parts))
    .addEdge(START, 'route')
    .addEdge('work', 'dispatch')
    .addEdge('synthesise', END);
}
