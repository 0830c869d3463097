import assert from 'node:assert/strict';
import fc from 'fast-check';
import { dataKindOf } from '../../../../src/data/inspect/dataKind.ts';
import { inspectDataSet } from '../../../../src/data/inspect/inspectDataSet.ts';
import { readLabeledTable } from '../../../../src/data/labeled/fastText.ts';
import { labeledTexts } from '../../../../src/data/labeled/labeledTexts.ts';
import { assertNames } from '../../../harness/facts.ts';
import { inputError } from '../helpers.ts';
import { seeds } from '../../../harness/seeds.ts';

const source = (text: string, name = 'train.txt') => ({ kind: 'text', name, text }) as const;

describe('texts with the labels of fastText', () => {
  it('are read back as written', async () => {
    const label = fc.stringMatching(/^[^\s\0\ufeff]{1,8}$/u).filter((each) => !each.startsWith('__label__'));
    const text = fc.stringMatching(/^[a-z,"';|\t]{1,20}( [a-z,"';|]{1,10})?$/).filter((each) => each.trim() === each);
    await fc.assert(
      fc.asyncProperty(fc.array(fc.tuple(label, text), { minLength: 1, maxLength: 8 }), async (written) => {
        const lines = source(written.map((row) => `__label__${row.join(' ')}\n`).join(''));
        assert.equal(await dataKindOf(lines), 'table');
        const table = await readLabeledTable(lines);
        assert.deepEqual(table.problems, []);
        assert.deepEqual(
          labeledTexts(table).items.map((item) => [item.label, item.text]),
          written,
        );
      }),
      seeds(100),
    );
  });

  it('name the lines that cannot be used', async () => {
    const lines = ['__label__x a', 'b', '__label__x __label__y c', '', '__label__x', '__label__y d'];
    const many = Array.from({ length: 40 }, () => '__label__y more');
    const { rows, problems } = await readLabeledTable(source([...lines, ...many].join('\n')));
    assert.deepEqual(
      problems.map(({ line }) => line),
      [2, 3, 5],
    );
    assert.deepEqual(
      rows.slice(0, 2).map(({ line, cells }) => [line, ...cells]),
      [
        [1, 'x', 'a'],
        [6, 'y', 'd'],
      ],
    );
    assertNames(problems[1]?.reason, 2, 'x', 'y');
    await assert.rejects(readLabeledTable(source('__label__x\n')), inputError('empty', 'train.txt', 1));
  });

  it('are inspected as they are read for training', async () => {
    const text = Array.from({ length: 30 }, (_, index) => `__label__${index % 3} text number ${index}\n`).join('');
    const found = await inspectDataSet(source(text), { validationShare: 0.2, seed: 1 });
    assert.deepEqual([found.task, found.items, found.labelCount], ['classification', 30, 3]);
    assert.deepEqual(
      found.labels.map(({ validation }) => validation),
      [2, 2, 2],
    );
  });
});
