import { z } from 'zod';
import { createExactSum } from './exact-sum.ts';
import { ParseFailure } from './parsed.ts';
import { readCell, type Cell } from './read-cell.ts';
import { readTable, type Table } from './read-table.ts';

const OPERATORS = ['eq', 'ne', 'lt', 'lte', 'gt', 'gte', 'contains', 'empty', 'filled'] as const;
const FUNCTIONS = ['count', 'sum', 'avg', 'min', 'max', 'median', 'distinct'] as const;

/** What may be asked of a table. Nothing of it is code. */
export const ZTableQuery = z.object({
  where: z
    .array(
      z.object({
        column: z.string(),
        op: z.enum(OPERATORS),
        value: z.union([z.string(), z.number(), z.boolean()]).default(''),
      }),
    )
    .max(20)
    .default([]),
  groupBy: z.array(z.string()).max(5).default([]),
  aggregates: z
    .array(z.object({ fn: z.enum(FUNCTIONS), column: z.string().optional() }))
    .max(20)
    .default([]),
  select: z.array(z.string()).max(50).default([]),
  orderBy: z
    .array(z.object({ column: z.string(), direction: z.enum(['asc', 'desc']).default('asc') }))
    .max(5)
    .default([]),
  limit: z.int().min(1).max(200).default(20),
});
export type TableQuery = z.infer<typeof ZTableQuery>;

export type TableAnswer = { columns: string[]; rows: string[][]; matchedRows: number; totalRows: number };

/** Filters, groups, computes and orders, exactly. Throws ParseFailure('invalid_query') in words that a model can act on. */
export function queryTable(bytes: Buffer, query: TableQuery): TableAnswer {
  const table = readTable(bytes);
  const filters = query.where.map((filter) => ({ ...filter, at: columnAt(table, filter.column) }));
  const rows = table.rows.filter((row) => filters.every(({ at, op, value }) => fits(table, row, at, op, value)));
  const answer =
    query.aggregates.length > 0 || query.groupBy.length > 0 ? grouped(table, rows, query) : listed(table, rows, query);
  const ordered = order(answer, query, table);
  return {
    ...ordered,
    rows: ordered.rows.slice(0, query.limit),
    matchedRows: rows.length,
    totalRows: table.rows.length,
  };
}

type Lines = { columns: string[]; rows: string[][] };

function columnAt({ names }: Table, name: string): number {
  const exact = names.indexOf(name);
  const at = exact >= 0 ? exact : names.findIndex((known) => known.toLowerCase() === name.trim().toLowerCase());
  if (at >= 0) return at;
  throw new ParseFailure(
    'invalid_query',
    `There is no column “${name.slice(0, 100)}”. The columns are: ${names.join(', ').slice(0, 2_000)}.`,
  );
}

function fits(table: Table, row: string[], at: number, op: (typeof OPERATORS)[number], value: unknown): boolean {
  const cell = table.cell(row, at);
  if (op === 'empty') return cell.type === 'empty';
  if (op === 'filled') return cell.type !== 'empty';
  const written = (row[at] ?? '').trim().toLowerCase();
  const wanted = String(value).trim();
  if (op === 'contains') return written.includes(wanted.toLowerCase());
  const sought = readCell(wanted, false);
  const numeric = cell.type === 'number' && sought.type === 'number';
  const compared = numeric ? cell.value - sought.value : written.localeCompare(wanted.toLowerCase(), 'en');
  if (op === 'eq') return compared === 0;
  if (op === 'ne') return compared !== 0;
  if (cell.type === 'empty') return false;
  if (op === 'lt') return compared < 0;
  if (op === 'lte') return compared <= 0;
  return op === 'gt' ? compared > 0 : compared >= 0;
}

function listed(table: Table, rows: string[][], { select }: TableQuery): Lines {
  const chosen = select.length > 0 ? select.map((name) => columnAt(table, name)) : table.names.map((_, at) => at);
  return {
    columns: chosen.map((at) => table.names[at] ?? ''),
    // Ordering may need columns that are not shown, so it is done on rows that know where they are from.
    rows: rows.map((row) => chosen.map((at) => row[at] ?? '')),
  };
}

