import assert from 'node:assert/strict';
import { parse } from 'csv-parse/sync';
import fc from 'fast-check';
import { formatCsv } from '../../../src/format/csv.ts';

describe('formatCsv', () => {
  it('quotes a cell with a delimiter, a quote or a line break', () => {
    assert.equal(formatCsv([['a "b", c', 1, 'line\nbreak', '\r', ' x']]), '"a ""b"", c",1,"line\nbreak","\r", x\n');
    assert.equal(formatCsv([['a;b', 'a,b']], ';'), '"a;b";a,b\n');
  });

  it('leaves the cell of a missing or non-finite number empty', () => {
    assert.equal(formatCsv([[0, NaN, -Infinity, null, undefined, '', 2e-7]]), '0,,,,,,2e-7\n');
  });

  it('is empty without rows', () => {
    assert.equal(formatCsv([]), '');
  });

  it('reads back with every delimiter', () => {
    const cell = fc.string({ unit: fc.constantFrom('a', ' ', '"', ',', ';', '|', '\n', '\r', '=', 'é', '\ufeff') });
    const rows = fc
      .integer({ min: 2, max: 4 })
      .chain((width) =>
        fc.array(fc.array(cell, { minLength: width, maxLength: width }), { minLength: 1, maxLength: 6 }),
      );
    fc.assert(
      fc.property(rows, fc.constantFrom(',', ';', '|'), (written, delimiter) => {
        assert.deepEqual(parse(formatCsv(written, delimiter), { delimiter, record_delimiter: '\n' }), written);
      }),
    );
  });
});
