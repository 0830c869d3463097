import assert from 'node:assert/strict';
import fc from 'fast-check';
import type { Syntax } from '../../../../src/data/table/dialect.ts';
import { ListedRows, type TableRow } from '../../../../src/data/table/rows.ts';
import { BLANKS, RowScanner, scanCells } from '../../../../src/data/table/scanRows.ts';
import { scanTable } from '../../../../src/data/table/scanTable.ts';
import { distinctCells } from '../../../../src/data/table/distinctCells.ts';
import { TextPieces } from '../../../../src/data/table/textPieces.ts';
import { seeds } from '../../../harness/seeds.ts';

const syntaxes = fc.record<Syntax>({
  delimiter: fc.constantFrom(',', ';', '\t', ' ', ', ', ' ;', '  , ', BLANKS),
  quote: fc.constantFrom('"', "'", ''),
  escape: fc.constantFrom('double', 'backslash'),
  comment: fc.constantFrom('', '#', '//'),
});
const files = fc.string({
  unit: fc.constantFrom('a', 'b', ' ', '"', "'", '\\', ',', ';', '\t', '\n', '\n', '#', '/', 'é', '😀'),
  maxLength: 60,
});

function allRows(text: string, syntax: Syntax): TableRow[] {
  const scanner = new RowScanner(text, syntax);
  const rows: TableRow[] = [];
  for (let row = scanner.next(); row; row = scanner.next()) rows.push({ line: row.line, cells: row.cells });
  return rows;
}

/** Cuts a text at some places. */
function cut(text: string, cuts: readonly number[]): string[] {
  const places = [...new Set(cuts.map((share) => Math.floor(share * text.length)))].sort((a, b) => a - b);
  return [0, ...places].map((place, i) => text.slice(place, places[i] ?? text.length));
}

const cuts = fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { maxLength: 6 });

describe('rows of a table', () => {
  it('do not depend on the pieces in which the text is read', async () => {
    await fc.assert(
      fc.asyncProperty(files, syntaxes, cuts, async (text, syntax, places) => {
        const scanned = await scanTable(cut(text, places), syntax);
        const expected = new RowScanner(text, syntax);
        const rows = allRows(text, syntax);
        while (expected.advance());
        assert.deepEqual([...scanned.rowsAt(rows.keys())], rows);
        assert.deepEqual(
          [scanned.length, scanned.unclosed, scanned.comments, scanned.blankRows],
          [rows.length, expected.unclosed, expected.comments, expected.blankRows],
        );
      }),
      seeds(2000),
    );
  });

  it('are whole if the text is cut in a delimiter of several characters', async () => {
    for (const [delimiter, text] of [
      [', ', '"a\nb", c\nd, "e\n\nf" , g\n'],
      ['::', 'a::"b\n"::c\n"d\ne"  ::f\n'],
      [' | ', '"a\nb" | c\n"d"   | "e\n\nf" \n'],
    ] as const) {
      const syntax = { delimiter, quote: '"', escape: 'double', comment: '' } as const;
      const rows = allRows(text, syntax);
      assert.equal(rows.length, 2);
      for (let at = 0; at <= text.length; at++) {
        const scanned = await scanTable([text.slice(0, at), text.slice(at)], syntax);
        assert.deepEqual([...scanned.rowsAt(rows.keys())], rows, `cut at ${at}`);
      }
    }
  });

  it('of one number of cells are those with it, and the others are named', async () => {
    await fc.assert(
      fc.asyncProperty(files, syntaxes, cuts, fc.nat(2), async (text, syntax, places, from) => {
        const rows = allRows(text, syntax).slice(from);
        const scanned = await scanTable(cut(text, places), syntax);
        const { width } = scanned;
        const found = scanned.rowsOf(width, from);
        assert.deepEqual(
          [...found.rows],
          rows.filter(({ cells }) => cells.length === width),
        );
        assert.deepEqual(
          found.others,
          rows.flatMap(({ line, cells }) => (cells.length === width ? [] : [{ line, width: cells.length }])),
        );
        for (const { line, cells } of found.rows) {
          assert.deepEqual(found.rows.onLine(line), { line, cells });
          assert.equal(found.rows.cell(0, width), '');
        }
      }),
      seeds(1000),
    );
  });

  it('have the cells that are found one by one', () => {
    fc.assert(
      fc.property(files, syntaxes, (text, syntax) => {
        const scanner = new RowScanner(text, syntax);
        for (let row = scanner.next(); row; row = scanner.next()) {
          const cells = scanCells(text, row.start, syntax)?.map(({ value }) => value);
          // Blanks of other kinds than those that separate cells are no cells at the ends of a line.
          if (syntax.delimiter !== BLANKS) assert.deepEqual(row.cells, cells);
        }
      }),
      seeds(1000),
    );
  });

  it('are cleared where a test is true', async () => {
    const text = 'a,"b ""x""",NA\nNA,"NA",c\n';
    const { rows } = (await scanTable([text], { delimiter: ',', quote: '"', escape: 'double', comment: '' })).rowsOf(
      3,
      0,
    );
    rows.clear((cell) => cell === 'NA');
    assert.deepEqual(
      Array.from(rows, ({ cells }) => cells),
      [
        ['a', 'b "x"', ''],
        ['', '', 'c'],
      ],
    );
  });

  it('end the reading when it is canceled', async () => {
    const controller = new AbortController();
    const reason = new Error('no more');
    const pieces = ['a,b\n', 'c,d\n', 'e,f\n'];
    await assert.rejects(
      scanTable(
        pieces,
        { delimiter: ',', quote: '"', escape: 'double', comment: '' },
        {
          signal: controller.signal,
          onProgress: () => controller.abort(reason),
        },
      ),
      reason,
    );
    assert.equal(pieces.length, 2);
  });
});

