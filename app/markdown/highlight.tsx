import type { ElementContent, RootContent } from 'hast';
import { Fragment, type ReactNode } from 'react';

type Nodes = readonly (RootContent | ElementContent)[];

/** Beyond this there would be more spans than a page can bear. */
const LONGEST = 50_000;

let highlighter: ReturnType<typeof startHighlighter> | undefined;

/** Code as coloured spans; null where the language is not known. */
export async function highlight(code: string, language: string): Promise<ReactNode> {
  if (code.length > LONGEST) return null;
  highlighter ??= startHighlighter();
  const nodes = await highlighter(code, language);
  return nodes && showAll(nodes);
}

/** Fetching, preparing and using a language’s grammar are tasks that a phone’s reader would feel: they are a worker’s. */
function startHighlighter() {
  const worker = new Worker(new URL('./highlight-worker.ts', import.meta.url), { type: 'module' });
  const asked = new Map<number, PromiseWithResolvers<Nodes | null>>();
  let last = 0;
  worker.addEventListener('message', ({ data }: MessageEvent<{ id: number; nodes: Nodes | null }>) => {
    asked.get(data.id)?.resolve(data.nodes);
    asked.delete(data.id);
  });
  worker.addEventListener('error', () => {
    for (const { reject } of asked.values()) reject(new Error('Code could not be coloured.'));
    // It may be there when it is asked for again.
    worker.terminate();
    highlighter = undefined;
  });
  return (code: string, language: string): Promise<Nodes | null> => {
    const answer = Promise.withResolvers<Nodes | null>();
    asked.set((last += 1), answer);
    worker.postMessage({ id: last, code, language });
    return answer.promise;
  };
}

function showAll(nodes: Nodes): ReactNode {
  return nodes.map((node, place) => {
    if (node.type === 'text') return <Fragment key={place}>{node.value}</Fragment>;
    if (node.type !== 'element') return null;
    const { className } = node.properties;
    return (
      <span key={place} className={Array.isArray(className) ? className.join(' ') : undefined}>
        {showAll(node.children)}
      </span>
    );
  });
}
