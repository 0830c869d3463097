import assert from 'node:assert/strict';
import fc from 'fast-check';
import { PlacedTable } from '../../../../src/data/table/placedTable.ts';
import { plainDialect } from '../../../../src/data/table/dialect.ts';
import type { Table } from '../../../../src/data/table/table.ts';
import { tableRow } from '../../../../src/data/table/writeRows.ts';
import { errorWith } from '../../../harness/facts.ts';
import { seeds } from '../../../harness/seeds.ts';

const files: Record<string, Pick<Table, 'format' | 'dialect'>> = {
  'reviews.csv': { format: 'delimited', dialect: plainDialect },
  'reviews.tsv': { format: 'delimited', dialect: { ...plainDialect, delimiter: '\t', quote: '' } },
  'reviews.jsonl': { format: 'jsonl', dialect: plainDialect },
};

const cell = fc.string({ unit: fc.constantFrom('a', 'b', ' ', ',', '"', '\n', '\\', 'é', '😀'), maxLength: 12 });

/** Table as a text, with the same line ends in rows and cells. */
function written(rows: readonly (readonly string[])[], file: Pick<Table, 'format' | 'dialect'>, crlf: boolean): string {
  const columns = ['text', 'label'];
  const header = file.format === 'jsonl' ? '' : tableRow(columns, columns, file);
  const text = header + rows.map((cells) => tableRow(cells, columns, file)).join('');
  return crlf ? text.replaceAll('\n', '\r\n') : text;
}

describe('a table in an editor', () => {
  for (const [name, file] of Object.entries(files)) {
    it(`finds the row of ${name} at an offset, and the place of each character of a cell`, async () => {
      const rows = fc.array(fc.tuple(cell, fc.constantFrom('good', 'bad')), { minLength: 1, maxLength: 6 });
      await fc.assert(
        fc.asyncProperty(rows, fc.boolean(), async (wanted, crlf) => {
          // A TSV line with only a label is a row as well. TSV cells cannot contain tabs or line breaks.
          const text = written(wanted, file, crlf);
          const table = await PlacedTable.read(name, text);
          let from = 0;
          for (const [texts, label] of wanted) {
            const expected = file.dialect.quote === '' ? texts.replaceAll(/[\t\r\n]+/g, ' ') : texts;
            const row = table.rowAt(file.format !== 'jsonl' && from === 0 ? text.indexOf('\n') + 1 : from);
            const placed = table.cell(row, 'text');
            assert.equal(placed.text, expected);
            assert.equal(table.cell(row, 'label').text, label);
            assert.equal(placed.places.length, expected.length);
            placed.places.forEach((place, i) =>
              assert.equal(
                unescaped(text, place, file),
                expected[i] === '\n' && crlf && file.format !== 'jsonl' ? '\r' : expected[i],
              ),
            );
            assert.equal(table.rowAt(row.end).start, row.start, 'the end belongs to the row');
            from = row.end + (crlf ? 2 : 1);
          }
        }),
        { seed: 7, ...seeds(200) },
      );
    });
  }

  it('returns the first row for an offset in the header', async () => {
    const table = await PlacedTable.read('reviews.csv', 'text,label\nvery fine,good\nno,bad\n');
    assert.deepEqual(table.rowAt(3).cells, ['very fine', 'good']);
    assert.equal(table.rowAt(3).line, 2);
  });

  it('detects the text column, or uses the specified one', async () => {
    const table = await PlacedTable.read('reviews.tsv', 'label\ttext\tid\n1\tvery fine\t7\n0\tno\t8\n');
    const row = table.rowAt(30);
    assert.deepEqual([table.cell(row, '').column, table.cell(row, '').text], ['text', 'no']);
    assert.equal(table.cell(row, 'id').text, '8');
    assert.equal(table.cell(row, '1').text, '0');
    assert.throws(
      () => table.cell(row, 'none'),
      errorWith({ code: 'no-column' }, '"reviews.tsv"', '"none"', 'label, text, id'),
    );
  });

  it('skips blank lines, and reports a row that cannot be read', async () => {
    const text = 'text,label\n\nfine,good\nno\n\nwell,good\n';
    const table = await PlacedTable.read('reviews.csv', text);
    assert.equal(table.rowAt(text.indexOf('fine')).line, 3);
    assert.equal(table.rowAt(text.length).cells[0], 'well');
    assert.throws(() => table.rowAt(text.indexOf('no\n')), errorWith({ code: 'empty' }, '"reviews.csv"', 4, 1, 2));
  });

  it('reads other values than strings in JSON Lines as written', async () => {
    const text = '{"text": "x", "label": 3}\n{"label": 4, "text": "a\\u0062\\n"}\n';
    const table = await PlacedTable.read('odd.jsonl', text);
    const label = table.cell(table.rowAt(0), 'label');
    assert.equal(label.text, '3');
    assert.deepEqual(new Set(label.places), new Set([text.indexOf('3}')]));
    const escaped = table.cell(table.rowAt(text.length), 'text');
    assert.equal(escaped.text, 'ab\n');
    assert.deepEqual(
      [...escaped.places],
      [0, 1, 7].map((offset) => text.indexOf('a\\u') + offset),
    );
  });
});

/** Character at a place of a file. */
function unescaped(text: string, place: number, { format }: Pick<Table, 'format'>): string {
  if (format !== 'jsonl' || text[place] !== '\\') return text[place]!;
  return JSON.parse(`"${text.slice(place, place + 2)}"`) as string;
}
