import assert from 'node:assert/strict';
import { readSeries } from '../../../../src/data/numeric/readSeries.ts';
import { allWindows, seriesBaselines, SeriesWindows, windowCount } from '../../../../src/data/numeric/seriesWindows.ts';
import { fitStandardizer, standardized } from '../../../../src/data/numeric/standardizer.ts';
import type { TextSource } from '../../../../src/config/textSource.ts';
import { inputError } from '../helpers.ts';
import { assertNames } from '../../../harness/facts.ts';

const file = (text: string, name = 'series.csv'): TextSource => ({ kind: 'text', text, name });

describe('a numeric series', () => {
  it('has a channel per numeric column, with the names of the header, and lists other columns', async () => {
    const { columns, others, steps, values, problems } = await readSeries(
      file('day,low,high\nmon,1,2.5\ntue,-3,4e1\n'),
    );
    assert.deepEqual(
      [columns, others, steps, [...values], problems],
      [['low', 'high'], ['day'], 2, [1, 2.5, -3, 40], []],
    );
  });

  it('may have no header, tabs or semicolons, or be JSON Lines', async () => {
    for (const text of ['1,2\n3,4\n', '1\t2\n3\t4\n', '1;2\n3;4\n']) {
      const { columns, values } = await readSeries(file(text));
      assert.deepEqual(
        [columns, [...values]],
        [
          ['column 1', 'column 2'],
          [1, 2, 3, 4],
        ],
      );
    }
  });

  it('fills and reports cells without a number, and skips rows before the first number', async () => {
    const { values, problems } = await readSeries(file('a,b\n,1\n2,3\n,4\nn/a,5\n6,7\n8,9\n0,0\n'));
    assert.deepEqual([...values], [2, 3, 2, 4, 2, 5, 6, 7, 8, 9, 0, 0]);
    assert.deepEqual(
      problems.map(({ line }) => line),
      [2, 4, 5],
    );
    assertNames(problems[0]?.reason, '"a"');
    assertNames(problems[2]?.reason, '"a"', '"n/a"');
    await assert.rejects(
      readSeries(file('a,b\n1,1\n2,x\n3,3\n4,4\n'), { missing: 'refuse' }),
      inputError('unreadable', 3, '"b"', '"x"', 'task.missing'),
    );
  });

  it('reports ragged rows, and is rejected without numbers', async () => {
    const { values, problems } = await readSeries(file('1,2\n3\n5,6\n7,8\n'));
    assert.deepEqual([[...values], problems.map(({ line }) => line)], [[1, 2, 5, 6, 7, 8], [2]]);
    await assert.rejects(readSeries(file('a,b\nc,d\n')), inputError('empty', 'series.csv'));
  });

  it('is standardized by its first steps only, and another series by the same values, column by column', async () => {
    const series = await readSeries(file('a,b\n1,5\n3,5\n100,6\n'));
    const standardizer = fitStandardizer(series, 2);
    assert.deepEqual(standardizer, { columns: ['a', 'b'], means: [2, 5], deviations: [1, 1] });
    assert.deepEqual([...standardized(standardizer, series)], [-1, 0, 1, 0, 98, 1]);
    assert.deepEqual([...standardized(standardizer, await readSeries(file('b,a\n6,2\n')))], [0, 1]);
    assert.throws(
      () => standardized(standardizer, { ...series, columns: ['a', 'c'] }),
      inputError('no-column', '"b"', 'a, c'),
    );
  });
});

describe('windows of a series', () => {
  const shape = { timeSteps: 2, channels: 2, target: 1, horizon: 2 };
  const values = Float32Array.from({ length: 12 }, (_, at) => at);

  it('have steps of all channels as inputs and the next steps of one as targets', () => {
    const windows = allWindows(values, shape, 'short.csv');
    assert.deepEqual(
      windows.map(({ inputs, targets }) => [[...inputs], [...targets]]),
      [
        [
          [0, 1, 2, 3, 4, 5, 2, 3, 4, 5, 6, 7],
          [5, 7, 7, 9, 9, 11],
        ],
      ],
    );
    assert.deepEqual([windowCount(6, shape), windowCount(3, shape)], [3, 0]);
    assert.throws(() => allWindows(values.subarray(0, 6), shape, 'short.csv'), inputError('too-short', 'short.csv', 4));
  });

  it('occur once per epoch, and resume from a stored position', () => {
    const stream = () => new SeriesWindows(values, shape, { batchSize: 2, seed: 1 });
    const one = stream();
    const first = [one.next(), one.next()];
    assert.deepEqual(
      first.flatMap(({ targets }) => [...targets]).sort((a, b) => a - b),
      [5, 7, 7, 9, 9, 11],
    );
    const other = stream();
    other.seek(JSON.parse(JSON.stringify(one.position)));
    assert.deepEqual(other.next(), one.next());
  });

  it('have the last value and the mean as baselines', () => {
    const windows = allWindows(values, shape, 'x');
    assert.deepEqual(seriesBaselines(windows, shape), {
      'last value': (4 + 16) / 2,
      mean: (25 + 49 + 49 + 81 + 81 + 121) / 6,
    });
  });
});
