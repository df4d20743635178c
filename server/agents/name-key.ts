/**
 * What makes two names the same in a room (FR-AGENT-002): case, width and other compatibility forms don't count, nor do
 * invisible characters. Coarser than the tag parser's comparison, so that a tag never means two agents.
 */
export function nameKey(name: string): string {
  return fold(fold(name).normalize('NFKC')).normalize('NFKC');
}

/** Upper-casing first makes ſ and s, ß and ẞ the same. */
function fold(text: string): string {
  return text
    .normalize('NFC')
    .replace(/[\p{Cf}\uFE0F]/gu, '')
    .toUpperCase()
    .toLowerCase();
}
