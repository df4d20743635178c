/** A cell by what it says. A number is kept exactly: `units` of 10^-decimals. */
export type Cell =
  | { type: 'empty' }
  | { type: 'number'; value: number; units: bigint; decimals: number }
  | { type: 'date'; value: string }
  | { type: 'boolean'; value: boolean }
  | { type: 'text'; value: string };

const PLAIN = /^([+-]?)(\d{1,25})(?:\.(\d{1,15}))?$/;
const THOUSANDS = /^([+-]?)(\d{1,3}(?:,\d{3})+)(?:\.(\d{1,15}))?$/;
const COMMA = /^([+-]?)(\d{1,25})(?:,(\d{1,15}))?$/;
const COMMA_THOUSANDS = /^([+-]?)(\d{1,3}(?:\.\d{3})+)(?:,(\d{1,15}))?$/;
const DATE = /^\d{4}-\d{2}-\d{2}(?:[T ]\d{2}:\d{2}(?::\d{2}(?:\.\d{1,9})?)?(?:Z|[+-]\d{2}:?\d{2})?)?$/;

export function readCell(written: string, decimalComma: boolean): Cell {
  const text = written.trim();
  if (text === '') return { type: 'empty' };
  const match = (decimalComma ? [COMMA, COMMA_THOUSANDS, PLAIN] : [PLAIN, THOUSANDS])
    .map((pattern) => pattern.exec(text))
    .find((found) => found !== null);
  if (match) {
    const [, sign = '', whole = '', fraction = ''] = match;
    const digits = whole.replace(/[.,]/g, '');
    // 007 and +49 are codes, not amounts.
    if (/^0\d/.test(digits) || sign === '+') return { type: 'text', value: text };
    const units = BigInt(`${sign}${digits}${fraction}`);
    return { type: 'number', value: Number(`${sign}${digits}.${fraction || '0'}`), units, decimals: fraction.length };
  }
  if (DATE.test(text) && !Number.isNaN(Date.parse(text.replace(' ', 'T')))) return { type: 'date', value: text };
  if (/^(true|false|yes|no)$/i.test(text)) return { type: 'boolean', value: /^(true|yes)$/i.test(text) };
  return { type: 'text', value: text };
}
