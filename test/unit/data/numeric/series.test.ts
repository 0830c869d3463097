import assert from 'node:assert/strict';
import fc from 'fast-check';
import type { TextSource } from '../../../../src/config/textSource.ts';
import { channelsOf } from '../../../../src/data/numeric/forecastPlan.ts';
import {
  planForecast,
  type PlanOptions,
  prepareSeries,
  stretchesAfter,
  trainStretches,
} from '../../../../src/data/numeric/preparedSeries.ts';
import { type NumericSeries, readSeries, type SeriesOptions } from '../../../../src/data/numeric/readSeries.ts';
import { batchOf, scaledTarget, SeriesWindows, windowsIn } from '../../../../src/data/numeric/seriesWindows.ts';
import { assertClose } from '../../../oracle/compare.ts';
import { assertNames, errorWith } from '../../../harness/facts.ts';
import { inputError } from '../helpers.ts';

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
    await assert.rejects(
      readSeries(file('a,b\n1,1\n2,x\n3,3\n4,4\n'), { missing: 'refuse' }),
      inputError('unreadable', 3, '"b"', 'task.missing'),
    );
  });

  it('reports ragged rows, and is rejected without numbers', async () => {
    const { values, problems } = await readSeries(file('1,2\n3\n5,6\n7,8\n'));
    assert.deepEqual([[...values], problems.map(({ line }) => line)], [[1, 2, 5, 6, 7, 8], [2]]);
    await assert.rejects(readSeries(file('a,b\nc,d\n')), inputError('empty', 'series.csv'));
  });

  it('asks before it makes up more than a few values of a column, with their number and the first line', async () => {
    const rows = (bad: number) =>
      file(`a,b\n${Array.from({ length: 100 }, (_, row) => `${row},${row < bad ? 'x' : row}`).join('\n')}\n`);
    const few = await readSeries(rows(5), { missing: 'ask' });
    assert.equal(few.problems.length, 5);
    await assert.rejects(
      readSeries(rows(6), { missing: 'ask' }),
      inputError('many-missing', 6, 100, '"b"', 2, 'task.missing'),
    );
    assert.equal((await readSeries(rows(6), { missing: 'previous' })).problems.length, 6);
    // One cell of a short table is not many.
    assert.equal((await readSeries(file('a,b\n1,1\n2,x\n3,3\n4,4\n'), { missing: 'ask' })).problems.length, 1);
  });

  it('takes given numbers as missing, and suggests those that look like it', async () => {
    const rows = Array.from({ length: 60 }, (_, t) => `${t % 15 === 3 ? -200 : 10 + (t % 7)}`);
    const text = `a\n${rows.join('\n')}\n`;
    const { notes, problems } = await readSeries(file(text));
    assert.equal(problems.length, 0);
    assertNames(notes.at(-1), '"a"', '-200', 4, 'task.missingValues');
    const filled = await readSeries(file(text), { missingValues: [-200] });
    assert.deepEqual([Math.min(...filled.values), filled.problems.length, filled.notes], [10, 4, []]);
  });

  it('reads the columns of a list of names or numbers, and forecasts some of them', async () => {
    const text = 'a,b,"c,d"\n1,2,3\n4,5,6\n7,8,9\n';
    const chosen = async (options: SeriesOptions) => {
      const { columns, inputs, targets } = await readSeries(file(text), options);
      return [inputs, targets].map((places) => places.map((place) => columns[place]));
    };
    assert.deepEqual(await chosen({}), [['a', 'b', 'c,d'], ['c,d']]);
    assert.deepEqual(await chosen({ inputs: 'b, 1', targets: 'a' }), [['b', 'a'], ['a']]);
    assert.deepEqual(await chosen({ inputs: 'a', targets: 'c,d' }), [['a'], ['c,d']]);
    assert.deepEqual(await chosen({ targets: '2,a' }), [
      ['a', 'b', 'c,d'],
      ['b', 'a'],
    ]);
    await assert.rejects(
      readSeries(file(text), { inputs: 'e' }),
      errorWith({ code: 'no-column', fields: ['task.inputs'] }, '"e"', 'a, b'),
    );
  });
});

