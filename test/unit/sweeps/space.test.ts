import assert from 'node:assert/strict';
import fc from 'fast-check';
import { getField } from '../../../src/config/parse.ts';
import { plannedTrials, trialConfig } from '../../../src/sweeps/plannedTrials.ts';
import { applies, isIn, valueAt } from '../../../src/sweeps/space/dimension.ts';
import { latinHypercube } from '../../../src/sweeps/space/latinHypercube.ts';
import { MOST_SOBOL, sobolPoints } from '../../../src/sweeps/space/sobol.ts';
import { sweepFiles, sweepOf } from './examples.ts';

function first<Item>(items: Iterable<Item>, count: number): Item[] {
  const taken: Item[] = [];
  for (const item of items) {
    if (taken.length === count) break;
    taken.push(item);
  }
  return taken;
}

const words = (dimensions: number) =>
  fc.array(fc.integer({ min: 0, max: 2 ** 32 - 1 }), { minLength: dimensions, maxLength: dimensions });

describe('search space of a sweep', () => {
  it('has every trial, with a field exactly if its conditions hold, in a configuration of the schema', () => {
    fc.assert(
      fc.property(sweepFiles, (file) => {
        const sweep = sweepOf(file);
        const trials = plannedTrials(sweep);
        assert.ok(trials.length > 0);
        for (const trial of trials.slice(0, 50)) {
          const config = trialConfig(sweep, trial);
          assert.equal(config.seed, trial.seed);
          for (const dimension of sweep.dimensions) {
            const value = trial.values[dimension.path];
            assert.equal(value !== undefined, applies(dimension, trial.values));
            if (value === undefined) continue;
            assert.ok(isIn(dimension, value), `${dimension.path}: ${value}`);
            assert.equal(getField(config, dimension.path), value);
          }
        }
      }),
      { numRuns: 60 },
    );
  });

  it('has each setting once with each seed, and the same ones for the same file', () => {
    fc.assert(
      fc.property(sweepFiles, (file) => {
        const sweep = sweepOf(file);
        const trials = plannedTrials(sweep);
        const settings = new Set(trials.map(({ values }) => JSON.stringify(values)));
        const keys = new Set(trials.map(({ values, seed }) => JSON.stringify([values, seed])));
        assert.equal(keys.size, trials.length);
        assert.equal(settings.size * sweep.seeds.length, trials.length);
        assert.deepEqual(plannedTrials(sweepOf(file)), trials);
      }),
      { numRuns: 60 },
    );
  });

  it('lists every combination in a grid', () => {
    const fields = {
      'model.cell': { choices: ['lstm', 'gru'] },
      'model.forgetBias': { values: [0, 1, 2], when: { 'model.cell': ['lstm'] } },
      'model.layers': { range: [1, 3] },
      'training.learningRate': { range: [0.001, 0.1], scale: 'log', points: 3 },
    };
    const trials = plannedTrials(sweepOf({ fields }));
    assert.equal(trials.length, (3 + 1) * 3 * 3);
    assert.deepEqual([...new Set(trials.map(({ values }) => values['training.learningRate']))], [0.001, 0.01, 0.1]);
  });

  it('draws other settings with another seed, on the scale of the range', () => {
    const draw = (seed: number, scale: string) =>
      plannedTrials(
        sweepOf({
          fields: { 'training.learningRate': { range: [0.0001, 1], scale } },
          method: { name: 'random', seed },
          budget: { trials: 64 },
        }),
      ).map(({ values }) => Number(values['training.learningRate']));
    assert.notDeepEqual(draw(1, 'log'), draw(2, 'log'));
    // A quarter of the decades, and a thousandth of the range, are below 0.001.
    assert.equal(draw(1, 'log').filter((value) => value < 0.001).length, 16);
    assert.ok(draw(1, 'linear').filter((value) => value < 0.001).length <= 1);
  });

  it('gives each value of a list, and each whole number of a range, an equal part', () => {
    const [list, range] = sweepOf({
      fields: { 'model.cell': { choices: ['lstm', 'gru', 'rnn'] }, 'model.layers': { range: [1, 5] } },
    }).dimensions;
    for (const [dimension, parts] of [
      [list, 3],
      [range, 5],
    ] as const) {
      assert.ok(dimension);
      const values = Array.from({ length: parts * 8 }, (_, i) => valueAt(dimension, i / (parts * 8)));
      const counts = [...new Set(values)].map((value) => values.filter((each) => each === value).length);
      assert.deepEqual(
        counts,
        Array.from({ length: parts }, () => 8),
      );
    }
  });
});

describe('Sobol sequence', () => {
  it('has a point in each of 2^m equal intervals of each dimension', () => {
    fc.assert(
      fc.property(words(MOST_SOBOL), fc.integer({ min: 0, max: 7 }), (shifts, m) => {
        const points = first(sobolPoints(shifts), 2 ** m);
        for (let dimension = 0; dimension < MOST_SOBOL; dimension++) {
          const strata = new Set(points.map((point) => Math.floor((point[dimension] ?? 0) * 2 ** m)));
          assert.equal(strata.size, 2 ** m, `dimension ${dimension}`);
        }
      }),
      { numRuns: 40 },
    );
  });

  it('has a point in each elementary interval of the first two dimensions', () => {
    fc.assert(
      fc.property(words(2), fc.integer({ min: 0, max: 6 }), fc.integer({ min: 0, max: 6 }), (shifts, a, b) => {
        const boxes = first(sobolPoints(shifts), 2 ** (a + b)).map(([x = 0, y = 0]) =>
          [Math.floor(x * 2 ** a), Math.floor(y * 2 ** b)].join(),
        );
        assert.equal(new Set(boxes).size, 2 ** (a + b));
      }),
      { numRuns: 40 },
    );
  });

  it('begins like the sequence of Joe and Kuo', () => {
    const points = first(sobolPoints([0, 0, 0, 0, 0]), 8);
    // scipy.stats.qmc.Sobol(5, scramble=False).random(8)
    assert.deepEqual(points, [
      [0, 0, 0, 0, 0],
      [0.5, 0.5, 0.5, 0.5, 0.5],
      [0.75, 0.25, 0.25, 0.25, 0.75],
      [0.25, 0.75, 0.75, 0.75, 0.25],
      [0.375, 0.375, 0.625, 0.875, 0.375],
      [0.875, 0.875, 0.125, 0.375, 0.875],
      [0.625, 0.125, 0.875, 0.625, 0.625],
      [0.125, 0.625, 0.375, 0.125, 0.125],
    ]);
  });
});

describe('Latin hypercube', () => {
  it('has a point in each interval of each dimension', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 100 }),
        fc.integer({ min: 1, max: 30 }),
        fc.integer({ min: 0, max: 2 ** 32 - 1 }),
        (count, dimensions, seed) => {
          const points = latinHypercube(count, dimensions, seed);
          for (let dimension = 0; dimension < dimensions; dimension++) {
            const strata = points.map((point) => Math.floor((point[dimension] ?? 0) * count));
            assert.deepEqual(
              strata.toSorted((a, b) => a - b),
              Array.from({ length: count }, (_, i) => i),
            );
          }
        },
      ),
    );
  });
});
