import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { cpus } from 'node:os';
import { dirname, join } from 'node:path';
import { say } from '../../say.ts';

/** What one kind of load showed. Times in milliseconds. */
export type Load = {
  turnsPerSecond: number;
  cpuMsPerTurn: number;
  /** Of PostgreSQL, and of the bench itself, which is the model server and everybody who asks. */
  postgresCpuMsPerTurn: number;
  benchCpuMsPerTurn: number;
  statementsPerTurn: number;
  walKbPerTurn: number;
  firstTokenMs: { p50: number; p95: number };
  acceptedMs: { p50: number; p95: number } | null;
};

/** `fast`: no model delay, 16 at once; `busy`: 200 ms and 10 ms a token, 64 at once; `alone`: no delay, one after the other. */
export type Figures = {
  name: string;
  fast: Load;
  busy: Load;
  alone: Load;
  /** What the same piece of work took before, between and after them; see yardstick.ts. */
  machineMs: number[];
};

/** By how much the machine's own pace may differ between figures that are compared. */
const STEADY = 1.25;

const COMMITTED = join(import.meta.dirname, '../../../docs/bench/turns.json');

export function printReport(figures: Figures[]): void {
  const head = [
    '',
    'turns/s',
    'CPU ms',
    '+PG +bench',
    'stmts',
    'WAL KB',
    'busy/s',
    'busy first p50/p95',
    'alone first p50/p95',
    '202 p50/p95',
    'machine',
  ];
  const rows = figures.map(({ name, fast, busy, alone, machineMs }) => [
    name,
    fast.turnsPerSecond.toFixed(1),
    fast.cpuMsPerTurn.toFixed(1),
    `${fast.postgresCpuMsPerTurn.toFixed(0)} ${fast.benchCpuMsPerTurn.toFixed(0)}`,
    alone.statementsPerTurn.toFixed(1),
    // Of enough turns for their share of the merges of the search indexes.
    fast.walKbPerTurn.toFixed(1),
    busy.turnsPerSecond.toFixed(1),
    both(busy.firstTokenMs),
    both(alone.firstTokenMs),
    alone.acceptedMs ? both(alone.acceptedMs) : '',
    machineMs.map((ms) => ms.toFixed(0)).join(' '),
  ]);
  const widths = head.map((title, column) =>
    Math.max(...[head, ...rows].map((row) => row[column]?.length ?? 0), title.length),
  );
  for (const row of [head, ...rows]) {
    say(
      row
        .map((cell, column) => (column === 0 ? cell.padEnd(widths[0] ?? 0) : cell.padStart(widths[column] ?? 0)))
        .join('  '),
    );
  }
}

/** False, and said, when the machine was so much slower for some of them that they tell of it and not of what was measured. */
export function isComparable(figures: Figures[]): boolean {
  const paces = figures.flatMap(({ machineMs }) => machineMs);
  const ratio = Math.max(...paces) / Math.min(...paces);
  if (ratio <= STEADY) return true;
  say(
    `The machine itself was ${ratio.toFixed(1)} times slower in some of this run (“machine”: ms for the same work). ` +
      'Compare only what was measured at one pace; nothing is kept.',
  );
  return false;
}

/** Prints how the ratios to the floor stand against those of the committed run. */
export async function compareReport(figures: Figures[]): Promise<void> {
  const earlier = await readFile(COMMITTED, 'utf8').then(
    (text) => JSON.parse(text) as { figures: Figures[] },
    () => null,
  );
  const ratios = ratiosToFloor(figures);
  const before = earlier ? ratiosToFloor(earlier.figures) : {};
  for (const [name, ratio] of Object.entries(ratios)) {
    say(
      `${name}: ${(ratio * 100).toFixed(0)} % of the floor’s busy turns/s` +
        (before[name] ? ` (committed: ${(before[name] * 100).toFixed(0)} %)` : ''),
    );
  }
}

export async function writeReport(figures: Figures[], file = COMMITTED): Promise<void> {
  await mkdir(dirname(file), { recursive: true });
  const machine = { cores: cpus().length, node: process.version };
  await writeFile(file, `${JSON.stringify({ machine, figures }, null, 2)}\n`);
}

function ratiosToFloor(figures: Figures[]): Record<string, number> {
  const floor = figures.find(({ name }) => name === 'floor');
  if (!floor) return {};
  return Object.fromEntries(
    figures.map(({ name, busy }) => [name, busy.turnsPerSecond / floor.busy.turnsPerSecond] as const),
  );
}

function both({ p50, p95 }: { p50: number; p95: number }): string {
  return `${p50.toFixed(0)} / ${p95.toFixed(0)}`;
}
