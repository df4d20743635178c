import type { ReactNode } from 'react';
import { formatChange } from '#app/components/admin/amounts.ts';
import { Card } from '#app/components/ui/card.tsx';

type StatProps = { name: string; value: ReactNode; note?: ReactNode; now?: number; before?: number };

/** A figure, and how it was in the period before. */
export function Stat({ name, value, note, now, before }: StatProps) {
  const change = now !== undefined && before !== undefined ? formatChange(now, before) : null;
  return (
    <Card className="min-w-0 p-4">
      <dt className="text-xs text-ink-faint">{name}</dt>
      <dd className="mt-1 text-xl font-semibold tracking-tight wrap-anywhere tabular-nums sm:text-2xl">{value}</dd>
      <dd className="mt-0.5 min-h-4 text-xs text-pretty text-ink-soft">
        {change && <span className="tabular-nums">{change} </span>}
        {change && <span className="text-ink-faint">on the period before</span>}
        {before === 0 && now !== 0 && <span className="text-ink-faint">none in the period before</span>}
        {note && <span className="text-ink-faint">{note}</span>}
      </dd>
    </Card>
  );
}

export function Stats({ children }: { children: ReactNode }) {
  return <dl className="grid grid-cols-2 gap-3 lg:grid-cols-4">{children}</dl>;
}
