import { lazy, Suspense, useSyncExternalStore } from 'react';
import { Table, Td, Th } from '#app/components/billing/table.tsx';
import { Card } from '#app/components/ui/card.tsx';

export type Series = { key: string; name: string; shape: 'bar' | 'stack' | 'line' };
/** A place on the chart: its label and a number for each series. */
export type Point = { label: string } & Record<string, string | number>;

type ChartedProps = {
  title: string;
  first: string;
  points: Point[];
  series: Series[];
  format: (value: number) => string;
};

const Chart = lazy(async () => ({ default: (await import('#app/components/admin/chart.tsx')).Chart }));
const DOTS = ['bg-accent', 'bg-[var(--agent-1)]', 'bg-[var(--agent-2)]'];

/** A chart with a legend, and the same as a table behind it. Drawn in the browser only; the table is there at once. */
export function Charted({ title, first, points, series, format }: ChartedProps) {
  // A scale without anything on it would say amounts that nobody had.
  const nothing = points.every((point) => series.every(({ key }) => Number(point[key]) === 0));
  const browser = useSyncExternalStore(never, isBrowser, isServer);
  return (
    <Card className="p-4">
      <ul aria-label="Legend" className="mb-2 flex flex-wrap gap-x-4 gap-y-1 text-xs text-ink-soft">
        {series.map(({ key, name }, place) => (
          <li key={key} className="flex items-center gap-1.5">
            <span aria-hidden className={`size-2.5 rounded-full ${DOTS[place] ?? ''}`} />
            {name}
          </li>
        ))}
      </ul>
      {nothing ? (
        <p className="py-10 text-center text-sm text-ink-soft">There is nothing to draw in this period.</p>
      ) : (
        <div className="h-60">
          {browser && (
            <Suspense fallback={<p className="pt-24 text-center text-sm text-ink-faint">Drawing…</p>}>
              <Chart points={points} series={series} label={title} format={format} />
            </Suspense>
          )}
        </div>
      )}
      <details className="mt-3">
        <summary className="inline-block rounded text-[13px] text-accent-strong underline underline-offset-2 pointer-coarse:py-3">
          Show as a table
        </summary>
        <div className="mt-3 max-h-80 overflow-y-auto">
          <Table
            caption={title}
            head={
              <>
                <Th>{first}</Th>
                {series.map(({ key, name }) => (
                  <Th key={key} numeric>
                    {name}
                  </Th>
                ))}
              </>
            }
          >
            {points.map((point) => (
              <tr key={point.label}>
                <Td>{point.label}</Td>
                {series.map(({ key }) => (
                  <Td key={key} numeric>
                    {format(Number(point[key]))}
                  </Td>
                ))}
              </tr>
            ))}
          </Table>
        </div>
      </details>
    </Card>
  );
}

const never = () => () => undefined;
const isBrowser = () => true;
const isServer = () => false;
