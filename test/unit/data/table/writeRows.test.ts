import assert from 'node:assert/strict';
import fc from 'fast-check';
import { readTable } from '../../../../src/data/table/readTable.ts';
import type { TableFormat } from '../../../../src/data/table/table.ts';
import { tableRow } from '../../../../src/data/table/writeRows.ts';

const formats: readonly [name: string, format: TableFormat][] = [
  ['a.csv', { kind: 'csv', delimiter: ',' }],
  ['a.csv', { kind: 'csv', delimiter: ';' }],
  ['a.jsonl', { kind: 'jsonl' }],
];

describe('rows of a table', () => {
  for (const [name, format] of formats) {
    it(`are read like they were written: ${JSON.stringify(format)}`, async () => {
      const cell = fc
        .string({ minLength: 1, unit: fc.constantFrom('a', ' ', '"', ',', ';', '\n', 'é', "'") })
        .filter((text) => text.trim() !== '');
      await fc.assert(
        fc.asyncProperty(fc.array(fc.tuple(cell, cell), { minLength: 1, maxLength: 8 }), async (rows) => {
          const text = rows.map((row) => tableRow(row, ['x', 'y'], format)).join('');
          const table = await readTable({ kind: 'text', name, text }, { format, header: false });
          assert.deepEqual(
            table.rows.map(({ cells }) => cells),
            rows,
          );
        }),
      );
    });
  }

  it('keep a TSV row on one line', () => {
    assert.equal(tableRow(['a\tb\n\nc', 'd'], [], { kind: 'tsv', delimiter: '\t' }), 'a b c\td\n');
  });
});
