import type { Citation } from '#server/turns/contract.ts';

export type Source = Citation extends infer C ? (C extends Citation ? Omit<C, 'number'> : never) : never;

const QUOTE_CHARACTERS = 400;

/**
 * Gives sources their numbers: one list for the whole turn, so that a number means the same to every agent and to the
 * reader. A source that was numbered before keeps its number.
 */
export function cite(known: Citation[], source: Source): Citation {
  const earlier = known.find((citation) => keyOf(citation) === keyOf(source));
  if (earlier) return earlier;
  const number = known.reduce((most, citation) => Math.max(most, citation.number), 0) + 1;
  const quote = source.quote.replace(/\s+/g, ' ').trim().slice(0, QUOTE_CHARACTERS).toWellFormed();
  const citation: Citation = { ...source, quote, number };
  known.push(citation);
  return citation;
}

/** The passage of a web page or of a file's page. */
function keyOf(source: Source | Citation): string {
  return source.kind === 'web' ? `web ${source.url}` : `file ${source.fileId} ${source.page ?? ''}`;
}

/** The sources that a text refers to, in the order of their numbers. */
export function citedIn(text: string, known: Citation[]): Citation[] {
  const numbers = new Set(Array.from(text.matchAll(/\[(\d{1,3})\]/g), ([, number]) => Number(number)));
  return known.filter(({ number }) => numbers.has(number)).sort((a, b) => a.number - b.number);
}
