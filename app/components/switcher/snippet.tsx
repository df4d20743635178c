import type { SnippetPart } from '#server/search/contract.ts';

/** What was found, with what matched in it. */
export function Snippet({ parts }: { parts: readonly SnippetPart[] }) {
  return parts.map(({ text, match }, index) =>
    match ? (
      <mark key={index} className="rounded-sm bg-warn-soft px-0.5 font-medium text-ink">
        {text}
      </mark>
    ) : (
      <span key={index}>{text}</span>
    ),
  );
}
