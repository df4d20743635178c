import { useEffect, useRef, useState } from 'react';

/** A load that began before an order was saved may still arrive for so long after it. */
const FRESH_MS = 2_000;

/**
 * A list that a person orders: what is shown while the server still has the old order, moves by keyboard and by drag, and
 * what a screen reader hears. `save` gets every id in the new order, one save after the other; when the last one fails the
 * server's order is back.
 */
export function useOrder<T extends { id: string; name: string }>(
  items: readonly T[],
  save: (ids: string[]) => Promise<boolean>,
) {
  /** It holds while it is being saved (`until` null), while it is fresh, and then until the list is loaded anew. */
  const [chosen, setChosen] = useState<{ ids: string[]; until: readonly T[] | null; fresh: boolean } | null>(null);
  const [announcement, setAnnouncement] = useState('');
  const latest = useRef(items);
  const saving = useRef<Promise<void>>(Promise.resolve());
  const moves = useRef(0);
  useEffect(() => {
    latest.current = items;
  });
  useEffect(() => {
    if (!chosen?.fresh) return;
    const timer = setTimeout(() => setChosen({ ...chosen, fresh: false }), FRESH_MS);
    return () => clearTimeout(timer);
  }, [chosen]);
  const ids = chosen && (chosen.fresh || chosen.until === null || chosen.until === items) ? chosen.ids : null;
  const ordered = ids
    ? [
        ...items.filter((item) => !ids.includes(item.id)),
        ...ids.flatMap((id) => items.find((item) => item.id === id) ?? []),
      ]
    : items;

  function place(id: string, to: number): void {
    const order = ordered.map((item) => item.id);
    const from = order.indexOf(id);
    if (from === -1 || to < 0 || to >= order.length || to === from) return;
    order.splice(to, 0, ...order.splice(from, 1));
    setChosen({ ids: order, until: null, fresh: false });
    setAnnouncement(`${items.find((item) => item.id === id)?.name ?? ''} is number ${to + 1} of ${order.length}.`);
    const move = (moves.current += 1);
    saving.current = saving.current.then(async () => {
      const saved = await save(order);
      // A later move has its own order to show.
      if (move === moves.current) setChosen(saved ? { ids: order, until: latest.current, fresh: true } : null);
    });
  }

  return {
    ordered,
    announcement,
    /** One up (−1) or down (1). */
    move: (id: string, by: -1 | 1) => place(id, ordered.findIndex((item) => item.id === id) + by),
    /** Before or after another one, where it was dropped. */
    drop: (id: string, beside: string, edge: Edge) => {
      const from = ordered.findIndex((item) => item.id === id);
      const target = ordered.findIndex((item) => item.id === beside) + (edge === 'after' ? 1 : 0);
      place(id, from < target ? target - 1 : target);
    },
  };
}

export type Edge = 'before' | 'after';
