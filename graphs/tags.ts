import { escapePattern } from './escape-pattern.ts';

/** What a message's tags come to: whom they call, what they call in vain, and who may have been meant. */
export type Tags = {
  /** Roster names in the order of their first mention; `@all` and `@others` expand in roster order. */
  agents: string[];
  /** Tags that name nobody, as they were typed, without the `@`. */
  unknown: string[];
  /** Who could have been meant by the unknown tags; the whole roster when no tag called anybody and none is near. */
  candidates: string[];
};

const ALL = 'all';
const OTHERS = 'others';
/** A message of nothing but `@` must not make a list as long as itself. */
const MAX_UNKNOWN = 20;

const WORD = String.raw`[\p{L}\p{N}\p{M}_]`;
/** Scripts that write no space between words: `@小明请看` tags 小明. */
const UNSPACED =
  String.raw`[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}\p{Script=Thai}` +
  String.raw`\p{Script=Lao}\p{Script=Khmer}\p{Script=Myanmar}]`;
/** `@Ana,` and `@Ana's` tag Ana; `@Anabel`, `@ana.example`, `@ana/kit` and `@ana@host` don't. */
const NAME_END = `(?=${UNSPACED}|['’][sS]?(?!${WORD})|(?!${WORD}|@|[-./+'’]${WORD}))`;

/**
 * Finds the tags of a message in manual mode. A tag starts the message or follows white space or an opening bracket,
 * so that an e-mail address is none; code spans and fenced blocks hold none. Names match whatever their case, the
 * longest roster name wins, and `@"two words"` (straight or curly quotes) works for any name. `@others` without a name
 * is everybody.
 */
export function parseTags(message: string, roster: readonly { name: string }[]): Tags {
  const names = roster.map((agent) => agent.name);
  const spoken = [...new Set([...names, ALL, OTHERS])].sort((a, b) => b.length - a.length).map(namePattern);
  const tag = new RegExp(
    String.raw`(?<=^|[\s\p{Ps}<])@(?:["“”„«](?<quoted>[^"“”»\n]+)["“”»]|(?<name>${spoken.join('|')})${NAME_END}` +
      String.raw`|["“”„«]?(?<other>${WORD}+(?:[-./+@'’]${WORD}+)*))`,
    'giu',
  );

  const found: string[] = [];
  const unknown: string[] = [];
  for (const { groups } of withoutCode(clean(message)).matchAll(tag)) {
    const text = tidy(groups?.['name'] ?? groups?.['quoted'] ?? groups?.['other'] ?? '');
    if (text === '') continue;
    const called = groups?.['other'] === undefined ? find(text, [ALL, OTHERS, ...names]) : undefined;
    if (called !== undefined) found.push(called);
    else if (unknown.length < MAX_UNKNOWN && find(text, unknown) === undefined) unknown.push(text);
  }

  const agents = expand(found, names);
  const near = names.filter((name) => unknown.some((text) => isNear(text, name)));
  return { agents, unknown, candidates: near.length > 0 || agents.length > 0 ? near : names };
}

function expand(found: string[], names: string[]): string[] {
  const byName = new Set(found.filter((name) => names.includes(name)));
  return [
    ...new Set(
      found.flatMap((name) => {
        if (names.includes(name)) return [name];
        return name === ALL ? names : names.filter((other) => !byName.has(other));
      }),
    ),
  ];
}

/** Invisible characters come along with pasted text; no name has any. */
function clean(text: string): string {
  return text.normalize('NFC').replace(/[\p{Cf}\uFE0F]/gu, '');
}

/** Backticks stand in for code: neither white space nor a bracket nor part of a word. */
function withoutCode(text: string): string {
  const blank = (code: string) => '`'.repeat(code.length);
  return text
    .replace(/^ {0,3}(`{3,}|~{3,})[^\n]*(?:\n(?! {0,3}\1[`~]*[^\S\n]*(?:\n|$))[^\n]*)*(?:\n {0,3}\1[`~]*)?/gmu, blank)
    .replace(/(?<!`)(`+)(?!`)(?:(?!\n\n)[^])*?(?<!`)\1(?!`)/gu, blank);
}

function namePattern(name: string): string {
  return escapePattern(clean(name)).replace(/\s+/gu, String.raw`[^\S\n]+`);
}

function tidy(text: string): string {
  return text.replace(/\s+/gu, ' ').trim();
}

/** Upper-casing first makes ſ and s, ß and ẞ the same. */
function fold(text: string): string {
  return clean(text).toUpperCase().toLowerCase();
}

function find(text: string, names: string[]): string | undefined {
  return names.find((name) => clean(name) === text) ?? names.find((name) => fold(name) === fold(text));
}

/** A slip of the finger, the beginning of a name, or one word of it. */
function isNear(text: string, name: string): boolean {
  const [typed, whole] = [fold(text), fold(name)];
  const parts = [whole, ...whole.split(' ')];
  return parts.some(
    (part) =>
      (typed.length >= 2 && part.startsWith(typed)) ||
      (part.length >= 3 && typed.startsWith(part)) ||
      editDistance(typed, part) <= Math.floor(Math.max(part.length, 3) / 3),
  );
}

/** Levenshtein's, with a swap of neighbours as one edit. */
function editDistance(a: string, b: string): number {
  if (Math.abs(a.length - b.length) > 20) return Infinity;
  const rows: number[][] = [Array.from({ length: b.length + 1 }, (_, j) => j)];
  const at = (i: number, j: number) => rows[i]?.[j] ?? Infinity;
  for (let i = 1; i <= a.length; i += 1) {
    rows[i] = [i];
    for (let j = 1; j <= b.length; j += 1) {
      const swapped =
        i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1] ? at(i - 2, j - 2) + 1 : Infinity;
      const changed = at(i - 1, j - 1) + (a[i - 1] === b[j - 1] ? 0 : 1);
      (rows[i] as number[])[j] = Math.min(at(i - 1, j) + 1, at(i, j - 1) + 1, changed, swapped);
    }
  }
  return at(a.length, b.length);
}