describe('the time of a series', () => {
  const rows = (...lines: readonly (readonly [day: string, value: number])[]) =>
    file(`day,x\n${lines.map(([day, value]) => `${day},${value}\n`).join('')}`);
  const read = async (source: TextSource, options: SeriesOptions = {}) =>
    readSeries(source, { timeColumn: 'day', inputs: '', ...options });
  const GAP = rows(['2024-01-03', 3], ['2024-01-01', 1], ['2024-01-02', 2], ['2024-01-06', 6], ['2024-01-07', 7]);

  it('sorts the rows', async () => {
    const { values, times, step, timeColumn, columns } = await read(GAP, { gaps: 'split' });
    assert.deepEqual([...values], [1, 2, 3, 6, 7]);
    assert.deepEqual(
      [...(times ?? [])],
      [...(times ?? [])].sort((a, b) => a - b),
    );
    assert.deepEqual([step, timeColumn, columns], [{ unit: 'millisecond', count: 86_400_000 }, 'day', ['x']]);
  });

  it('has gaps that are filled, split or refused, and named with their lines', async () => {
    const previous = await read(GAP);
    assert.deepEqual([...previous.values], [1, 2, 3, 3, 3, 6, 7]);
    assert.equal(previous.times?.[3], Date.UTC(2024, 0, 4));
    assert.deepEqual(
      previous.problems.map(({ line }) => line),
      [5],
    );
    assertNames(previous.problems[0]?.reason, 2, '2024-01-03');
    assert.deepEqual([...(await read(GAP, { gaps: 'interpolate' })).values], [1, 2, 3, 4, 5, 6, 7]);
    const { stretches } = await read(GAP, { gaps: 'split' });
    assert.deepEqual(stretches, [
      { group: '', first: 0, steps: 3 },
      { group: '', first: 3, steps: 2 },
    ]);
    await assert.rejects(read(GAP, { gaps: 'refuse' }), inputError('unreadable', 5, 2, '2024-01-03', 'task.gaps'));
  });

  it('has doubles that are averaged, replaced or refused, and named with their lines', async () => {
    const source = rows(['2024-01-01', 1], ['2024-01-02', 2], ['2024-01-02', 4], ['2024-01-03', 5]);
    const { values, problems } = await read(source);
    assert.deepEqual([...values], [1, 3, 5]);
    assert.deepEqual(
      problems.map(({ line }) => line),
      [4],
    );
    assertNames(problems[0]?.reason, '2024-01-02', 3);
    assert.deepEqual([...(await read(source, { doubles: 'last' })).values], [1, 4, 5]);
    await assert.rejects(read(source, { doubles: 'refuse' }), inputError('unreadable', 4, 3, 'task.doubles'));
  });

  it('is that of each series in a file of several', async () => {
    const source = file(
      'day,shop,x\n2024-01-02,b,20\n2024-01-01,a,1\n2024-01-01,b,10\n2024-01-02,a,2\n2024-01-03,a,3\n',
    );
    const { values, stretches, groupColumn } = await read(source, { groupColumn: 'shop' });
    assert.deepEqual([...values], [10, 20, 1, 2, 3]);
    assert.deepEqual(stretches, [
      { group: 'b', first: 0, steps: 2 },
      { group: 'a', first: 2, steps: 3 },
    ]);
    assert.equal(groupColumn, 'shop');
  });
});

/** A series of two groups whose values name their group and time, with a gap in the second. */
function grouped(lengths: readonly number[]): NumericSeries {
  const stretches = lengths.map((steps, i) => ({
    group: i === 0 ? 'a' : 'b',
    first: lengths.slice(0, i).reduce((sum, each) => sum + each, 0),
    steps,
  }));
  const steps = lengths.reduce((sum, each) => sum + each, 0);
  const values = new Float64Array(2 * steps);
  stretches.forEach(({ first, steps: own }, i) => {
    for (let t = 0; t < own; t++) values.set([1000 * (i + 1) + t, Math.sin(t) + 5], 2 * (first + t));
  });
  return {
    name: 'groups.csv',
    columns: ['x', 'y'],
    units: ['', ''],
    values,
    steps,
    inputs: [0, 1],
    targets: [0, 1],
    times: null,
    timeColumn: null,
    step: null,
    groupColumn: 'group',
    stretches,
    others: [],
    problems: [],
    notes: [],
    sentinels: [],
  };
}

