import assert from 'node:assert/strict';
import fc from 'fast-check';
import { bestSettings } from '../../../src/sweeps/analysis/bestSettings.ts';
import { bestSoFar } from '../../../src/sweeps/analysis/bestSoFar.ts';
import { effectOf, importanceOf, measuredSettings } from '../../../src/sweeps/analysis/importance.ts';
import { SweepState } from '../../../src/sweeps/plan/sweepState.ts';
import type { Setting } from '../../../src/sweeps/space/dimension.ts';
import { endOf, planOf, startOf, sweepOf } from './examples.ts';

const fields = {
  'training.learningRate': { values: [0.001, 0.01, 0.1] },
  'model.cell': { choices: ['lstm', 'gru'] },
  'model.layers': { range: [1, 4] },
};
const grid = sweepOf({ fields });

/** A sweep whose trials have ended with the objectives of their settings. */
function ended(sweep: typeof grid, objectiveOf: (values: Setting, seed: number) => number | null): SweepState {
  const state = SweepState.of(planOf(sweep));
  for (const { trial, values, seed } of state.trials) {
    assert.ok(state.apply(startOf(trial)));
    assert.ok(state.apply(endOf(trial, objectiveOf(values, seed))));
  }
  return state;
}

const importance = (state: SweepState, sweep = grid) => importanceOf(sweep, measuredSettings(state));

describe('analysis of a sweep', () => {
  it('gives all of the variance to the only field with an effect, in any monotonic form', () => {
    for (const form of [Math.log, Math.exp, (value: number) => -value]) {
      const [first, ...others] = importance(ended(grid, (values) => form(Number(values['model.layers']))));
      assert.equal(first?.path, 'model.layers');
      assert.ok(first.share > 0.999);
      for (const { share } of others) assert.equal(share, 0);
    }
  });

  it('orders fields by their effects', () => {
    const state = ended(
      grid,
      (values) => 10 * Number(values['model.layers']) + (values['model.cell'] === 'gru' ? 15 : 0),
    );
    const [first, second, third] = importance(state);
    assert.deepEqual([first?.path, second?.path, third?.share], ['model.layers', 'model.cell', 0]);
    assert.ok((first?.share ?? 0) > (second?.share ?? 0) && (second?.share ?? 0) > 0.1);
  });

  it('gives shares from 0 to 1, next to nothing for a field without an effect in a random sweep', () => {
    const sweep = sweepOf({
      fields: {
        'training.learningRate': { range: [0.001, 1], scale: 'log' },
        'training.clipNorm': { range: [0.1, 10] },
      },
      method: { name: 'random' },
      budget: { trials: 64 },
    });
    const state = ended(sweep, (values) => (Math.log(Number(values['training.learningRate'])) + 3) ** 2);
    const shares = new Map(importance(state, sweep).map(({ path, share }) => [path, share]));
    assert.ok((shares.get('training.learningRate') ?? 0) > 0.8);
    assert.ok((shares.get('training.clipNorm') ?? 1) < 0.2);
    fc.assert(
      fc.property(fc.array(fc.option(fc.double({ noNaN: true })), { minLength: 24, maxLength: 24 }), (numbers) => {
        let next = 0;
        for (const { share } of importance(ended(grid, () => numbers[next++] ?? null)))
          assert.ok(share >= 0 && share <= 1);
      }),
    );
  });

  it('has the objectives of each value of a field', () => {
    const state = ended(grid, (values) => Number(values['training.learningRate']));
    assert.deepEqual(
      effectOf('training.learningRate', measuredSettings(state)).map(({ value, objectives }) => [
        value,
        [...new Set(objectives)],
        objectives.length,
      ]),
      [0.001, 0.01, 0.1].map((value) => [value, [value], 8]),
    );
  });

  it('ranks settings by the mean over their seeds, without those that have no objective', () => {
    const sweep = sweepOf({ fields: { 'model.units': { values: [4, 8, 16] } }, seeds: 2 });
    const state = ended(sweep, ({ 'model.units': units }, seed) =>
      units === 16 && seed === 2 ? null : Number(units) + seed,
    );
    const [first, second, ...others] = bestSettings(sweep, state);
    assert.deepEqual(others, []);
    assert.deepEqual([first?.values, first?.mean, first?.objectives], [{ 'model.units': 4 }, 5.5, [5, 6]]);
    assert.equal(first?.deviation, Math.sqrt(0.5));
    assert.deepEqual([second?.mean, second?.runs], [9.5, ['run-3', 'run-4']]);
    const higher = sweepOf({
      fields: { 'model.units': { values: [4, 8, 16] } },
      seeds: 2,
      objective: { direction: 'higher' },
    });
    assert.equal(bestSettings(higher, state)[0]?.mean, 9.5);
  });

  it('has the best objective so far, which never gets worse', () => {
    fc.assert(
      fc.property(fc.array(fc.option(fc.double({ noNaN: true })), { minLength: 24, maxLength: 24 }), (numbers) => {
        let next = 0;
        const state = ended(grid, () => numbers[next++] ?? null);
        const progress = bestSoFar(state, grid.objective);
        assert.equal(progress.length, 24);
        progress.forEach(({ best }, i) => {
          const before = progress.slice(0, i + 1).flatMap(({ objective }) => objective ?? []);
          assert.equal(best, before.length === 0 ? null : Math.min(...before));
        });
      }),
    );
  });
});
