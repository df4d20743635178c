import type { ReactNode } from 'react';
import { SourceButton } from '#app/components/citations/source-button.tsx';
import { placeOf } from '#app/components/citations/source-card.tsx';
import { useCitation } from '#app/components/citations/citations-context.ts';

/** `[3]` in a text: a small number that shows its source. Without a source it stays what was written. */
export function CitationMarker({ children }: { children?: ReactNode }) {
  const number = Number(Array.isArray(children) ? children.join('') : children);
  const citation = useCitation(number);
  if (!citation) return <>[{children}]</>;
  return (
    <SourceButton
      citation={citation}
      label={`Source ${number}: ${citation.title}, ${placeOf(citation)}`}
      className="mx-px inline-flex h-4 min-w-4 -translate-y-[0.3em] items-center justify-center rounded-sm bg-accent-soft px-1 text-[10px] leading-none font-semibold text-accent-strong tabular-nums hover:bg-accent hover:text-on-accent data-[state=open]:bg-accent data-[state=open]:text-on-accent"
    >
      {number}
    </SourceButton>
  );
}
