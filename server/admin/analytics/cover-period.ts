/**
 * Which rollups a period is read from. A day, a month or a year that is whole is read as such; one that is begun is read as the
 * days of it that the period has, or as the whole less those that it hasn't, whichever is less to read. So a year up to any
 * day is some begun month and a few rows of each person and model, not a row for each of their days.
 */
import type { Period } from '#server/admin/contract.ts';

const DAY_MS = 86_400_000;

export type Unit = 'day' | 'month' | 'year';
/** Rollups by `unit` whose first day is from `from` up to, without, `before`: to be added, or to be taken away again. */
export type Part = { unit: Unit; from: string; before: string; sign: 1 | -1 };

/** How much there is to read in one rollup of a month or a year, in days: most people are not there on every day. */
const WEIGHT = { day: 1, month: 3, year: 4 };

/**
 * The parts that make up the period: each of its days is in them once, and every other day is not or is taken away again.
 * Days after `today` hold nothing yet and cost nothing to take away.
 */
export function coverPeriod(
  { from, to }: Period,
  { units, today = new Date().toISOString().slice(0, 10) }: { units: readonly Unit[]; today?: string },
): Part[] {
  const [start, end] = [dayOf(from), dayOf(to) + 1];
  // A way from the period's first day to the day after its last: each step adds a stretch, or goes back and takes it away.
  const ways: Step[][] = [[{ unit: 'day', from: start, to: end }]];
  for (const [m1, m2] of pairs(start, end, 'month')) {
    const first: Step = { unit: 'day', from: start, to: m1 };
    const last: Step = { unit: 'day', from: m2, to: end };
    ways.push([first, { unit: 'month', from: m1, to: m2 }, last]);
    if (!units.includes('year')) continue;
    for (const [y1, y2] of pairs(m1, m2, 'year')) {
      const years: Step = { unit: 'year', from: y1, to: y2 };
      ways.push([first, { unit: 'month', from: m1, to: y1 }, years, { unit: 'month', from: y2, to: m2 }, last]);
    }
  }
  const cost = (way: Step[]) => way.reduce((sum, step) => sum + costOf(step, dayOf(today)), 0);
  const best = ways.reduce((least, way) => (cost(way) < cost(least) ? way : least));
  return best.filter((step) => step.from !== step.to).map(partOf);
}

/** In days since 1970. Backwards when `to` is the earlier. */
type Step = { unit: Unit; from: number; to: number };

/** Each beginning of a month or year next to the one day, with each next to the other. */
function pairs(one: number, other: number, unit: 'month' | 'year'): [number, number][] {
  return beside(one, unit).flatMap((a) => beside(other, unit).map((b): [number, number] => [a, b]));
}

function beside(day: number, unit: 'month' | 'year'): number[] {
  const date = new Date(day * DAY_MS);
  const [year, month] = [date.getUTCFullYear(), unit === 'year' ? 0 : date.getUTCMonth()];
  const floor = Date.UTC(year, month, 1) / DAY_MS;
  if (floor === day) return [floor];
  return [floor, (unit === 'year' ? Date.UTC(year + 1, 0, 1) : Date.UTC(year, month + 1, 1)) / DAY_MS];
}

function costOf({ unit, from, to }: Step, today: number): number {
  const first = Math.min(from, to);
  const days = Math.max(0, Math.min(Math.max(from, to), today + 1) - first);
  if (unit === 'day') return days;
  return WEIGHT[unit] * Math.ceil(days / (unit === 'month' ? 31 : 366));
}

function partOf({ unit, from, to }: Step): Part {
  return {
    unit,
    from: isoOf(Math.min(from, to)),
    before: isoOf(Math.max(from, to)),
    sign: from < to ? 1 : -1,
  };
}

function dayOf(iso: string): number {
  return Date.parse(iso) / DAY_MS;
}

function isoOf(day: number): string {
  return new Date(day * DAY_MS).toISOString().slice(0, 10);
}
