import assert from 'node:assert/strict';
import fc from 'fast-check';
import { COLUMNS } from '../../../../src/catalog/columns.ts';
import { chooseRuns } from '../../../../src/catalog/report/chooseRuns.ts';
import { exampleReport } from '../../../../src/catalog/report/exampleReport.ts';
import { linkTarget } from '../../../../src/catalog/report/links.ts';
import { BLOCK_KEYS, DEFAULT_BLOCK, parseBlock, plotKind, PLOTS } from '../../../../src/catalog/report/parseBlock.ts';
import { printBlock } from '../../../../src/catalog/report/printBlock.ts';
import { neededCurves, readReport } from '../../../../src/catalog/report/readReport.ts';
import { splitReport } from '../../../../src/catalog/report/splitReport.ts';
import { REPORT_X, type ReportBlock, type ReportPart } from '../../../../src/protocol/reportPage.ts';
import { exampleRows } from '../examples.ts';

const keys = COLUMNS.map(({ key }) => key);
const oneLine = fc
  .string({ minLength: 1, unit: 'grapheme' })
  .map((text) => text.replaceAll(/\s+/g, ' ').trim())
  .filter((text) => text !== '');

/** A block whose keys apply to its plot, as the grammar can express it. */
const anyBlock: fc.Arbitrary<ReportBlock> = fc
  .record({
    runs: oneLine,
    plot: fc.constantFrom(...PLOTS),
    x: fc.constantFrom(...REPORT_X),
    group: fc.option(fc.constantFrom(...keys)),
    columns: fc.option(fc.array(fc.constantFrom(...keys), { minLength: 1, maxLength: 4 })),
    sort: fc.array(
      fc.record({ column: fc.constantFrom(...keys), descending: fc.boolean() }, { noNullPrototype: true }),
      { maxLength: 3 },
    ),
    limit: fc.option(fc.integer({ min: 1, max: 1e9 })),
    step: fc.option(fc.nat()),
    logarithmic: fc.boolean(),
    caption: fc.oneof(fc.constant(''), oneLine),
  })
  .map((block) => {
    const kind = plotKind(block.plot);
    const { x, group, columns, step, logarithmic } = DEFAULT_BLOCK;
    return {
      ...block,
      ...(kind === 'metric' ? {} : { x }),
      ...(kind === 'gradient' ? { group } : { step }),
      ...(kind === 'table' ? { logarithmic } : { columns }),
    };
  });

/** Lines that look like reports. */
const anyReport = fc
  .array(
    fc.oneof(
      fc.constantFrom(
        '```sequence-lab',
        '```',
        '~~~',
        '````',
        '```js',
        '# A',
        '',
        'runs: cell = gru',
        '  and best < 2',
      ),
      fc.constantFrom('runs: a, b', 'plot: los', 'plot: table', 'columns: best,,lr', 'x: items', 'sort: -best', '#'),
      fc.string(),
    ),
    { maxLength: 30 },
  )
  .chain((lines) => fc.constantFrom('\n', '\r\n', '\r').map((end) => lines.join(end)));

const fenced = (...lines: readonly string[]) => ['```sequence-lab', ...lines, '```'].join('\n');
const partOf = (text: string): ReportPart => {
  const [part] = readReport(text, exampleRows).parts;
  assert.ok(part);
  return part;
};
const problemsOf = (...lines: readonly string[]) => {
  const part = partOf(fenced(...lines));
  assert.equal(part.kind, 'problems');
  return part.problems;
};

