import { describe, expect, it } from 'vitest';
import { queryTable, ZTableQuery } from './query-table.ts';

const SALES = 'region;amount;day\nNord;1,5;2026-01-02\nSüd;2,25;2026-01-03\nNord;10,1;2026-01-04\nWest;;2026-01-05\n';

function ask(query: object, table = SALES) {
  return queryTable(Buffer.from(table), ZTableQuery.parse(query));
}

describe('a table', () => {
  it('is filtered, ordered and cut to some of its columns', () => {
    const query = {
      where: [{ column: 'amount', op: 'gt', value: 2 }],
      select: ['region', 'amount'],
      orderBy: [{ column: 'amount', direction: 'desc' }],
    };
    expect(ask(query)).toEqual({
      columns: ['region', 'amount'],
      rows: [
        ['Nord', '10,1'],
        ['Süd', '2,25'],
      ],
      matchedRows: 2,
      totalRows: 4,
    });
  });

  it('is computed exactly, by groups, with decimals written in its own way', () => {
    const aggregates = ['sum', 'avg', 'min', 'max', 'median', 'count', 'distinct'].map((fn) => ({
      fn,
      column: 'amount',
    }));
    const { rows } = ask({ groupBy: ['region'], aggregates, orderBy: [{ column: 'region' }] });
    expect(rows).toEqual([
      ['Nord', '11.6', '5.8', '1.5', '10.1', '5.8', '2', '2'],
      ['Süd', '2.25', '2.25', '2.25', '2.25', '2.25', '1', '1'],
      ['West', '', '', '', '', '', '0', '0'],
    ]);
    expect(ask({ aggregates: [{ fn: 'sum', column: 'x' }] }, 'x\n0.1\n0.2\n-0.05\n').rows).toEqual([['0.25']]);
    expect(ask({ aggregates: [{ fn: 'count' }] }).rows).toEqual([['4']]);
  });

  it('keeps codes as text: 007 is no number', () => {
    expect(ask({ where: [{ column: 'id', op: 'eq', value: '007' }] }, 'id,n\n007,1\n7,2\n').rows).toEqual([
      ['007', '1'],
    ]);
  });

  it('says which columns there are when one is asked for that isn’t', () => {
    expect(() => ask({ select: ['price'] })).toThrow('The columns are: region, amount, day.');
  });
});
