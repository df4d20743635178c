import type { Turn, TurnEvent } from '#server/turns/contract.ts';
import { hasEnded, reduceTurn, viewOf, type TurnView } from '#app/timeline/reduce.ts';

/** Some turns of a branch, oldest first, and the cursor of the page before them: null where there is none. */
export type TurnPage = { turns: readonly Turn[]; older: string | null };

/** The turns of the branch that the page shows, oldest first, and the cursor of what comes before them. */
export type Conversation = {
  order: readonly string[];
  views: ReadonlyMap<string, TurnView>;
  older: string | null;
  /** Turns that were accepted here and that no load has brought yet. */
  fresh: readonly string[];
};

export function conversationOf({ turns, older }: TurnPage): Conversation {
  const views = new Map(turns.map((turn) => [turn.id, viewOf(turn)]));
  return { order: turns.map(({ id }) => id), views, older, fresh: [] };
}

/**
 * What the server says. Older turns that were fetched stay in front while they lead to its first one. One load may have begun
 * before a turn was accepted and come after: the turn is put where it was. A second one without it knows better.
 */
export function takeLoaded(state: Conversation, { turns, older }: TurnPage): Conversation {
  const first = turns[0];
  const lead = first ? upTo(state.order, first.parentTurnId) : [];
  const loaded: Conversation = {
    order: [...lead, ...turns.map(({ id }) => id)],
    views: withTurns(state.views, turns),
    older: lead.length > 0 ? state.older : older,
    fresh: [],
  };
  const missed = state.fresh.flatMap((id) => state.views.get(id)?.turn ?? []);
  const back = missed.reduce((now, turn) => (follows(turn, now) ? takeAccepted(now, turn) : now), loaded);
  return { ...back, views: loaded.views, fresh: [] };
}

function follows({ parentTurnId }: Turn, { order }: Conversation): boolean {
  return parentTurnId === null || order.includes(parentTurnId);
}

export function addOlder(state: Conversation, { turns, older }: TurnPage): Conversation {
  const known = new Set(state.order);
  const fresh = turns.filter(({ id }) => !known.has(id));
  const order = [...fresh.map(({ id }) => id), ...state.order];
  return { ...state, order, views: withTurns(state.views, fresh), older };
}

/** A turn that the server just took: it follows its parent, and what followed that before is on another branch now. */
export function takeAccepted(state: Conversation, turn: Turn): Conversation {
  if (state.order.includes(turn.id)) {
    // Taken back before any load brought it: the next one without it is right.
    return hasEnded(turn) ? { ...state, fresh: state.fresh.filter((id) => id !== turn.id) } : state;
  }
  return {
    order: [...upTo(state.order, turn.parentTurnId), turn.id],
    views: withTurns(state.views, [turn]),
    older: turn.parentTurnId === null ? null : state.older,
    fresh: [...state.fresh, turn.id],
  };
}

export function takeEvents(state: Conversation, events: readonly TurnEvent[]): Conversation {
  const views = new Map(state.views);
  for (const [turnId, own] of Map.groupBy(events, (event) => event.turnId)) {
    const view = views.get(turnId);
    if (view) views.set(turnId, reduceTurn(view, { type: 'events', events: own }));
  }
  return { ...state, views };
}

function withTurns(views: ReadonlyMap<string, TurnView>, turns: readonly Turn[]): Map<string, TurnView> {
  const next = new Map(views);
  for (const turn of turns) {
    const view = next.get(turn.id);
    next.set(turn.id, view ? reduceTurn(view, { type: 'snapshot', turn }) : viewOf(turn));
  }
  return next;
}

function upTo(order: readonly string[], turnId: string | null): readonly string[] {
  return turnId === null ? [] : order.slice(0, order.indexOf(turnId) + 1);
}
