import { useState } from 'react';

/**
 * A list that a person orders: what is shown while the server still has the old order, moves by keyboard and by drag, and
 * what a screen reader hears. `save` gets every id in the new order; when it fails the old order is back.
 */
export function useOrder<T extends { id: string; name: string }>(
  items: readonly T[],
  save: (ids: string[]) => Promise<boolean>,
) {
  const [chosen, setChosen] = useState<{ of: readonly T[]; ids: string[] } | null>(null);
  const [announcement, setAnnouncement] = useState('');
  const ids = chosen?.of === items ? chosen.ids : null;
  const ordered = ids ? ids.flatMap((id) => items.find((item) => item.id === id) ?? []) : items;

  function place(id: string, to: number): void {
    const order = ordered.map((item) => item.id);
    const from = order.indexOf(id);
    if (from === -1 || to < 0 || to >= order.length || to === from) return;
    order.splice(to, 0, ...order.splice(from, 1));
    setChosen({ of: items, ids: order });
    setAnnouncement(`${items.find((item) => item.id === id)?.name ?? ''} is number ${to + 1} of ${order.length}.`);
    void save(order).then((saved) => {
      if (!saved) setChosen(null);
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
