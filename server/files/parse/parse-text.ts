import { decodeText } from './decode-text.ts';
import { parseFailure, type Parsed } from './parsed.ts';
import { keepWithin, sectionsOf, tidy } from './sections.ts';

export function parsePlainText(bytes: Buffer): Parsed {
  const { text, encoding } = decodeText(bytes);
  const tidied = tidy(text);
  if (tidied === '') throw parseFailure('empty');
  return keepWithin(sectionsOf(tidied), { encoding });
}

/** Each section under its heading; a heading inside a code block is none. */
export function parseMarkdown(bytes: Buffer): Parsed {
  const { text, encoding } = decodeText(bytes);
  const tidied = tidy(text);
  if (tidied === '') throw parseFailure('empty');
  const parts: { title: string; lines: string[] }[] = [{ title: '', lines: [] }];
  let fence = '';
  for (const line of tidied.split('\n')) {
    const marks = /^ {0,3}(`{3,}|~{3,})/.exec(line)?.[1] ?? '';
    if (marks !== '') fence = fence === '' ? marks : line.trim().startsWith(fence) ? '' : fence;
    const heading = fence === '' ? /^ {0,3}#{1,6}\s+(.+?)\s*#*\s*$/.exec(line)?.[1] : undefined;
    if (heading !== undefined) parts.push({ title: heading, lines: [] });
    parts.at(-1)?.lines.push(line);
  }
  return keepWithin(
    parts.flatMap(({ title, lines }) => sectionsOf(lines.join('\n'), title)),
    { encoding },
  );
}
