import { inWords } from '#app/components/admin/words.ts';
import { formatCredits } from '#app/components/format.ts';

type Fields = Record<string, unknown>;
type AuditChangeProps = { before: unknown; after: unknown; requestId: string | null };

/** How many changes stand in the table itself; all of them, with the request, unfold below. */
const SHOWN = 2;

/** What an admin write changed, field by field: “Role: User → Owner”. */
export function AuditChange({ before, after, requestId }: AuditChangeProps) {
  const changes = changesOf(before, after);
  const more = changes.length - SHOWN;
  const long = changes.some(({ text }) => text.length > 120);
  return (
    <div className="space-y-1 text-[13px]">
      {changes.slice(0, SHOWN).map(({ field, text }) => (
        <p key={field} className="line-clamp-2 wrap-anywhere text-ink-soft">
          <span className="text-ink-faint">{field}:</span> {text}
        </p>
      ))}
      {(more > 0 || long || requestId !== null) && (
        <details>
          <summary className="inline-block rounded text-xs text-accent-strong underline underline-offset-2 pointer-coarse:py-3">
            {more > 0 ? `${more} more` : 'Details'}
          </summary>
          <dl className="mt-1.5 space-y-1.5 text-xs">
            {(long ? changes : changes.slice(SHOWN)).map(({ field, text }) => (
              <div key={field}>
                <dt className="text-ink-faint">{field}</dt>
                <dd className="wrap-anywhere">{text}</dd>
              </div>
            ))}
            {requestId !== null && (
              <div>
                <dt className="text-ink-faint">Request id</dt>
                <dd className="font-mono break-all">{requestId}</dd>
              </div>
            )}
          </dl>
        </details>
      )}
    </div>
  );
}

function changesOf(before: unknown, after: unknown): { field: string; text: string }[] {
  const [was, is] = [fieldsOf(before), fieldsOf(after)];
  // A new thing is told by what it has, not by what it lacks.
  const told = (key: string) => key in was || (is[key] !== null && is[key] !== '');
  const keys = [...new Set([...Object.keys(is), ...Object.keys(was)])].filter(told);
  return keys.map((key) => {
    const field = inWords(key.replace(/MicroCredits$/, '').replace('microCredits', 'credits'));
    const now = key in is ? valueOf(key, is[key]) : null;
    const then = key in was ? valueOf(key, was[key]) : null;
    if (then === null || then === now) return { field, text: now ?? '' };
    return { field, text: now === null ? `${then}, gone` : `${then} → ${now}` };
  });
}

function fieldsOf(value: unknown): Fields {
  if (value === null || value === undefined) return {};
  return typeof value === 'object' && !Array.isArray(value) ? (value as Fields) : { value };
}

function valueOf(key: string, value: unknown): string {
  if (value === null || value === '') return 'none';
  if (typeof value === 'boolean') return value ? 'yes' : 'no';
  if (typeof value === 'string' && /microCredits$/i.test(key) && /^-?\d+$/.test(value))
    return `${formatCredits(value)} credits`;
  if (Array.isArray(value) && value.every((each) => typeof each !== 'object')) return value.join(', ');
  return typeof value === 'string' || typeof value === 'number' ? String(value) : JSON.stringify(value);
}
