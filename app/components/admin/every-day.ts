import type { Point } from '#app/components/admin/charted.tsx';

const DAY_MS = 86_400_000;

/** A point for each day of the period, also for those on which nothing was: a chart of days leaves none out. */
export function everyDay<Row extends { day?: string | undefined }>(
  { from, to }: { from: string; to: string },
  rows: readonly Row[],
  valuesOf: (row: Row | undefined) => Record<string, number>,
): Point[] {
  const byDay = new Map(rows.map((row) => [row.day, row]));
  const days = Math.round((Date.parse(to) - Date.parse(from)) / DAY_MS) + 1;
  return Array.from({ length: days }, (_, place) => {
    const label = new Date(Date.parse(from) + place * DAY_MS).toISOString().slice(0, 10);
    return { ...valuesOf(byDay.get(label)), label };
  });
}
