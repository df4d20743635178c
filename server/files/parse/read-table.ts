import Papa from 'papaparse';
import { decodeText } from './decode-text.ts';
import { parseFailure } from './parsed.ts';
import { readCell, type Cell } from './read-cell.ts';

export type Table = {
  encoding: string;
  delimiter: string;
  header: boolean;
  names: string[];
  /** As written; every row as long as `names`. */
  rows: string[][];
  raggedRows: number;
  cell(row: string[], column: number): Cell;
};

const DELIMITERS = [',', ';', '\t', '|'];

/** A table of any dialect. Rows that are too short are filled up, of rows that are too long the rest is left out. */
export function readTable(bytes: Buffer): Table {
  const { text, encoding } = decodeText(bytes);
  const { data, meta } = Papa.parse<string[]>(text.replaceAll('\0', '').toWellFormed(), {
    skipEmptyLines: 'greedy',
    delimitersToGuess: DELIMITERS,
  });
  const [first, ...rest] = data;
  if (!first) throw parseFailure('empty');
  const decimalComma = meta.delimiter === ';';
  const cell = (row: string[], column: number) => readCell(row[column] ?? '', decimalComma);
  const header = rest.length > 0 && first.every((_, column) => cell(first, column).type === 'text');
  const given = header ? rest : data;
  const width = header ? first.length : given.reduce((most, row) => Math.max(most, row.length), 0);
  const names = header ? uniqueNames(first) : Array.from({ length: width }, (_, column) => `column_${column + 1}`);
  let raggedRows = 0;
  const rows = given.map((row) => {
    if (row.length === width) return row;
    raggedRows += 1;
    return row.length > width ? row.slice(0, width) : [...row, ...Array<string>(width - row.length).fill('')];
  });
  return { encoding, delimiter: meta.delimiter, header, names, rows, raggedRows, cell };
}

function uniqueNames(header: string[]): string[] {
  const seen = new Map<string, number>();
  return header.map((given) => {
    const name = given.trim().replace(/\s+/g, ' ').slice(0, 100);
    const before = seen.get(name) ?? 0;
    seen.set(name, before + 1);
    return before === 0 ? name : `${name} (${before + 1})`;
  });
}
