/** The mention that is being written at the caret: from its `@` (at `start`) to the caret. */
export type OpenMention = { start: number; query: string };

const LONGEST_NAME = 60;
/** A tag starts the message or follows white space or an opening bracket; an e-mail address is none (FR-MODE-001). */
const BEFORE_TAG = /[\s([{<]/u;

/** What is being mentioned where the caret stands, or null. Spaces are allowed: names may have two words. */
export function openMentionAt(text: string, caret: number): OpenMention | null {
  const line = text.slice(Math.max(text.lastIndexOf('\n', caret - 1) + 1, caret - LONGEST_NAME - 2), caret);
  const at = line.lastIndexOf('@');
  if (at === -1) return null;
  const start = caret - line.length + at;
  const before = text[start - 1];
  if (before !== undefined && !BEFORE_TAG.test(before)) return null;
  const query = line.slice(at + 1);
  if (/^\s|\s\s|^["“„][^"”]*["”]/u.test(query)) return null;
  return { start, query: query.replace(/^["“„]/u, '') };
}

export type Mentionable = { name: string; kind: 'agent' | 'everyone' };

/** Those that begin with what was typed first, then those with a later word that does; all for a bare `@`. */
export function matchMentions<T extends Mentionable>(items: readonly T[], query: string): T[] {
  const wanted = fold(query);
  if (wanted === '') return [...items];
  const begins = items.filter(({ name }) => fold(name).startsWith(wanted));
  const inside = items.filter(
    (item) =>
      !begins.includes(item) &&
      fold(item.name)
        .split(/[\s-]+/u)
        .some((word) => word.startsWith(wanted)),
  );
  return [...begins, ...inside];
}

/** The message with the open mention completed, and where the caret goes. Names of two words are quoted. */
export function completeMention(
  text: string,
  caret: number,
  mention: OpenMention,
  name: string,
): { text: string; caret: number } {
  const tag = `@${/^[\p{L}\p{N}_-]+$/u.test(name) ? name : `"${name}"`}`;
  const rest = text.slice(caret).replace(/^["”]/u, '');
  const gap = /^\s/u.test(rest) ? '' : ' ';
  const head = `${text.slice(0, mention.start)}${tag}${gap}`;
  return { text: head + rest, caret: head.length + (gap === '' ? 1 : 0) };
}

function fold(text: string): string {
  return text.normalize('NFD').replace(/\p{M}/gu, '').toLowerCase();
}
