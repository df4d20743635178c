import { Form, Link, useSearchParams } from '@remix-run/react';
import { Button } from '#app/components/ui/button.tsx';
import { cn } from '#app/components/ui/cn.ts';
import { Field } from '#app/components/ui/field.tsx';
import { Input } from '#app/components/ui/input.tsx';

const DAY_MS = 86_400_000;
const LENGTHS = [7, 30, 90, 365];

/** Which days a page shows: usual lengths up to today, or any from and to. What else the address says stays. */
export function PeriodForm({ from, to, today }: { from: string; to: string; today: string }) {
  const [params] = useSearchParams();
  const others = [...params].filter(([name]) => name !== 'from' && name !== 'to');
  const days = (Date.parse(to) - Date.parse(from)) / DAY_MS + 1;
  return (
    <div className="flex flex-wrap items-end gap-x-6 gap-y-3">
      <nav aria-label="Period" className="inline-flex rounded-lg border border-line bg-sunken p-0.5">
        {LENGTHS.map((length) => {
          const start = new Date(Date.parse(today) - (length - 1) * DAY_MS).toISOString().slice(0, 10);
          const current = to === today && days === length;
          return (
            <Link
              key={length}
              to={`?${new URLSearchParams([...others, ['from', start], ['to', today]]).toString()}`}
              preventScrollReset
              aria-current={current ? 'page' : undefined}
              className={cn(
                'inline-flex h-9 items-center rounded-md px-3 text-sm text-ink-soft hover:text-ink pointer-coarse:min-h-11',
                current && 'bg-raised font-medium text-ink shadow-xs dark:bg-line-strong',
              )}
            >
              {length} days
            </Link>
          );
        })}
      </nav>
      <Form method="get" className="flex items-end gap-2 max-sm:w-full" key={`${from} ${to}`}>
        {others.map(([name, value]) => (
          <input key={name} type="hidden" name={name} value={value} />
        ))}
        <Field label="From" className="min-w-0 max-sm:flex-1 sm:w-38">
          {(control) => <Input {...control} type="date" name="from" defaultValue={from} max={today} required />}
        </Field>
        <Field label="To" className="min-w-0 max-sm:flex-1 sm:w-38">
          {(control) => <Input {...control} type="date" name="to" defaultValue={to} max={today} required />}
        </Field>
        <Button type="submit" className="h-10">
          Show
        </Button>
      </Form>
    </div>
  );
}
