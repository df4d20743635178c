import { useId, type ReactNode } from 'react';

type SectionProps = { title: string; note?: ReactNode; aside?: ReactNode; children: ReactNode };

/** A titled part of an admin page. */
export function Section({ title, note, aside, children }: SectionProps) {
  const id = useId();
  return (
    <section aria-labelledby={id}>
      <div className="mb-3 flex flex-wrap items-end justify-between gap-x-4 gap-y-2">
        <div className="min-w-0">
          <h2 id={id} className="text-base font-semibold tracking-tight">
            {title}
          </h2>
          {note && <p className="mt-0.5 text-[13px] text-ink-faint">{note}</p>}
        </div>
        {aside}
      </div>
      {children}
    </section>
  );
}

export function Empty({ children }: { children: ReactNode }) {
  return (
    <p className="rounded-2xl border border-dashed border-line-strong px-4 py-8 text-center text-sm text-ink-soft">
      {children}
    </p>
  );
}
