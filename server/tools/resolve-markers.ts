import type { TextFilter } from '#graphs/ports.ts';

const NUMBERS = String.raw`\^?\s?(\d{1,3}(?:\s?[,;]\s?\d{1,3}){0,9})\s?`;
/** `[1]`, `[1, 2]`, `[^1]`, `【3】`, `【4†source】`; and every beginning of them. */
const MARKER = new RegExp(String.raw`^(?:\[${NUMBERS}\]|【${NUMBERS}(?:†[^】\n]{0,60})?】)`, 'u');
const MAY_BECOME = /^(?:\[\^?[\d\s,;]{0,60}|【\^?[\d\s,;]{0,60}(?:†[^】\n]{0,60})?)$/u;

/**
 * Lets pass only markers that lead to a source. Those of several numbers come out one by one; one that leads nowhere is
 * taken out. Code is left as it is. A marker that the model made into a link, or into the definition of one, loses the
 * link: a number is where the reader expects our own card. The outcome doesn't depend on how the text is cut.
 */
export function resolveMarkers(isKnown: (number: number) => boolean): TextFilter {
  const code = trackCode();
  let waiting = '';
  let gap = '';
  let afterMarker = false;

  function drain(ended: boolean): string {
    let passed = '';
    const pass = (text: string, marker = false) => {
      const link = afterMarker && !marker && gap === '' && /^[(:[]/.test(text);
      passed += (link ? ' ' : gap) + text;
      gap = '';
      afterMarker = marker;
    };
    while (waiting !== '') {
      const marks = /^`+/.exec(waiting)?.[0];
      if (marks !== undefined) {
        // Whether more of them follow decides what they are.
        if (!ended && marks === waiting) break;
        code.meet(marks);
        pass(marks);
        waiting = waiting.slice(marks.length);
        continue;
      }
      if (waiting.startsWith('\n')) {
        code.endLine();
        pass('\n');
        waiting = waiting.slice(1);
        continue;
      }
      if (code.isOpen() || !/^[[【]/u.test(waiting)) {
        const [plain = ''] = /^.[^`\n[【]*/u.exec(waiting) ?? [waiting.slice(0, 1)];
        const spaces = /[ \t]*$/.exec(plain)?.[0] ?? '';
        const text = plain.slice(0, plain.length - spaces.length);
        if (text !== '') pass(text);
        gap += spaces;
        waiting = waiting.slice(plain.length);
        continue;
      }
      const marker = MARKER.exec(waiting);
      if (!marker) {
        if (!ended && MAY_BECOME.test(waiting)) break;
        pass(waiting.slice(0, 1));
        waiting = waiting.slice(1);
        continue;
      }
      const rest = waiting.slice(marker[0].length);
      const known = (marker[1] ?? marker[2] ?? '').split(/[,;]/).map(Number).filter(isKnown);
      if (known.length > 0) pass(known.map((number) => `[${number}]`).join(''), true);
      else {
        // What follows decides whether the space before it goes as well.
        if (rest === '' && !ended) break;
        if (/^(?:$|[\s.,;:!?)])/.test(rest)) gap = '';
      }
      waiting = rest;
    }
    return passed;
  }

  return {
    push(text) {
      waiting += text;
      return drain(false);
    },
    end() {
      const rest = drain(true);
      const trailing = gap;
      gap = '';
      return rest + trailing;
    },
  };
}

/** Whether the text stands in a code span, which ends with its line at the latest, or in a code block. */
function trackCode() {
  let open = '';
  return {
    isOpen: () => open !== '',
    meet(marks: string): void {
      if (open === '') open = marks;
      else if (open.length >= 3 ? marks.length >= open.length : marks === open) open = '';
    },
    endLine(): void {
      if (open.length < 3) open = '';
    },
  };
}
