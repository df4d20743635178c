import Papa from 'papaparse';

export type CsvRow = Record<string, string | number | null>;

/** Rows as CSV with a line of column names. Text that a spreadsheet could take for a formula is made harmless. */
export function toCsv(columns: readonly string[], rows: readonly CsvRow[]): string {
  const data = rows.map((row) =>
    columns.map((name) => {
      const value = row[name] ?? '';
      return typeof value === 'string' && !/^-?\d+(\.\d+)?$/.test(value) ? harmless(value) : value;
    }),
  );
  return `${Papa.unparse({ fields: [...columns], data }, { newline: '\r\n' })}\r\n`;
}

/**
 * A leading apostrophe for whatever begins, after white space and control characters, with what starts a formula, the
 * full-width forms included: papaparse's own escapeFormulae misses ` =1`, `\n=1` and `＝1`.
 */
function harmless(text: string): string {
  return /^[\s\p{Cc}\p{Cf}]*[=+\-@|%＝＋－＠]/u.test(text) || /^[\t\r\n]/.test(text) ? `'${text}` : text;
}

const MICRO = 1_000_000n;

/** Micro-credits as decimal credits. */
export function creditsInCsv(microCredits: string | bigint): string {
  const amount = BigInt(microCredits);
  const size = amount < 0n ? -amount : amount;
  return `${amount < 0n ? '-' : ''}${size / MICRO}.${(size % MICRO).toString().padStart(6, '0')}`;
}

export function acceptsCsv(request: Request): boolean {
  return /\btext\/csv\b/i.test(request.headers.get('Accept') ?? '');
}

/** A CSV file to download, `name` without its ending. */
export function csvResponse(csv: string, name: string): Response {
  return new Response(csv, {
    headers: {
      'Content-Type': 'text/csv; charset=utf-8',
      'Content-Disposition': `attachment; filename="${name}.csv"`,
      'Cache-Control': 'private, no-store',
    },
  });
}
