import { SEARCH_LIMITS } from '#server/tools/limits.ts';

/**
 * What a model may send to the web search. Once a file was read in the turn, the query is a way out for what the file
 * says, and whoever wrote the file may have told the model to use it: it is cut short, and addresses, long numbers and
 * what looks like encoded data are taken out. Empty when nothing is left.
 */
export function containQuery(query: string, { guarded }: { guarded: boolean }): string {
  const plain = query
    .toWellFormed()
    .normalize('NFKC')
    .replace(/[\p{Cc}\p{Cf}]/gu, ' ');
  const words = plain.split(/\s+/).filter((word) => word !== '');
  if (!guarded) return cut(words, SEARCH_LIMITS.queryCharacters);
  return cut(
    words.filter((word) => !isSuspicious(word)),
    SEARCH_LIMITS.guardedQueryCharacters,
  );
}

function isSuspicious(word: string): boolean {
  if (/:\/\/|^www\.|@|%[0-9a-f]{2}|\\[ux]|&#/i.test(word)) return true;
  if (word.length > 30) return true;
  const core = word.replace(/^[^\p{L}\p{N}]+|[^\p{L}\p{N}]+$/gu, '');
  if (/^[0-9a-f]{12,}$/i.test(core) || core.replace(/\D/g, '').length >= 9) return true;
  if (/[=+/_~]/.test(core) && core.length >= 12) return true;
  const mixed = /[a-z]/.test(core) && /[A-Z]/.test(core.slice(1)) && /\d/.test(core);
  return core.length >= 12 && (mixed || (/\d/.test(core) && /[a-z]/i.test(core) && !/^[a-z]+-?\d+$/i.test(core)));
}

/** Whole words, as many as fit. */
function cut(words: string[], most: number): string {
  let text = '';
  for (const word of words) {
    const longer = text === '' ? word : `${text} ${word}`;
    if (longer.length > most) break;
    text = longer;
  }
  return text;
}
