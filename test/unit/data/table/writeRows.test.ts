import assert from 'node:assert/strict';
import fc from 'fast-check';
import { autoReading } from '../../../../src/config/reading.ts';
import { type Dialect, plainDialect } from '../../../../src/data/table/dialect.ts';
import { readTable } from '../../../../src/data/table/readTable.ts';
import type { TableFormat } from '../../../../src/data/table/table.ts';
import { tableRow } from '../../../../src/data/table/writeRows.ts';
import { seeds } from '../../../harness/seeds.ts';

const formats: readonly (readonly [name: string, format: TableFormat, syntax: Partial<Dialect>])[] = [
  ['a.csv', 'delimited', { delimiter: ',' }],
  ['a.csv', 'delimited', { delimiter: ';' }],
  ['a.csv', 'delimited', { delimiter: ',', escape: 'backslash' }],
  ['a.tsv', 'delimited', { delimiter: '\t' }],
  ...[' ; ', ' ,', '; ', ';;', ' ', '  '].map((delimiter) => ['a.csv', 'delimited', { delimiter }] as const),
  ['a.csv', 'delimited', { delimiter: ' ;', escape: 'backslash' }],
  ['a.jsonl', 'jsonl', {}],
];

describe('rows of a table', () => {
  for (const [name, format, syntax] of formats) {
    it(`are read like they were written: ${format} ${JSON.stringify(syntax)}`, async () => {
      const dialect = { ...plainDialect, ...syntax };
      const { delimiter, escape } = dialect;
      const reading = { ...autoReading, delimiter, escape, quote: '"', header: 'no' } as const;
      const cell = fc
        .string({ minLength: 1, unit: fc.constantFrom('a', ' ', '"', ',', ';', '\n', 'é', "'", '\\', '\t') })
        .filter((text) => text.trim() !== '');
      await fc.assert(
        fc.asyncProperty(fc.array(fc.tuple(cell, cell), { minLength: 1, maxLength: 8 }), async (rows) => {
          const text = rows.map((row) => tableRow(row, ['x', 'y'], { format, dialect })).join('');
          const table = await readTable({ kind: 'text', name, text, reading });
          assert.deepEqual(
            Array.from(table.rows, ({ cells }) => cells),
            rows,
          );
        }),
        seeds(100),
      );
    });
  }

  it('are read with spaces around quoted cells, also if the delimiter begins or ends with spaces', async () => {
    const spaces = fc.nat(3).map((count) => ' '.repeat(count));
    const delimiters = fc.tuple(spaces, fc.constantFrom(';', '|', '::'), spaces).map((parts) => parts.join(''));
    const cell = fc.string({ minLength: 1, unit: fc.constantFrom('a', 'b', ' ', '""', ';', '|', '\n') });
    const rows = fc
      .array(fc.tuple(cell, cell, spaces, spaces), { minLength: 1, maxLength: 8 })
      // A table of blank rows is refused.
      .filter((written) => written.some(([x, y]) => `${x}${y}`.trim() !== ''));
    await fc.assert(
      fc.asyncProperty(delimiters, rows, async (delimiter, written) => {
        const text = written
          .map(([x, y, before, after]) => `"${x}"${before}${delimiter}${after}"${y}"${before}\n`)
          .join('');
        const reading = { ...autoReading, delimiter, escape: 'double', quote: '"', header: 'no' } as const;
        const table = await readTable({ kind: 'text', name: 'a.csv', text, reading });
        assert.deepEqual(
          Array.from(table.rows, ({ cells }) => cells),
          written
            .map((row) => row.slice(0, 2).map((each) => each.replaceAll('""', '"')))
            .filter((row) => row.some((each) => each.trim() !== '')),
        );
      }),
      seeds(300),
    );
  });

  it('keep a row without quotation marks on one line', () => {
    const dialect = { ...plainDialect, delimiter: '\t', quote: '' } as const;
    assert.equal(tableRow(['a\tb\n\nc', 'd'], [], { format: 'delimited', dialect }), 'a b c\td\n');
    const spaces = { ...dialect, delimiter: ' ' } as const;
    assert.equal(tableRow(['a b', 'c'], [], { format: 'delimited', dialect: spaces }), 'a_b c\n');
  });
});
