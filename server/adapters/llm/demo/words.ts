const STOP_WORDS = new Set(
  (
    'about above after again against also always another anyone because been before being below better between both ' +
    'cannot could does doing done down during each either else even every explain find from further give gets going ' +
    'good have having help here hers herself himself into itself just know like look make many maybe more most much ' +
    'must myself need never only other ought ours ourselves over please really same search shall should show since some ' +
    'something still such sure take tell than that their theirs them themselves then there these they thing think this ' +
    'those through today together under until very want well were what when where whether which while will with ' +
    'within without would write your yours yourself read file files document summarise summarize best next latest numbers please question answer'
  ).split(' '),
);

/** The words that a message seems to be about, in its own spelling, at most three. */
export function keywords(text: string): string[] {
  const found = new Map<string, string>();
  for (const [word] of text.matchAll(/[\p{L}\p{N}][\p{L}\p{N}'’-]{3,}/gu)) {
    const key = word.toLowerCase();
    if (!STOP_WORDS.has(key) && !found.has(key)) found.set(key, word);
  }
  const words = [...found.values()];
  return words.slice(0, 3);
}

/** The first sentence, cut at a word. */
export function gist(text: string, length = 110): string {
  const flat = text.replace(/\s+/g, ' ').trim();
  const sentence = /^.*?[.!?](?=\s|$)/.exec(flat)?.[0] ?? flat;
  if (sentence.length <= length) return sentence;
  return `${sentence
    .slice(0, length)
    .replace(/\s+\S*$/, '')
    .replace(/[,;:]$/, '')}…`;
}

/** A number from a text, the same every time (FNV-1a). */
export function hash(text: string): number {
  let value = 0x811c9dc5;
  for (let index = 0; index < text.length; index += 1) {
    value = Math.imul(value ^ text.charCodeAt(index), 0x01000193) >>> 0;
  }
  return value;
}

/** `count` of the items, which ones decided by the seed, in their own order. */
export function pick<T>(items: readonly T[], count: number, seed: number): T[] {
  const start = seed % items.length;
  const chosen = new Set(
    Array.from({ length: Math.min(count, items.length) }, (_, step) => (start + step) % items.length),
  );
  return items.filter((_, index) => chosen.has(index));
}

/** As many sentences as fit, for a text whose first one may be too short to say anything. */
export function excerpt(text: string, length: number): string {
  const flat = text.replace(/\s+/g, ' ').trim();
  if (flat.length <= length) return flat;
  const sentences = flat.slice(0, length + 1).match(/^.*[.!?](?=\s)/)?.[0];
  return sentences && sentences.length >= length / 3 ? sentences : gist(flat.replace(/[.!?]\s/g, '; '), length);
}

/** What a reply says: the first sentence of each list item, or of the whole where there is no list. */
export function pointsOf(reply: string): string[] {
  const lines = reply.split('\n').map((line) => line.trim());
  const items = lines.flatMap((line) => /^(?:[-*]|\d+\.)\s+(.+)$/.exec(line)?.[1] ?? []);
  const prose = lines.filter((line) => line !== '' && !/^(?:[#>|_]|\*[^*])/.test(line)).join(' ');
  return (items.length > 0 ? items : [prose === '' ? reply : prose]).map((item) => {
    const said = item.replace(/^\*\*[^*]+\*\*:?\s+/, '').replace(/[*_`“”]/g, '');
    return gist(said, 120).replace(/[.]$/, '');
  });
}
