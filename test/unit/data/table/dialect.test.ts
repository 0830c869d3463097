import assert from 'node:assert/strict';
import fc from 'fast-check';
import { type Dialect, plainDialect } from '../../../../src/data/table/dialect.ts';
import { readTable } from '../../../../src/data/table/readTable.ts';
import { tableRow } from '../../../../src/data/table/writeRows.ts';
import { seeds } from '../../../harness/seeds.ts';

/** A way to write tables, whose parts go together. */
const dialects = fc.record({
  delimiter: fc.constantFrom(',', ';', '\t', '|'),
  escape: fc.constantFrom<Dialect['escape']>('double', 'backslash'),
  decimal: fc.constantFrom<Dialect['decimal']>('.', ','),
  header: fc.boolean(),
  bom: fc.boolean(),
  crlf: fc.boolean(),
});

const word = fc.stringMatching(/^[a-zäöé]{2,9}$/);
/** Texts as people write them, some with a delimiter, a quotation mark or a line break. */
const sentence = fc
  .tuple(fc.array(word, { minLength: 2, maxLength: 6 }), fc.constantFrom('', '', ',', ' "so"', ';', '|', '\n'), word)
  .map(([words, sign, last]) => `${words.join(' ')}${sign} ${last}`);
const rows = fc.array(
  fc.record({
    day: fc.integer({ min: 0, max: 3000 }),
    text: sentence,
    number: fc.integer({ min: -99_999, max: 99_999 }),
    label: fc.constantFrom('good', 'bad', 'so-so'),
  }),
  { minLength: 12, maxLength: 40 },
);

const names = ['when', 'opinion', 'amount', 'kind'];

describe('the dialect of a table', () => {
  it('is found for tables in any dialect, which are read as they were written', async () => {
    await fc.assert(
      fc.asyncProperty(dialects, rows, async ({ delimiter, escape, decimal, header, bom, crlf }, items) => {
        const dialect: Dialect = { ...plainDialect, delimiter, escape, quote: '"' };
        const cells = items.map(({ day, text, number, label }) => [
          new Date(day * 86_400_000).toISOString().slice(0, 10),
          text,
          (number / 100).toFixed(2).replace('.', decimal),
          label,
        ]);
        // Tabs separate cells without quotation marks, unless a column has them.
        const isPlain = delimiter === '\t';
        const written = isPlain ? cells.map((row) => row.map((cell) => cell.replaceAll('\n', ' '))) : cells;
        const own = isPlain ? ({ ...dialect, quote: '' } as const) : dialect;
        const lines = [...(header ? [names] : []), ...written].map((row) =>
          tableRow(row, names, { format: 'delimited', dialect: own }),
        );
        const text = lines.join('');
        const file = `${bom ? '\uFEFF' : ''}${crlf ? text.replaceAll('\n', '\r\n') : text}`;
        const table = await readTable({ kind: 'text', name: 'table.txt', text: file });
        assert.equal(table.dialect.delimiter, delimiter);
        assert.equal(table.header, header);
        assert.deepEqual(
          Array.from(table.rows, (row) => row.cells),
          written,
        );
        assert.equal(table.dialect.decimal, decimal);
        assert.deepEqual(table.problems, []);
      }),
      seeds(300),
    );
  });

  it('keeps texts with blanks and numbers whole, in columns that another character separates', async () => {
    const texts = fc.record({
      text: fc
        .array(fc.oneof(word, fc.nat(999).map(String)), { minLength: 2, maxLength: 2 })
        .map((words) => words.join(' ')),
      answer: fc.oneof(fc.nat(99).map(String), fc.constantFrom('yes', 'no')),
    });
    const pairs = fc.array(texts, { minLength: 3, maxLength: 40 });
    await fc.assert(
      fc.asyncProperty(fc.constantFrom(';', '\t', '|'), pairs, async (delimiter, rows) => {
        const written = rows.map(({ text, answer }) => [text, answer]);
        const text = written.map((row) => row.join(delimiter)).join('\n');
        const table = await readTable({ kind: 'text', name: 'table.txt', text });
        assert.equal(table.dialect.delimiter, delimiter);
        assert.ok([...table.rows].every(({ cells }) => cells.length === 2));
      }),
      seeds(300),
    );
  });

  const doubled = ['\\\\",', '\\",', '\\"', '\\",\n'];
  for (const text of doubled) {
    it(`has doubled quotation marks although a cell contains backslashes: ${JSON.stringify(text)}`, async () => {
      for (const rows of [
        [[text, 'x']],
        [
          [text, 'x'],
          [' ', 'y'],
        ],
        [
          [text, 'x'],
          ['a\n', 'y'],
        ],
      ]) {
        const quoted = [['text', 'label'], ...rows]
          .map((row) => tableRow(row, ['text', 'label'], { format: 'delimited', dialect: plainDialect }))
          .join('');
        const table = await readTable({ kind: 'text', name: 'a.csv', text: quoted });
        assert.deepEqual(
          Array.from(table.rows, (row) => row.cells),
          rows,
        );
      }
    });
  }

  it('is found in the middle and at the end of a long table, where its beginning is odd', async () => {
    const odd = Array.from({ length: 40 }, (_, i) => `${i};one, two, three;x`);
    const usual = Array.from({ length: 20_000 }, (_, i) => `${i};a text ${i};y`);
    const table = await readTable({ kind: 'text', name: 'a.csv', text: [...odd, ...usual].join('\n') });
    assert.deepEqual([table.dialect.delimiter, table.rows.length], [';', odd.length + usual.length]);
  });

  it('leaves comments, blank rows and titles out, and says so', async () => {
    const text = '# station 5\n# by hand\nid,text,label\n\n1,good day,x\n,,\n# pause\n2,bad day,y\n3,fine day,x\n';
    const table = await readTable({ kind: 'text', name: 'a.csv', text });
    assert.deepEqual(table.columns, ['id', 'text', 'label']);
    assert.deepEqual(
      Array.from(table.rows, ({ line, cells }) => [line, cells[0]]),
      [
        [5, '1'],
        [8, '2'],
        [9, '3'],
      ],
    );
    assert.deepEqual([table.dialect.comment, table.notes.length], ['#', 2]);
  });

  it('takes hashtags at the start of texts for texts', async () => {
    const text = ['#good morning,x', 'a plain day,y', '#late again,x', 'nothing new,y'].join('\n');
    const table = await readTable({ kind: 'text', name: 'a.csv', text });
    assert.deepEqual([table.dialect.comment, table.rows.length], ['', 4]);
  });

  it('does not depend on the name of the file, which may be wrong', async () => {
    const text = 'text;label\n' + Array.from({ length: 20 }, (_, i) => `day ${i};${i % 2}\n`).join('');
    const table = await readTable({ kind: 'text', name: 'wrong.tsv', text });
    assert.deepEqual([table.dialect.delimiter, table.columns], [';', ['text', 'label']]);
  });
});
