import type { SnippetPart } from '#server/search/contract.ts';

/** What ts_headline puts around a match. Control characters, which are taken out of the text before. */
export const MATCH_START = '\u0002';
export const MATCH_END = '\u0003';

/** Splits a marked headline into what matched and what stands around it. Markdown’s signs would only be noise here. */
export function readSnippet(headline: string): SnippetPart[] {
  const parts: SnippetPart[] = [];
  for (const [index, piece] of headline.split(MATCH_START).entries()) {
    const [inside = '', after] = index === 0 ? ['', piece] : piece.split(MATCH_END);
    add(parts, inside, true);
    add(parts, after ?? '', false);
  }
  return parts;
}

function add(parts: SnippetPart[], raw: string, match: boolean): void {
  const text = raw.replace(/[*`#|~]+/gu, '').replace(/\s+/gu, ' ');
  if (text !== '') parts.push({ text, match });
}