describe('distinct cells', () => {
  const cell = fc.oneof(
    fc.string({ unit: fc.constantFrom('a', 'b', ' ', '\u00a0', '\0', 'é', '漢'), maxLength: 12 }),
    fc.nat(20).map(String),
    fc.constantFrom('2024-01-01 00:00', '2024-01-01 01:00', 'ab', 'abcd', 'abcdefgh', 'abcdefghi', ''),
  );

  it('are counted exactly, without the white space around them', () => {
    fc.assert(
      fc.property(fc.array(cell, { maxLength: 40 }), fc.boolean(), (cells, sorted) => {
        const own = sorted ? [...cells].sort((a, b) => a.length - b.length || (a < b ? -1 : 1)) : cells;
        const rows = new ListedRows(own.map((each, line) => ({ line, cells: [each] })));
        const lengths: number[] = [];
        const count = distinctCells(rows, 0, (length) => lengths.push(length));
        const trimmed = own.map((each) => each.trim());
        assert.equal(count, new Set(trimmed).size);
        assert.deepEqual(
          lengths,
          trimmed.map(({ length }) => length),
        );
      }),
      seeds(2000),
    );
  });

  it('are counted exactly in a text whose blocks have other characters than ASCII, or none', async () => {
    const plain = fc.stringMatching(/^[a-c ]{0,9}$/);
    const blocks = fc.array(fc.array(fc.oneof(plain, cell), { minLength: 1, maxLength: 6 }), { maxLength: 8 });
    await fc.assert(
      fc.asyncProperty(blocks, async (groups) => {
        const texts = groups.map((cells) => cells.map((each) => `x,${each}\n`).join(''));
        const table = await scanTable(texts, { delimiter: ',', quote: '"', escape: 'double', comment: '' });
        const { rows } = table.rowsOf(2, 0);
        assert.equal(distinctCells(rows, 1), new Set(groups.flat().map((each) => each.trim())).size);
      }),
      seeds(1000),
    );
  });

  it('are counted exactly when they are many', () => {
    const many = Array.from({ length: 200_000 }, (_, i) => `cell number ${(i * 7919) % 150_000}`);
    const short = many.map((each) => each.slice(-6));
    for (const cells of [many, short]) {
      const rows = new ListedRows(cells.map((each, line) => ({ line, cells: [each] })));
      assert.equal(distinctCells(rows, 0), new Set(cells.map((each) => each.trim())).size);
    }
  });
});

describe('a text in pieces', () => {
  it('has the slices, the line ends and the head of the whole', () => {
    fc.assert(
      fc.property(files, cuts, fc.nat(70), fc.nat(70), (text, places, from, length) => {
        const pieces = new TextPieces(cut(text, places));
        assert.equal(pieces.length, text.length);
        assert.equal(pieces.slice(from, from + length), text.slice(from, from + length));
        assert.equal(pieces.lineEnd(from), text.indexOf('\n', from));
        assert.ok(text.startsWith(pieces.head()));
      }),
      seeds(1000),
    );
  });
});
