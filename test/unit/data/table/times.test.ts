import assert from 'node:assert/strict';
import fc from 'fast-check';
import { say } from '../../../../src/phrases/phrase.ts';
import { readTable } from '../../../../src/data/table/readTable.ts';
import { findTimeColumn, timeColumn } from '../../../../src/data/table/times.ts';
import { seeds } from '../../../harness/seeds.ts';

/** Reads a column of times next to a column of numbers. */
async function read(name: string, cells: readonly string[], delimiter = ';') {
  const text = [`${name}${delimiter}y`, ...cells.map((cell, i) => `${cell}${delimiter}${i}.5`)].join('\n');
  const table = await readTable({ kind: 'text', name: 'a.csv', text });
  if (new Set(cells).size > 1) assert.equal(findTimeColumn(table), 0);
  return timeColumn(table, 0);
}

describe('times in columns', () => {
  const single: readonly [name: string, cell: string, iso: string, format: string][] = [
    ['month', '1949-01', '1949-01-01T00:00:00.000Z', 'YYYY-MM'],
    ['year', '1949', '1949-01-01T00:00:00.000Z', 'YYYY'],
    ['when', '2023-02-28', '2023-02-28T00:00:00.000Z', 'YYYY-MM-DD'],
    ['when', '2023-02-28T13:05:59.25Z', '2023-02-28T13:05:59.250Z', 'YYYY-MM-DD hh:mm:ss'],
    ['when', '2023-02-28 13:05+02:00', '2023-02-28T11:05:00.000Z', 'YYYY-MM-DD hh:mm'],
    ['when', '2023/2/28 1:05 PM', '2023-02-28T13:05:00.000Z', 'YYYY/MM/DD hh:mm'],
    ['Zeit', '28.02.2023 00:00', '2023-02-28T00:00:00.000Z', 'DD.MM.YYYY hh:mm'],
    ['when', '28/02/23', '2023-02-28T00:00:00.000Z', 'DD/MM/YYYY'],
    ['when', '02/28/2023', '2023-02-28T00:00:00.000Z', 'MM/DD/YYYY'],
    ['when', '28 Feb 2023', '2023-02-28T00:00:00.000Z', 'D Month YYYY'],
    ['when', 'February 28, 2023', '2023-02-28T00:00:00.000Z', 'D Month YYYY'],
    ['date', '20230228', '2023-02-28T00:00:00.000Z', 'YYYYMMDD'],
    ['timestamp', '1677542400', '2023-02-28T00:00:00.000Z', 'seconds since 1970'],
    ['unix_ms', '1677542400000', '2023-02-28T00:00:00.000Z', 'milliseconds since 1970'],
  ];
  for (const [name, cell, iso, format] of single)
    it(`reads ${cell} in a column "${name}"`, async () => {
      const column = await read(name, [cell, cell, cell]);
      assert.deepEqual(
        [...column.values].map((value) => new Date(value).toISOString()),
        [iso, iso, iso],
      );
      assert.equal(say(column.format), format);
    });

  it('decides about day and month by all cells', async () => {
    const days = ['01/02/2023', '02/02/2023', '13/02/2023'];
    assert.equal(new Date((await read('d', days)).values[0]!).toISOString().slice(0, 10), '2023-02-01');
    const months = ['01/02/2023', '01/03/2023', '01/13/2023'];
    assert.equal(new Date((await read('d', months)).values[0]!).toISOString().slice(0, 10), '2023-01-02');
  });

  it('decides by order where each cell can be read both ways, and says so where that is not possible', async () => {
    const ordered = ['01/11/2023', '01/12/2023', '02/01/2023', '02/02/2023'];
    const column = await read('d', ordered);
    assert.deepEqual([column.format, column.notes.length], ['MM/DD/YYYY', 0]);
    const open = await read('d', ['03/04/2023', '04/04/2023', '05/05/2023']);
    assert.deepEqual([open.format, open.notes.length], ['DD/MM/YYYY', 1]);
  });

  it('joins dates with the times of day beside them, and names what is none', async () => {
    const text =
      'Date;Time;CO;;\n10/03/2004;18.00.00;2,6;;\n10/03/2004;19.00.00;2;;\n10/03/2004;20.00.00;2,2;;\n10/03/2004;21.00.00;2,2;;\n23/03/2004;soon;-200;;\n;;;;\n';
    const table = await readTable({ kind: 'text', name: 'air.csv', text });
    const { values, joined, unreadable, format } = timeColumn(table, 0);
    assert.deepEqual([...values], [...[18, 19, 20, 21].map((hour) => Date.UTC(2004, 2, 10, hour)), NaN]);
    assert.deepEqual([joined, format, unreadable.map(({ line }) => line)], [1, 'DD/MM/YYYY hh:mm', [6]]);
    assert.deepEqual(table.types, ['time', 'time', 'number', 'blank', 'blank']);
  });

  it('reads every day of four centuries in each order', () =>
    fc.assert(
      fc.asyncProperty(
        fc.date({ min: new Date('1800-01-01'), max: new Date('2200-01-01'), noInvalidDate: true }),
        async (date) => {
          const [year = '', month = '', day = ''] = date.toISOString().slice(0, 10).split('-');
          const midnight = Date.UTC(Number(year), Number(month) - 1, Number(day));
          for (const [cell, other] of [
            [`${year}-${month}-${day}`, '2001-01-31'],
            [`${day}.${month}.${year}`, '31.01.2001'],
            [`${month}/${day}/${year}`, '01/31/2001'],
          ] as const)
            assert.equal((await read('d', [cell, other, other])).values[0], midnight);
        },
      ),
      seeds(50),
    ));
});
