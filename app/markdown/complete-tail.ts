/** The end of a text that grows, with what is half written made whole. Nothing before it moves. */
export function completeTail(text: string): string {
  if (isInFence(text.split('\n'))) return text;
  const shown = withoutHalfTable(text);
  const start = shown.lastIndexOf('\n\n') + 1;
  return shown.slice(0, start) + completeInline(shown.slice(start));
}

const HALF_LINK = /!?\[([^\][\n]*)(?:\]\([^()\s]*)?$/;
const MARKERS = /\\.|(`+)|(\*\*|\*|~~)/g;

/** Bold, slanted, struck and code text is closed; of a link there is the text; of a mark that opens nothing yet, nothing. */
function completeInline(paragraph: string): string {
  const text = paragraph.replace(HALF_LINK, (_all, label: string) => (/^\d*$/.test(label) ? '' : label));
  const open: string[] = [];
  let code: string | null = null;
  for (const found of text.matchAll(MARKERS)) {
    const [, ticks, marker] = found;
    if (ticks) code = code === null ? ticks : code === ticks ? null : code;
    if (!marker || code !== null) continue;
    const closes = open.lastIndexOf(marker);
    const after = text[found.index + marker.length] ?? ' ';
    const before = text[found.index - 1] ?? ' ';
    if (closes !== -1 && !/\s/.test(before)) open.length = closes;
    else if (!/\s/.test(after)) open.push(marker);
  }
  if (code !== null) return text.endsWith(code) ? text.slice(0, -code.length) : text + code;
  const bare = text.replace(/(?<=^|\s)(?:\*\*?|~~)$/, '');
  return bare + open.reverse().join('');
}

const TABLE_LINE = /^ {0,3}\|/;
const DELIMITERS = /^ {0,3}\|?(\s*:?-+:?\s*\|)+\s*(:?-+:?\s*)?$/;
const HALF_DELIMITERS = /^ {0,3}\|?[\s:|-]*$/;

/** A table’s first line reads as a paragraph until its second is there; it waits for it. */
function withoutHalfTable(text: string): string {
  const lines = text.split('\n');
  let first = lines.length;
  while (first > 0 && TABLE_LINE.test(lines[first - 1] ?? '')) first -= 1;
  const [head, delimiters, ...rows] = lines.slice(first);
  if (head === undefined || rows.length > 0 || isInFence(lines.slice(0, first))) return text;
  const half = delimiters === undefined || (HALF_DELIMITERS.test(delimiters) && !DELIMITERS.test(delimiters));
  return half ? lines.slice(0, first).join('\n') : text;
}

function isInFence(lines: readonly string[]): boolean {
  return lines.filter((line) => /^ {0,3}(```|~~~)/.test(line)).length % 2 === 1;
}
