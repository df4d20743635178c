import { buildDirect } from '#graphs/direct.ts';
import { buildManual } from '#graphs/manual.ts';
import { buildOrchestrator } from '#graphs/orchestrator.ts';
import type { PortsFor } from '#graphs/ports.ts';
import { buildRoundtable } from '#graphs/roundtable.ts';
import type { TurnMode } from '#server/turns/contract.ts';

const noPorts: PortsFor = () => {
  throw new Error('A drawing needs no ports.');
};

const BUILD = {
  manual: buildManual,
  roundtable: buildRoundtable,
  orchestrator: buildOrchestrator,
  direct: buildDirect,
} satisfies Record<TurnMode, unknown>;

export type Drawing = {
  nodes: { id: string; type: string; data: unknown }[];
  edges: { source: string; target: string; conditional: boolean }[];
};

/** A mode's graph as LangGraph draws it. */
export async function drawGraph(mode: TurnMode): Promise<Drawing> {
  const graph = await BUILD[mode](noPorts).compile().getGraphAsync();
  return graph.toJSON() as unknown as Drawing;
}
