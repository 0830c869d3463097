import assert from 'node:assert/strict';
import { baselineName } from '../../../src/config/baselines.ts';
import { autoReading } from '../../../src/config/reading.ts';
import { readTable } from '../../../src/data/table/readTable.ts';
import { scoreTerms } from '../../../src/protocol/glossary/terms.ts';
import { report } from '../../../src/protocol/report.ts';
import { scoreLabel } from '../../../src/protocol/scoreLabels.ts';
import { classesOf } from '../../../src/sentiment/labelNames.ts';
import { embeddingMatrix } from '../../../src/worker/course/embedding.ts';

/** Names of properties that every object inherits, which data may contain like any other. */
const INHERITED = [...Object.getOwnPropertyNames(Object.prototype), 'then'];

describe('names that every object inherits', () => {
  it('are names of scores, baselines and classes like any other', () => {
    for (const name of INHERITED) {
      assert.equal(scoreLabel(name), name);
      assert.equal(baselineName(name), name);
      assert.equal(scoreTerms.get(name), undefined);
      assert.deepEqual([...classesOf([name], [name, 'other'], 'a.csv').values()], [0]);
    }
  });

  it('are delimiters like any other', async () => {
    for (const delimiter of INHERITED) {
      const text = ['a', 'b', 'c'].map((cell) => `${cell}${delimiter}"${cell}"\n`).join('');
      const reading = { ...autoReading, delimiter, quote: '"', header: 'no' } as const;
      const table = await readTable({ kind: 'text', name: 'a.csv', text, reading });
      assert.deepEqual(
        Array.from(table.rows, ({ cells }) => cells),
        ['a', 'b', 'c'].map((cell) => [cell, cell]),
      );
    }
  });

  it('are words of lessons like any other', () => {
    const row = embeddingMatrix(['a'], {}).length;
    assert.equal(embeddingMatrix(INHERITED, {}).length, row * INHERITED.length);
    assert.ok(embeddingMatrix(INHERITED, {}).every((value) => Number.isFinite(value)));
  });
});

describe('blocks of a report', () => {
  const names = { title: 'a', rowAxis: 'b', columnAxis: 'c', unit: 'd', note: '' };
  const blocks: readonly [string, object][] = [
    ['a matrix', { kind: 'matrix', ...names, rows: ['a'], columns: ['b', 'c'], values: [1], path: [] }],
    ['a confusion matrix', { kind: 'confusion', ...names, classes: ['a', 'b'], counts: [1, 2, 3] }],
    [
      'a graph',
      { kind: 'graph', title: 'a', nodes: [{ name: 'a', note: '' }], edges: [{ from: 0, to: 1, weight: 1 }], note: '' },
    ],
  ];
  for (const [name, block] of blocks)
    it(`refuses ${name} whose sizes disagree`, () =>
      assert.equal(report.safeParse({ step: 1, blocks: [block] }).success, false));
});
