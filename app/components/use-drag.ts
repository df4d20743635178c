import { useEffect, useRef, useState, type RefObject } from 'react';
import type { Edge } from '#app/components/use-order.ts';

type DragOptions = {
  /** Only items of the same list take each other. */
  list: string;
  id: string;
  disabled?: boolean;
  onDrop: (id: string, beside: string, edge: Edge) => void;
};

/**
 * Lets an item of a vertical list be dragged by mouse or finger; the library comes when the page is at rest. Whoever can’t
 * drag has the keys and the menu of `useOrder`’s list.
 */
export function useDrag<T extends HTMLElement>({
  list,
  id,
  disabled = false,
  onDrop,
}: DragOptions): {
  ref: RefObject<T>;
  dragging: boolean;
  /** Where a drop would put what hovers here. */
  edge: Edge | null;
} {
  const ref = useRef<T>(null);
  const drop = useRef(onDrop);
  const [dragging, setDragging] = useState(false);
  const [edge, setEdge] = useState<Edge | null>(null);
  useEffect(() => {
    drop.current = onDrop;
  });

  useEffect(() => {
    const element = ref.current;
    if (!element || disabled) return;
    let stop: (() => void) | null = null;
    let left = false;
    void import('@atlaskit/pragmatic-drag-and-drop/element/adapter').then(({ draggable, dropTargetForElements }) => {
      if (left) return;
      const stopDragging = draggable({
        element,
        getInitialData: () => ({ list, id }),
        onDragStart: () => setDragging(true),
        onDrop: () => setDragging(false),
      });
      const edgeAt = (clientY: number): Edge => {
        const { top, height } = element.getBoundingClientRect();
        return clientY < top + height / 2 ? 'before' : 'after';
      };
      const stopTaking = dropTargetForElements({
        element,
        canDrop: ({ source }) => source.data['list'] === list && source.data['id'] !== id,
        onDrag: ({ location }) => setEdge(edgeAt(location.current.input.clientY)),
        onDragLeave: () => setEdge(null),
        onDrop: ({ source, location }) => {
          setEdge(null);
          drop.current(String(source.data['id']), id, edgeAt(location.current.input.clientY));
        },
      });
      stop = () => {
        stopDragging();
        stopTaking();
      };
    });
    return () => {
      left = true;
      stop?.();
    };
  }, [list, id, disabled]);

  return { ref, dragging, edge };
}
