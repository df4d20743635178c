import { useEffect, useRef } from 'react';

/** A page’s text with the passage that was cited marked and in view, where it is found. */
export function MarkedText({ text, quote }: { text: string; quote: string | null }) {
  const mark = useRef<HTMLElement>(null);
  useEffect(() => {
    // Newer browsers return a promise, which is no clean-up.
    mark.current?.scrollIntoView({ block: 'center' });
  }, [text, quote]);
  const found = quote === null ? null : findPassage(text, quote);
  if (!found) return <>{text}</>;
  return (
    <>
      {text.slice(0, found.from)}
      <mark ref={mark} className="rounded-sm bg-accent-soft text-ink">
        {text.slice(found.from, found.to)}
      </mark>
      {text.slice(found.to)}
    </>
  );
}

/** White space counts for nothing: a quote has lost its lines. Of one put together from parts, the first is marked. */
export function findPassage(text: string, quote: string): { from: number; to: number } | null {
  const [part = ''] = quote.split(' … ');
  const words = part.split(/\s+/u).filter((word) => word !== '');
  if (words.length === 0) return null;
  const pattern = words.map((word) => word.replace(/[.*+?^${}()|[\]\\]/gu, '\\$&')).join('\\s+');
  const found = new RegExp(pattern, 'u').exec(text);
  return found ? { from: found.index, to: found.index + found[0].length } : null;
}
