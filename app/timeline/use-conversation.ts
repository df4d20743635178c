import { useCallback, useEffect, useMemo, useReducer, useRef, useState } from 'react';
import type { Turn, TurnEvent } from '#server/turns/contract.ts';
import {
  addOlder,
  conversationOf,
  takeAccepted,
  takeEvents,
  takeLoaded,
  type Conversation,
  type TurnPage,
} from '#app/timeline/conversation.ts';
import { hasEnded, type TurnView } from '#app/timeline/reduce.ts';
import { useAnnouncement } from '#app/timeline/use-announcement.ts';
import { useTurnEvents, type Connection } from '#app/timeline/use-turn-events.ts';

type Action =
  | { type: 'loaded'; page: TurnPage }
  | { type: 'older'; page: TurnPage }
  | { type: 'accepted'; turn: Turn }
  | { type: 'events'; events: readonly TurnEvent[] };

function reduce(state: Conversation, action: Action): Conversation {
  switch (action.type) {
    case 'loaded':
      return takeLoaded(state, action.page);
    case 'older':
      return addOlder(state, action.page);
    case 'accepted':
      return takeAccepted(state, action.turn);
    case 'events':
      return takeEvents(state, action.events);
  }
}

export type ConversationHandle = {
  views: TurnView[];
  /** What its person wrote, oldest first, each once. Stays the same array while a turn runs. */
  sent: readonly string[];
  /** The turn that runs, or the next one that will. */
  current: TurnView | null;
  connection: Connection;
  /** For a screen reader: who works and who has finished, not what they write. */
  announcement: string;
  accept: (turn: Turn) => void;
  /** Of the page before the first turn that is shown; null where there is none. */
  older: string | null;
  addOlder: (page: TurnPage) => void;
};

/**
 * The turns of a conversation as the page shows them: what the loader gave, kept up to date by the event stream of the
 * turn that runs. `onTurnEnd` is where the page loads again what a turn may have changed.
 */
export function useConversation({ turns, older }: TurnPage, onTurnEnd: () => void): ConversationHandle {
  const [loaded, setLoaded] = useState(turns);
  const [state, dispatch] = useReducer(reduce, { turns, older }, conversationOf);
  if (loaded !== turns) {
    setLoaded(turns);
    dispatch({ type: 'loaded', page: { turns, older } });
  }

  const views = state.order.flatMap((id) => state.views.get(id) ?? []);
  const sent = useMemo(
    () => [...new Set(state.order.map((id) => state.views.get(id)?.turn.message ?? ''))].filter(Boolean),
    // eslint-disable-next-line react-hooks/exhaustive-deps -- no event changes what was asked
    [state.order],
  );
  const current =
    views.find((view) => view.turn.status === 'running') ?? views.find(({ turn }) => !hasEnded(turn)) ?? null;
  const connection = useTurnEvents({
    turnId: current?.turn.id ?? null,
    seqOf: (turnId) => state.views.get(turnId)?.seq ?? 0,
    onEvents: (events) => dispatch({ type: 'events', events }),
    onRefused: onTurnEnd,
  });

  const end = useRef(onTurnEnd);
  useEffect(() => {
    end.current = onTurnEnd;
  });
  const currentId = current?.turn.id ?? null;
  const followed = useRef(currentId);
  useEffect(() => {
    const ended = followed.current !== null && followed.current !== currentId;
    followed.current = currentId;
    if (ended) afterFrame(() => end.current());
  }, [currentId]);

  return {
    views,
    sent,
    current,
    connection,
    announcement: useAnnouncement(views),
    accept: (turn) => dispatch({ type: 'accepted', turn }),
    older: state.older,
    addOlder: useCallback((page) => dispatch({ type: 'older', page }), []),
  };
}

/** Once the last change is laid out and painted: Remix asks how far the window is scrolled before it loads, which lays out at once. */
function afterFrame(work: () => void): void {
  if (document.hidden) work();
  else requestAnimationFrame(() => setTimeout(work));
}
