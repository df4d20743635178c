import { changesOf } from '#app/components/admin/audit-changes.ts';
import { useModelName } from '#app/components/admin/model-name.tsx';

type AuditChangeProps = { before: unknown; after: unknown; requestId: string | null };

/** How many changes stand in the table itself; all of them, with the request, unfold below. */
const SHOWN = 2;
/** Longer texts are cut in the table, and whole below. */
const LONG = 120;

/** What an admin write changed, field by field: “Role: user → owner”. */
export function AuditChange({ before, after, requestId }: AuditChangeProps) {
  const changes = changesOf(before, after, useModelName());
  const more = changes.length - SHOWN;
  const long = changes.some(({ text }) => text.length > LONG);
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
