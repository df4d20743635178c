import { FileText, Globe } from 'lucide-react';
import type { Source } from '#app/components/citations/citations-context.ts';
import { placeOf } from '#app/components/citations/source-card.tsx';
import { SourceButton } from '#app/components/citations/source-button.tsx';

/** What a step’s text refers to, under it. */
export function Sources({ citations }: { citations: readonly Source[] }) {
  if (citations.length === 0) return null;
  return (
    <ul aria-label="Sources" className="mt-2.5 flex flex-wrap gap-1.5">
      {citations.map((citation) => (
        <li key={citation.number} className="min-w-0">
          <SourceChip citation={citation} />
        </li>
      ))}
    </ul>
  );
}

export function SourceChip({ citation }: { citation: Source }) {
  const Icon = citation.kind === 'web' ? Globe : FileText;
  return (
    <SourceButton
      citation={citation}
      className="inline-flex h-7 max-w-[min(17rem,80vw)] items-center gap-1.5 rounded-lg border border-line bg-raised px-2 text-xs text-ink-soft hover:bg-hover hover:text-ink data-[state=open]:bg-hover pointer-coarse:min-h-11 pointer-coarse:px-3"
    >
      <span className="sr-only">Source </span>
      <span className="font-semibold text-accent-strong tabular-nums">{citation.number}</span>
      <Icon aria-hidden className="size-3.5 shrink-0 text-ink-faint" />
      <span className="truncate">
        {citation.kind === 'web' ? placeOf(citation) : `${citation.title}, ${placeOf(citation)}`}
      </span>
    </SourceButton>
  );
}
