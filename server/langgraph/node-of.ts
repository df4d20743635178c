import type { Step, TurnMode } from '#server/turns/contract.ts';

/** The nodes of each graph (docs/graphs.md) that a reader hears of. */
export const NODE_OF: Record<TurnMode, { first: string; agent: string }> = {
  manual: { first: 'route_tags', agent: 'speak' },
  roundtable: { first: 'speak', agent: 'speak' },
  orchestrator: { first: 'route', agent: 'work' },
  direct: { first: 'speak', agent: 'speak' },
};

/** The node that a step ran in. */
export function nodeOf(mode: TurnMode, kind: Step['kind']): string {
  switch (kind) {
    case 'manager':
      return 'route';
    case 'synthesis':
      return 'synthesise';
    case 'agent':
      return NODE_OF[mode].agent;
  }
}
