import type { ComponentPropsWithoutRef, ReactNode } from 'react';
import { cn } from '#app/components/ui/cn.ts';

/** A table that scrolls sideways by itself on narrow screens. `caption` is read out. */
export function Table({ caption, head, children }: { caption: string; head: ReactNode; children: ReactNode }) {
  return (
    <div
      tabIndex={0}
      role="group"
      aria-label={caption}
      className="relative overflow-x-auto rounded-2xl border border-line bg-raised shadow-xs"
    >
      <table className="w-full text-left text-sm">
        <caption className="sr-only">{caption}</caption>
        <thead className="border-b border-line text-xs text-ink-faint">
          <tr>{head}</tr>
        </thead>
        <tbody className="divide-y divide-line">{children}</tbody>
      </table>
    </div>
  );
}

export function Th({ className, numeric = false, ...rest }: ComponentPropsWithoutRef<'th'> & { numeric?: boolean }) {
  return (
    <th
      scope="col"
      className={cn('px-4 py-2.5 font-medium whitespace-nowrap max-sm:px-3', numeric && 'text-right', className)}
      {...rest}
    />
  );
}

export function Td({ className, numeric = false, ...rest }: ComponentPropsWithoutRef<'td'> & { numeric?: boolean }) {
  return (
    <td
      className={cn(
        'px-4 py-2.5 align-top max-sm:px-3',
        numeric ? 'text-right whitespace-nowrap tabular-nums' : 'max-sm:min-w-32',
        className,
      )}
      {...rest}
    />
  );
}