function grouped(table: Table, rows: string[][], { groupBy, aggregates }: TableQuery): Lines {
  const keys = groupBy.map((name) => columnAt(table, name));
  const groups = new Map<string, string[][]>();
  if (keys.length === 0) groups.set('[]', []);
  for (const row of rows) {
    const key = JSON.stringify(keys.map((at) => (row[at] ?? '').trim()));
    const group = groups.get(key);
    if (group) group.push(row);
    else groups.set(key, [row]);
  }
  const wanted = aggregates.length > 0 ? aggregates : [{ fn: 'count' as const, column: undefined }];
  return {
    columns: [
      ...keys.map((at) => table.names[at] ?? ''),
      ...wanted.map(({ fn, column }) => (column === undefined ? fn : `${fn}(${table.names[columnAt(table, column)]})`)),
    ],
    rows: [...groups].map(([key, members]) => [
      ...(JSON.parse(key) as string[]),
      ...wanted.map(({ fn, column }) => aggregate(table, members, fn, column)),
    ]),
  };
}

function aggregate(table: Table, rows: string[][], fn: (typeof FUNCTIONS)[number], column: string | undefined): string {
  if (column === undefined) {
    if (fn === 'count') return String(rows.length);
    throw new ParseFailure('invalid_query', `${fn} needs a column.`);
  }
  const at = columnAt(table, column);
  const cells = rows.map((row) => table.cell(row, at)).filter(({ type }) => type !== 'empty');
  if (fn === 'count') return String(cells.length);
  if (fn === 'distinct')
    return String(new Set(rows.map((row) => (row[at] ?? '').trim()).filter((text) => text !== '')).size);
  const numbers = cells.filter((cell): cell is Extract<Cell, { type: 'number' }> => cell.type === 'number');
  if (fn === 'min' || fn === 'max') return extreme(cells, fn);
  if (numbers.length === 0) return '';
  if (fn === 'median') return medianOf(numbers);
  const sum = createExactSum();
  for (const number of numbers) sum.add(number);
  return fn === 'sum' ? sum.sum() : (sum.mean() ?? '');
}

function extreme(cells: Cell[], fn: 'min' | 'max'): string {
  const sortable = cells.flatMap((cell) => (cell.type === 'empty' || cell.type === 'boolean' ? [] : [cell.value]));
  const numbers = sortable.filter((value) => typeof value === 'number');
  const values = numbers.length > 0 ? numbers : sortable;
  const best = values.reduce<string | number | null>((found, value) => {
    if (found === null) return value;
    return (fn === 'min' ? value < found : value > found) ? value : found;
  }, null);
  return best === null ? '' : String(best);
}

function medianOf(numbers: { value: number; units: bigint; decimals: number }[]): string {
  const sorted = numbers.toSorted((a, b) => a.value - b.value);
  const middle = Math.floor((sorted.length - 1) / 2);
  const sum = createExactSum();
  for (const number of sorted.slice(middle, sorted.length % 2 === 0 ? middle + 2 : middle + 1)) sum.add(number);
  return sum.mean() ?? '';
}

function order(lines: Lines, { orderBy }: TableQuery, table: Table): Lines {
  if (orderBy.length === 0) return lines;
  const keys = orderBy.map(({ column, direction }) => {
    const at = lines.columns.findIndex((name) => name.toLowerCase() === column.trim().toLowerCase());
    if (at < 0) {
      throw new ParseFailure(
        'invalid_query',
        `The answer has no column “${column.slice(0, 100)}” to order by. It has: ${lines.columns.join(', ').slice(0, 2_000)}.`,
      );
    }
    return { at, sign: direction === 'asc' ? 1 : -1 };
  });
  const rows = lines.rows.toSorted((a, b) => {
    for (const { at, sign } of keys) {
      const compared = compare(table.cell(a, at), table.cell(b, at));
      if (compared !== 0) return compared * sign;
    }
    return 0;
  });
  return { ...lines, rows };
}

/** Numbers by value, before what is no number; nothing comes last. */
function compare(a: Cell, b: Cell): number {
  if (a.type === 'number' && b.type === 'number') return a.value - b.value;
  const rank = (cell: Cell) => (cell.type === 'number' ? 0 : cell.type === 'empty' ? 2 : 1);
  if (rank(a) !== rank(b)) return rank(a) - rank(b);
  return a.type === 'empty' || b.type === 'empty' ? 0 : String(a.value).localeCompare(String(b.value), 'en');
}
