import { LIMITS, SECTION_CHARACTERS } from './limits.ts';
import type { Parsed, ParsedPage } from './parsed.ts';

/** Text as PostgreSQL keeps it and a model reads it. */
export function tidy(text: string): string {
  return text
    .replaceAll('\0', '')
    .replace(/\r\n?|[\f\v]/g, '\n')
    .replace(/[^\S\n]+\n/g, '\n')
    .replace(/\n{4,}/g, '\n\n\n')
    .toWellFormed()
    .trim();
}

/** Cuts running text into sections of about a page, between paragraphs where there are any. */
export function sectionsOf(text: string, title = ''): Omit<ParsedPage, 'number'>[] {
  const sections: Omit<ParsedPage, 'number'>[] = [];
  let current = '';
  const close = () => {
    if (current.trim() !== '') sections.push({ title, text: current.trim() });
    current = '';
  };
  for (const paragraph of text.split(/(?<=\n)\n+/).flatMap(pieces)) {
    if (current.length + paragraph.length > SECTION_CHARACTERS) close();
    current += `${paragraph}\n`;
  }
  close();
  return sections;
}

/** A paragraph longer than a page is cut at a line, a space, or wherever it must be. */
function pieces(paragraph: string): string[] {
  const cut: string[] = [];
  let rest = paragraph;
  while (rest.length > SECTION_CHARACTERS) {
    const head = rest.slice(0, SECTION_CHARACTERS);
    const at = Math.max(head.lastIndexOf('\n'), head.lastIndexOf(' '));
    const length = at > SECTION_CHARACTERS / 2 ? at : SECTION_CHARACTERS;
    cut.push(rest.slice(0, length));
    rest = rest.slice(length);
  }
  cut.push(rest);
  return cut;
}

/** Numbers pages and keeps as many as fit. */
export function keepWithin(
  pages: Omit<ParsedPage, 'number'>[],
  details: Parsed['details'],
  pageCount = pages.length,
): Parsed {
  const kept: ParsedPage[] = [];
  let bytes = 0;
  let cutOff = details.cutOff ?? false;
  for (const [place, page] of pages.entries()) {
    const text = page.text.slice(0, LIMITS.pageCharacters).toWellFormed();
    bytes += Buffer.byteLength(text) + Buffer.byteLength(page.title);
    if (bytes > LIMITS.textBytes) {
      cutOff = true;
      break;
    }
    if (text.length < page.text.length) cutOff = true;
    kept.push({ number: place + 1, title: page.title.slice(0, 300).toWellFormed(), text });
  }
  return { pages: kept, pageCount, details: { ...details, ...(cutOff ? { cutOff } : {}) } };
}