describe('a report', () => {
  it('is read from any text, with every problem at its place', () => {
    fc.assert(
      fc.property(anyReport, (text) => {
        const lines = text.split(/\r\n|\r|\n/);
        let last = 0;
        for (const part of readReport(text, exampleRows).parts) {
          assert.ok(part.line > last);
          last = part.line;
          if (part.kind !== 'problems') continue;
          assert.ok(part.problems.length > 0);
          for (const { line, column, length, source } of part.problems) {
            assert.equal(source, lines[line - 1]);
            assert.ok(column + length <= source.length, JSON.stringify({ line, column, length, source }));
          }
        }
      }),
      { numRuns: 500 },
    );
  });

  it('keeps every line outside of its blocks', () => {
    fc.assert(
      fc.property(anyReport, (text) => {
        const lines = text.split(/\r\n|\r|\n/);
        const seen = splitReport(text).flatMap((part): readonly { readonly line: number }[] =>
          part.kind === 'markdown'
            ? part.lines
            : [
                part.opening,
                ...part.lines,
                ...(part.isClosed ? [{ line: part.opening.line + part.lines.length + 1 }] : []),
              ],
        );
        assert.deepEqual(
          seen.map(({ line }) => line),
          lines.map((_, i) => i + 1),
        );
      }),
    );
  });

  it('has the blocks that were printed', () => {
    fc.assert(
      fc.property(anyBlock, (block) => {
        const [part] = splitReport(printBlock(block));
        assert.ok(part?.kind === 'block' && part.isClosed);
        const read = parseBlock(part.lines, part.opening);
        assert.ok('block' in read, JSON.stringify(read));
        assert.deepEqual(read.block, block);
      }),
      { numRuns: 500 },
    );
  });

  it('continues a value over indented lines, and reports places in them', () => {
    const part = partOf(fenced('# a comment', 'runs: cell = gru', '  or cell = lstm', 'plot: loss'));
    assert.ok(part.kind === 'plot');
    assert.equal(part.block.runs, 'cell = gru or cell = lstm');
    assert.deepEqual(
      part.runs,
      exampleRows.filter(({ values }) => values['cell'] !== 'rnn').map(({ id }) => id),
    );
    const [problem] = problemsOf('runs: cell = gru', '  and bestt < 2');
    assert.deepEqual([problem?.line, problem?.column, problem?.length], [3, 6, 5]);
  });

  it('reports what it does not know, with the nearest name', () => {
    const said = (...lines: readonly string[]) => JSON.stringify(problemsOf(...lines));
    assert.match(said('runs: all', 'colums: best'), /columns/);
    assert.match(said('runs: all', 'plot: valdationLoss'), /validationLoss/);
    assert.match(said('runs: all', 'plot: table', 'columns: name, bst'), /"best"/);
    assert.match(said('runs: all', 'sort: -bst'), /"best"/);
    for (const key of BLOCK_KEYS) assert.equal(problemsOf('runs: all', `${key}:`).length > 0, true, key);
  });

  it('reports keys without an effect, twice given keys, missing runs and a missing end', () => {
    assert.equal(problemsOf('runs: all', 'plot: table', 'x: seconds').length, 1);
    assert.equal(problemsOf('runs: all', 'step: 5').length, 1);
    assert.equal(problemsOf('runs: all', 'runs: all').length, 1);
    assert.equal(problemsOf('plot: loss').length, 1);
    assert.equal(problemsOf('runs: all', 'no key here').length, 1);
    assert.equal(partOf('```sequence-lab\nruns: all').kind, 'problems');
  });

  it('reports everything that is wrong in a block at once, in the order of its lines', () => {
    const problems = problemsOf('plot: gradient', 'runs: cel = gru', 'x: step', 'limit: 0', 'sort: bst');
    assert.deepEqual(
      problems.map(({ line }) => line),
      [3, 4, 5, 6],
    );
    assert.deepEqual([problems[0]?.column, problems[0]?.length], [6, 3]);
    assert.equal(problemsOf('runs:', 'limit: 0').length, 2);
    assert.equal(problemsOf('runs: no-such-run, other', 'limit: 0').length, 2);
  });

  it('leaves blocks inside other code as text', () => {
    const part = partOf(['~~~~md', fenced('runs: all'), '~~~~'].join('\n'));
    assert.equal(part.kind, 'text');
  });

  it('names the series and the probes that its plots need', () => {
    const { parts } = readReport(
      [fenced('runs: cell = gru', 'plot: trainBits'), fenced('runs: cell = gru', 'plot: gradient', 'step: 7')].join(
        '\n',
      ),
      exampleRows,
    );
    const [[, needs] = []] = neededCurves(parts);
    assert.deepEqual([[...(needs?.series ?? [])], [...(needs?.probes ?? [])]], [['trainLoss'], [7]]);
  });

  it('begins as an example that can be drawn', () => {
    const ids = exampleRows.map(({ id }) => id);
    for (const text of [exampleReport(ids.slice(0, 2)), exampleReport([])]) {
      const { parts } = readReport(text, exampleRows);
      assert.ok(parts.every(({ kind }) => kind !== 'problems'));
      for (const part of parts) if (part.kind === 'plot') assert.ok(part.runs.length > 0);
    }
  });
});

describe('the runs of a block', () => {
  const rows = exampleRows.map((row, i) => ({
    id: `run-${i}`,
    values: { ...row.values, name: `Run ${i}, the (best)`, archived: i === 2 },
  }));
  const ids = (text: string) => chooseRuns(text, rows).map(({ id }) => id);

  it('are those of a list, in its order, by ids or names', () => {
    assert.deepEqual(ids('run-2, run-0'), ['run-2', 'run-0']);
    assert.deepEqual(ids('run-1'), ['run-1']);
    assert.deepEqual(ids('"Run 1, the (best)", run-0, run-0'), ['run-1', 'run-0']);
    assert.throws(() => ids('run-0, rn-1'), { position: 7, length: 4 });
  });

  it('are those of a filter, without archived ones unless it asks for them', () => {
    assert.ok(!ids('all').includes('run-2'));
    assert.deepEqual(ids('archived = yes'), ['run-2']);
    assert.equal(
      ids('cell in (gru, lstm)').every((id) => rows.some((row) => row.id === id)),
      true,
    );
    assert.throws(() => ids('cel = gru'));
  });
});

describe('a link of a report', () => {
  it('leads to web pages, headings and relative files only', () => {
    assert.deepEqual(linkTarget('https://example.org/a'), { kind: 'web', url: 'https://example.org/a' });
    assert.deepEqual(linkTarget('#What it Shows'.replaceAll(' ', '%20')), { kind: 'heading', id: 'what-it-shows' });
    assert.deepEqual(linkTarget('../data/a%20b.csv#L3'), { kind: 'file', path: '../data/a b.csv' });
    const unsafe = ['javascript:alert(1)', 'JavaScript:x', 'command:a', 'vscode:x', 'file:///etc', 'data:text/html,x'];
    for (const href of [
      ...unsafe,
      '//host/a',
      '/etc/passwd',
      '\\\\host\\a',
      '%5C%5Chost/a',
      'c:/a',
      'c%3A/a',
      '',
      ' a',
    ])
      assert.equal(linkTarget(href), undefined, href);
  });
});
