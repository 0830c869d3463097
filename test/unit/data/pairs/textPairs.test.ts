import assert from 'node:assert/strict';
import { type ParallelText, readTextPairs, textPairs } from '../../../../src/data/pairs/textPairs.ts';
import { readTable } from '../../../../src/data/table/readTable.ts';
import type { TextSource } from '../../../../src/config/textSource.ts';
import { inputError } from '../helpers.ts';
import { sharedData } from '../sharedData.ts';
import { assertNames } from '../../../harness/facts.ts';

const file = (name: string, text: string): TextSource => ({ kind: 'text', text, name });

describe('pairs of texts from a table', () => {
  it('are its first two columns, or the specified ones', async () => {
    const plain = await readTable(file('pairs.tsv', 'Go.\tVa !\nHi.\tSalut !\n'));
    assert.deepEqual(textPairs(plain).pairs, [
      { line: 1, source: 'Go.', target: 'Va !' },
      { line: 2, source: 'Hi.', target: 'Salut !' },
    ]);
    const named = await readTable(file('pairs.csv', 'id,fra,eng\n1,"Va, va !",Go.\n'), { header: true });
    assert.deepEqual(textPairs(named, { source: 'eng', target: '2' }).pairs, [
      { line: 2, source: 'Go.', target: 'Va, va !' },
    ]);
    assert.throws(() => textPairs(named, { target: 'deu' }), inputError('no-column', '"deu"', 'fra'));
  });

  it('are complete; rows with a blank side and skipped rows are reported', async () => {
    const { pairs, problems } = textPairs(await readTable(file('pairs.tsv', 'a\tb\n \tb\nc\td\nalone\ne\t\n')));
    assert.deepEqual(
      pairs.map(({ line }) => line),
      [1, 3],
    );
    assert.deepEqual(
      problems.map(({ line }) => line),
      [2, 4, 5],
    );
    assertNames(problems[0]?.reason, 'source');
    assertNames(problems[2]?.reason, 'target');
  });

  it('are read from English and French', async function () {
    const { pairs, problems } = textPairs(
      await readTable({ kind: 'file', path: sharedData(this, 'eng-fra', 'dev.tsv') }),
    );
    assert.deepEqual([pairs.length, problems.length], [2000, 0]);
  });
});

describe('pairs of texts from two files', () => {
  const read = (source: string, target: string): Promise<ParallelText> =>
    readTextPairs(file('a.en', source), file('a.fr', target));

  it('are their lines', async () => {
    assert.deepEqual((await read('Go.\r\nHi.', 'Va !\nSalut !\n')).pairs, [
      { line: 1, source: 'Go.', target: 'Va !' },
      { line: 2, source: 'Hi.', target: 'Salut !' },
    ]);
  });

  it('are complete, and the others are reported', async () => {
    const { pairs, problems } = await read('a\n\nc\n', 'x\ny\n \n');
    assert.deepEqual(
      pairs.map(({ line }) => line),
      [1],
    );
    assert.deepEqual(
      problems.map(({ line }) => line),
      [2, 3],
    );
    assertNames(problems[0]?.reason, 'source');
    assertNames(problems[1]?.reason, 'target');
  });

  it('are rejected if the numbers of lines differ or the files are empty', async () => {
    await assert.rejects(read('a\nb\n', 'x\n'), inputError('not-parallel', 'a.en', 'a.fr', 2, 1));
    await assert.rejects(read('', ''), inputError('empty'));
  });
});