const PLAN: PlanOptions = {
  timeSteps: 4,
  horizon: 2,
  isRecursive: false,
  quantiles: [],
  calendar: [],
  transform: { log: false, difference: 'none' },
  season: undefined,
};

describe('windows of a series', () => {
  const transforms = fc.record({
    log: fc.boolean(),
    difference: fc.constantFrom('none' as const, 'last' as const, 'season' as const),
  });

  it('never span two series or a gap, and training windows never read the validation part', () => {
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: 30, max: 60 }), { minLength: 2, maxLength: 4 }),
        fc.integer({ min: 1, max: 5 }),
        fc.integer({ min: 1, max: 4 }),
        transforms,
        fc.constantFrom(0.5, 0.7, 0.9),
        (lengths, timeSteps, horizon, transform, share) => {
          const series = grouped(lengths);
          const train = trainStretches(series, share);
          const plan = planForecast(series, train, { ...PLAN, timeSteps, horizon, transform, season: 3 });
          const prepared = prepareSeries(series, plan);
          const inStretch = (step: number, { first, steps }: { first: number; steps: number }) =>
            step >= first && step < first + steps;
          for (const { origin, stretch } of windowsIn(prepared, train, horizon)) {
            const part = train[prepared.stretches.indexOf(stretch)]!;
            assert.ok(inStretch(origin + 1 - timeSteps, part) && inStretch(origin + horizon, part));
          }
          const held = stretchesAfter(series, share);
          const windows = windowsIn(prepared, held, horizon);
          for (const { origin, stretch } of windows) {
            assert.ok(inStretch(origin + 1 - timeSteps, stretch));
            const part = held[prepared.stretches.indexOf(stretch)]!;
            assert.ok(inStretch(origin + 1, part) && inStretch(origin + horizon, part));
          }
        },
      ),
      { numRuns: 50 },
    );
  });

  it('have the scaled inputs of their steps, and targets that give the true values back', () => {
    fc.assert(
      fc.property(transforms, fc.integer({ min: 1, max: 9 }), (transform, horizon) => {
        const series = grouped([60, 50]);
        const plan = planForecast(series, series.stretches, { ...PLAN, horizon, transform, season: 7 });
        const prepared = prepareSeries(series, plan);
        const windows = windowsIn(prepared, series.stretches, horizon).slice(3, 9);
        const batch = batchOf(prepared, windows);
        assert.equal(channelsOf(plan), 2);
        assert.deepEqual([batch.inputs.length, batch.targets.length], [4 * 6 * 2, 6 * horizon * 2]);
        windows.forEach((at, b) => {
          for (let k = 0; k < 2; k++) {
            for (let h = 1; h <= horizon; h++) {
              const target = batch.targets[(b * horizon + h - 1) * 2 + k]!;
              assertClose('target', [target], [scaledTarget(prepared, at, h, k)], 1e-6);
            }
          }
        });
      }),
    );
  });

  it('are scaled by the training part of their own series', () => {
    const series = grouped([40, 40]);
    const plan = planForecast(series, trainStretches(series, 0.5), PLAN);
    assert.deepEqual(
      plan.scales.map(({ group, inputs }) => [group, inputs[0]?.mean]),
      [
        ['a', 1009.5],
        ['b', 2009.5],
      ],
    );
    const { inputs } = prepareSeries(series, plan);
    assertClose('scaled', [inputs[0]!], [inputs[2 * 40]!], 1e-6);
  });

  it('occur once per epoch, and resume from a stored position', () => {
    const series = grouped([20]);
    const prepared = prepareSeries(series, planForecast(series, series.stretches, PLAN));
    const windows = windowsIn(prepared, series.stretches, 2);
    assert.equal(windows.length, 20 - 4 - 2 + 1);
    const stream = () => new SeriesWindows(prepared, windows, { batchSize: 5, seed: 1 });
    const one = stream();
    const seen = [one.next(), one.next(), one.next()].flatMap(({ inputs }) => [...inputs.subarray(0, 10)]);
    assert.equal(new Set(seen.filter((_, i) => i % 2 === 0)).size, 15);
    const other = stream();
    other.seek(JSON.parse(JSON.stringify(one.position)));
    assert.deepEqual(other.next(), one.next());
  });
});
