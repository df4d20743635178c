import { LRUCache } from 'lru-cache';
import { escapePattern } from './escape-pattern.ts';
import type { TextFilter } from './ports.ts';

/**
 * Keeps a reply its agent's own while it streams: leading white space and a label with the agent's own name go, trailing
 * white space goes, and from the first line that begins as another agent's label ("Critic:", "**Critic:**", "[Critic]:",
 * "### Critic:") everything goes. List items, quotations and code blocks may name others. The outcome doesn't depend on
 * how the text is cut into pieces; only white space and what may become a label is held back.
 */
export function trimImpersonation({ self, others }: { self: string; others: string[] }): TextFilter {
  const own = labelOf([self], 'iu');
  const foreign = labelOf(
    others.flatMap((name) => [name, name.toUpperCase()]),
    'u',
  );
  const fence = trackFences();
  let waiting = '';
  let gap = '';
  let line = '';
  let place: 'start' | 'line-start' | 'line' | 'dropped' = 'start';

  function drain(ended: boolean): string {
    let passed = '';
    while (place !== 'dropped') {
      if (place === 'start') {
        waiting = waiting.trimStart();
        if (!ended && own.mayBecome(waiting)) break;
        const label = own.match(waiting);
        if (label === '') place = 'line-start';
        else waiting = waiting.slice(label.length);
        continue;
      }
      if (place === 'line-start') {
        if (!fence.isOpen()) {
          if (!ended && foreign.mayBecome(waiting)) break;
          if (foreign.match(waiting) !== '') {
            place = 'dropped';
            break;
          }
        }
        place = 'line';
      }
      const newline = waiting.indexOf('\n');
      const piece = newline < 0 ? waiting : waiting.slice(0, newline);
      const text = piece.trimEnd();
      if (text !== '') {
        passed += gap + text;
        gap = '';
      }
      gap += piece.slice(text.length);
      line += piece;
      if (newline < 0) {
        waiting = '';
        break;
      }
      waiting = waiting.slice(newline + 1);
      gap += '\n';
      fence.endLine(line);
      line = '';
      place = 'line-start';
    }
    return passed;
  }

  return {
    push(text) {
      if (place === 'dropped') return '';
      waiting += text;
      return drain(false);
    },
    end: () => drain(true),
  };
}

/**
 * A room's agents speak again and again, and a pattern takes longer to make than a reply to go through it. In characters of
 * names, since a pattern is some twenty times as long as those that it is made of.
 */
const labels = new LRUCache<string, Label, Parameters<typeof makeLabel>>({
  maxSize: 100_000,
  sizeCalculation: (_label, key) => key.length,
  memoMethod: (_key, _stale, { context }) => makeLabel(...context),
});

function labelOf(names: string[], flags: string): Label {
  return labels.memo(JSON.stringify([flags, ...names]), { context: [names, flags] });
}

type Label = { match: (text: string) => string; mayBecome: (text: string) => boolean };

/**
 * Recognises a label at the start of a text. A mark of emphasis that was opened before the name is closed before or
 * after the colon; the rest of the line is none of the label.
 */
function makeLabel(names: string[], flags: string): Label {
  if (names.length === 0) return { match: () => '', mayBecome: () => false };
  const escaped = names.map((name) => escapePattern(name)).join('|');
  const colon = String.raw`(?:：|:(?=[\s*_]|$))`;
  const whole = new RegExp(
    String.raw`^[ \t]{0,3}#{0,6}[ \t]{0,3}([*_]{0,3})\[?(?:${escaped})\]?(?:\1[ \t]{0,2}${colon}|[ \t]{0,2}${colon}\1)`,
    flags,
  );
  const head = [String.raw`[ \t]{0,3}`, '#{0,6}', String.raw`[ \t]{0,3}`, '[*_]{0,3}', String.raw`\[?`];
  const tail = [String.raw`\]?`, '[*_]{0,3}', String.raw`[ \t]{0,2}`, '[:：]', '[*_]{0,3}'];
  const spelled = names.map((name) => beginningOf([...Array.from(name, (letter) => escapePattern(letter)), ...tail]));
  const partial = new RegExp(`^${beginningOf(head, `(?:${spelled.join('|')})`)}$`, flags);
  return {
    match: (text: string): string => whole.exec(text)?.[0] ?? '',
    mayBecome: (text: string): boolean => partial.test(text),
  };
}

/** A pattern for every beginning of what the parts match one after the other. */
function beginningOf(parts: string[], rest = ''): string {
  return parts.reduceRight((after, part) => `(?:$|${part}${after})`, rest);
}

/** Follows code fences line by line as CommonMark reads them. */
function trackFences() {
  let open = '';
  return {
    isOpen: (): boolean => open !== '',
    endLine(line: string): void {
      const [, marks = '', info = ''] = /^ {0,3}(`{3,}|~{3,})(.*)$/u.exec(line) ?? [];
      if (open === '') open = marks;
      else if (marks.startsWith(open) && info.trim() === '') open = '';
    },
  };
}
