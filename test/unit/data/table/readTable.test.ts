import assert from 'node:assert/strict';
import fc from 'fast-check';
import { autoReading } from '../../../../src/config/reading.ts';
import { readTable, type TableOptions } from '../../../../src/data/table/readTable.ts';
import type { Table } from '../../../../src/data/table/table.ts';
import { inputError } from '../helpers.ts';
import { assertNames } from '../../../harness/facts.ts';
import { seeds } from '../../../harness/seeds.ts';

const read = (name: string, text: string, options?: TableOptions): Promise<Table> =>
  readTable({ kind: 'text', name, text }, options);
const cells = ({ rows }: Table) => Array.from(rows, (row) => row.cells);

describe('reading tables', () => {
  it('reads every row of TSV without a header, with quotes as characters', async () => {
    const table = await read('a.tsv', '"fine" film\t1\nsay "no\t0\nit\'s, well\t1\n');
    assert.deepEqual(cells(table), [
      ['"fine" film', '1'],
      ['say "no', '0'],
      ["it's, well", '1'],
    ]);
    assert.deepEqual(table.columns, ['column 1', 'column 2']);
    assert.deepEqual(table.problems, []);
  });

  it('reads CSV with a header, quotes, delimiters and line breaks within cells', async () => {
    const table = await read('a.csv', 'text,label\n"good, ""very""\nindeed",pos\r\nbad,neg\n');
    assert.deepEqual(table.columns, ['text', 'label']);
    assert.deepEqual(
      [...table.rows],
      [
        { line: 2, cells: ['good, "very"\nindeed', 'pos'] },
        { line: 4, cells: ['bad', 'neg'] },
      ],
    );
  });

  it('detects the delimiter', async () => {
    for (const delimiter of [',', ';', '|', '\t']) {
      const table = await read(
        'table.txt',
        ['review', 'one, two', 'a; b | c'].map((text) => `"${text}"${delimiter}x`).join('\n'),
      );
      assert.equal(table.dialect.delimiter, delimiter);
      assert.equal(table.columns.length, 2);
    }
  });

  it('reads JSON Lines, with other values than strings as JSON', async () => {
    const table = await read('a.jsonl', '{"text":"good","stars":5}\n\n{"stars":1,"text":"bad"}\n');
    assert.deepEqual(table.columns, ['text', 'stars']);
    assert.deepEqual(cells(table), [
      ['good', '5'],
      ['bad', '1'],
    ]);
    assert.equal(table.rows.lineOf(1), 3);
  });

  it('detects JSON Lines under another file name', async () => {
    assert.equal((await read('data.txt', '{"text":"good","label":"x"}\n')).format, 'jsonl');
  });

  it('reports ragged rows with line and reason, and keeps the others', async () => {
    const table = await read('a.csv', 'good,pos\nbad\n\nfine,pos,more\nok,pos\n', { header: false });
    assert.deepEqual(cells(table), [
      ['good', 'pos'],
      ['ok', 'pos'],
    ]);
    assert.deepEqual(
      table.problems.map(({ line }) => line),
      [2, 4],
    );
    assertNames(table.problems[0]?.reason, 1, 2);
    assertNames(table.problems[1]?.reason, 3, 2);
  });

  it('reports the row with an unclosed quote', async () => {
    const table = await read('a.csv', 'good,pos\nbad,neg\n"open,pos\nnever,read\n', { header: false });
    assert.deepEqual(cells(table), [
      ['good', 'pos'],
      ['bad', 'neg'],
    ]);
    assert.deepEqual(
      table.problems.map(({ line }) => line),
      [3],
    );
  });

  it('reports lines that are not JSON objects or lack a column', async () => {
    const table = await read('a.jsonl', '{"text":"a","label":"x"}\n[1]\n{"text":\n{"text":"b"}\n');
    assert.deepEqual(cells(table), [['a', 'x']]);
    assert.deepEqual(
      table.problems.map(({ line }) => line),
      [2, 3, 4],
    );
    assertNames(table.problems[2]?.reason, '"label"');
  });

  it('reads a cell of a million letters', async () => {
    const long = 'x'.repeat(1e6);
    assert.deepEqual(cells(await read('a.csv', `${long},1\nb,0\n`)), [
      [long, '1'],
      ['b', '0'],
    ]);
  });

  it('rejects a file without usable rows', async () => {
    await assert.rejects(read('a.csv', ''), inputError('empty', 'a.csv'));
    await assert.rejects(read('a.csv', 'text,label\n'), inputError('empty', 'a.csv'));
    await assert.rejects(read('a.jsonl', 'nothing\n'), inputError('empty', 'a.jsonl', 1));
  });

  const header: [name: string, first: string[], isHeader: boolean][] = [
    ['names of columns', ['Sentence', 'Label'], true],
    ['a name among others', ['id', 'review', 'source'], true],
    ['data', ['a fine film .', '1'], false],
    ['a sentence of one word and a number', ['review', '1'], false],
    ['the same twice', ['text', 'text'], false],
    [
      'a sentence next to a name',
      ['what a long sentence that nobody would take for the name of one column', 'label'],
      false,
    ],
  ];
  for (const [name, first, isHeader] of header) {
    it(`treats ${name} as ${isHeader ? 'a header' : 'data'}`, async () => {
      const text = [first, first.map((_, index) => `other ${index}`)].map((row) => row.join('\t')).join('\n');
      assert.equal((await read('a.tsv', text)).header, isHeader);
    });
  }

  it('reads every row of a table written as CSV', async () => {
    const cell = fc.string({ unit: fc.constantFrom('a', ' ', '"', ',', '\n', ';', "'"), minLength: 0, maxLength: 8 });
    const row = fc.tuple(
      cell,
      cell.map((text) => `x${text}`),
    );
    await fc.assert(
      fc.asyncProperty(fc.array(row, { minLength: 1, maxLength: 8 }), async (rows) => {
        const text = rows.map((each) => each.map((value) => `"${value.replaceAll('"', '""')}"`).join(',')).join('\n');
        const table = await readTable(
          { kind: 'text', name: 'a.csv', text, reading: { ...autoReading, delimiter: ',' } },
          { header: false },
        );
        assert.deepEqual(cells(table), rows);
        const lines = rows.map(
          (_, index) => 1 + rows.slice(0, index).join('\n').split('\n').length - (index === 0 ? 1 : 0),
        );
        assert.deepEqual(
          Array.from(table.rows, ({ line }) => line),
          lines,
        );
      }),
      seeds(200),
    );
  });
});
