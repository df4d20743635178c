import { inCredits } from '#app/components/admin/amounts.ts';
import { FIELDS } from '#app/components/admin/pricing-differences.ts';
import { inWords } from '#app/components/admin/words.ts';
import { formatTime } from '#app/components/billing/dates.ts';

export type Change = { field: string; text: string };

type NameOf = (alias: string) => string;
type Fields = Record<string, unknown>;

const NAMES: Record<string, string> = {
  ...FIELDS,
  searchMicroCreditsPerCall: 'Web search, a call',
  fileReadMicroCreditsPerPage: 'Files, a page',
};

/**
 * What an entry of the audit log changed, as lines that a person reads: what was there before as “before → after”, and only
 * where it differs; what is new by what it has. What belongs together, like a model's prices, is one line.
 */
export function changesOf(before: unknown, after: unknown, nameOf: NameOf): Change[] {
  return compare(fieldsOf(before), fieldsOf(after), nameOf);
}

function compare(was: Fields, is: Fields, nameOf: NameOf): Change[] {
  return [...new Set([...Object.keys(is), ...Object.keys(was)])].flatMap((key): Change[] => {
    const [then, now] = [was[key], is[key]];
    if (isRecord(then) || isRecord(now)) return compare(fieldsOf(then), fieldsOf(now), nameOf);
    if (isList(then) || isList(now)) return compareLists(listOf(then), listOf(now), nameOf);
    const text = told(key, { was, is }, nameOf);
    return text === null ? [] : [{ field: wordsOf(key), text }];
  });
}

/** Each of them is one line: “Llama 3.3 70B: Input 0.1 → 0.12; Multiplier 0.5 → 0.6”. */
function compareLists(was: Map<string, Fields>, is: Map<string, Fields>, nameOf: NameOf): Change[] {
  return [...new Set([...is.keys(), ...was.keys()])].flatMap((id): Change[] => {
    if (was.has(id) && !is.has(id)) return [{ field: nameOf(id), text: 'gone' }];
    const changes = compare(was.get(id) ?? {}, is.get(id) ?? {}, nameOf).filter(({ field }) => field !== 'Alias');
    const text = changes.map((change) => `${change.field} ${change.text}`).join('; ');
    return text === '' ? [] : [{ field: nameOf(id), text }];
  });
}

function told(key: string, { was, is }: { was: Fields; is: Fields }, nameOf: NameOf): string | null {
  const now = key in is ? valueOf(key, is[key], nameOf) : null;
  const then = key in was ? valueOf(key, was[key], nameOf) : null;
  // A new thing is told by what it has, not by what it lacks.
  if (then === null) return is[key] === null || is[key] === '' ? null : now;
  if (then === now) return null;
  return now === null ? `${then}, gone` : `${then} → ${now}`;
}

function valueOf(key: string, value: unknown, nameOf: NameOf): string {
  if (value === null || value === undefined || value === '') return 'none';
  if (typeof value === 'boolean') return value ? 'yes' : 'no';
  if (Array.isArray(value))
    return value.length === 0 ? 'none' : value.map((each) => valueOf(key, each, nameOf)).join(', ');
  const text = typeof value === 'string' || typeof value === 'number' ? String(value) : JSON.stringify(value);
  if (/microCredits/i.test(key) && /^-?\d+$/.test(text)) return inCredits(text).replace('-', '−');
  if (/alias(es)?$/i.test(key)) return nameOf(text);
  return /^\d{4}-\d\d-\d\dT[\d:.]+Z$/.test(text) ? formatTime(text) : text;
}

function wordsOf(key: string): string {
  return NAMES[key] ?? inWords(key.replace(/MicroCredits$/, '').replace('microCredits', 'credits'));
}

function isRecord(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isList(value: unknown): value is Fields[] {
  return Array.isArray(value) && value.length > 0 && value.every(isRecord);
}

/** What a list holds, by what tells its parts apart. */
function listOf(value: unknown): Map<string, Fields> {
  return new Map(
    (isList(value) ? value : []).map((each, place) => {
      const id = each['alias'] ?? each['id'];
      return [typeof id === 'string' ? id : String(place + 1), each];
    }),
  );
}

function fieldsOf(value: unknown): Fields {
  if (value === null || value === undefined) return {};
  return isRecord(value) ? value : { value };
}
