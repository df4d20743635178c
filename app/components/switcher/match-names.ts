/** Those whose name has every word of the query, names that begin with it first; all of them when nothing is asked. */
export function matchNames<T extends { name: string }>(items: readonly T[], query: string): T[] {
  const asked = plain(query);
  const words = asked.split(' ').filter((word) => word !== '');
  if (words.length === 0) return [...items];
  return items
    .map((item) => ({ item, rank: rankOf(plain(item.name), asked, words) }))
    .filter(({ rank }) => rank > 0)
    .sort((a, b) => b.rank - a.rank)
    .map(({ item }) => item);
}

function rankOf(name: string, asked: string, words: readonly string[]): number {
  if (!words.every((word) => name.includes(word))) return 0;
  if (name.startsWith(asked)) return 3;
  return words.every((word) => name.startsWith(word) || name.includes(` ${word}`)) ? 2 : 1;
}

/** Without case and accents, as people type. */
function plain(text: string): string {
  return text.normalize('NFD').replace(/\p{M}/gu, '').toLowerCase().replace(/\s+/gu, ' ').trim();
}
