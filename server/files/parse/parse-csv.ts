import { createExactSum } from './exact-sum.ts';
import { LIMITS, SECTION_CHARACTERS } from './limits.ts';
import { parseFailure, type Column, type Parsed, type ParsedPage } from './parsed.ts';
import { readTable, type Table } from './read-table.ts';
import { keepWithin } from './sections.ts';

const MAX_COLUMNS = 200;
const EXAMPLES = 3;

export function parseCsv(bytes: Buffer): Parsed {
  const table = readTable(bytes);
  const { encoding, delimiter, header, rows, raggedRows } = table;
  if (rows.length === 0) throw parseFailure('empty');
  const columns = table.names.slice(0, MAX_COLUMNS).map((_, column) => describeColumn(table, column));
  const pages = runsOfRows(table);
  const described = { delimiter, header, rows: rows.length, raggedRows, columns };
  return keepWithin(pages, { encoding, table: described });
}

function describeColumn(table: Table, column: number): Column {
  const kinds = new Map<string, number>();
  const distinct = new Set<string>();
  const sum = createExactSum();
  let min: { value: number | string; written: string } | null = null;
  let max: { value: number | string; written: string } | null = null;
  for (const row of table.rows) {
    const cell = table.cell(row, column);
    if (cell.type === 'empty') continue;
    kinds.set(cell.type, (kinds.get(cell.type) ?? 0) + 1);
    const written = (row[column] ?? '').trim();
    if (distinct.size < 10_000) distinct.add(written);
    if (cell.type === 'number') sum.add(cell);
    if (cell.type !== 'number' && cell.type !== 'date') continue;
    if (min === null || cell.value < min.value) min = { value: cell.value, written };
    if (max === null || cell.value > max.value) max = { value: cell.value, written };
  }
  const filled = [...kinds.values()].reduce((total, count) => total + count, 0);
  const [only] = kinds.keys();
  const type = kinds.size === 1 ? (only as Column['type']) : 'text';
  const ranged = type === 'number' || type === 'date';
  const mean = type === 'number' ? sum.mean() : null;
  return {
    name: table.names[column] ?? '',
    type,
    filled,
    distinct: distinct.size,
    ...(ranged && min ? { min: min.written } : {}),
    ...(ranged && max ? { max: max.written } : {}),
    ...(mean === null ? {} : { mean }),
    examples: [...distinct].slice(0, EXAMPLES).map((value) => value.slice(0, 80)),
  };
}

/** Rows as text, as many to a page as fit, each with the names of its columns. */
function runsOfRows({ names, rows }: Table): Omit<ParsedPage, 'number'>[] {
  const pages: Omit<ParsedPage, 'number'>[] = [];
  const head = names.join(' | ');
  let from = 0;
  let text = head;
  let bytes = 0;
  const close = (to: number) => {
    if (to > from) pages.push({ title: `Rows ${from + 1}–${to}`, text });
    bytes += Buffer.byteLength(text);
    from = to;
    text = head;
  };
  for (const [place, row] of rows.entries()) {
    const line = row.map((value) => value.replace(/\s+/g, ' ').trim()).join(' | ');
    if (text.length + line.length > SECTION_CHARACTERS) close(place);
    if (bytes > LIMITS.textBytes) return pages;
    text += `\n${line}`;
  }
  close(rows.length);
  return pages;
}
