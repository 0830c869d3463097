import assert from 'node:assert/strict';
import fc from 'fast-check';
import { refuseIneffective } from '../../../src/config/applicability.ts';
import { configDifference } from '../../../src/config/configDifference.ts';
import { parseRunConfig } from '../../../src/config/parse.ts';
import { rangeTestOf, rangeTestRates, rateOfStep, stepOfRate } from '../../../src/config/rangeTest.ts';

describe('learning rate range test', () => {
  it('keeps data, network and optimizer, and is a valid configuration, whatever the schedule was', () => {
    for (const schedule of ['constant', 'cosine', 'step', 'plateau'] as const) {
      const training = { optimizer: 'sgd', batchSize: 3, clipNorm: 2 } as const;
      const before = parseRunConfig({
        model: { cell: 'gru', units: 7 },
        training: { ...training, schedule, warmUp: 4, ...(schedule === 'step' && { decayEvery: 7 }) },
      });
      const test = rangeTestOf(before);
      assert.deepEqual(parseRunConfig(test), test);
      refuseIneffective(test);
      assert.deepEqual([test.data, test.model, test.task], [before.data, before.model, before.task]);
      const changed = Object.keys(configDifference(before, test));
      for (const field of Object.keys(training)) assert.ok(!changed.includes(`training.${field}`), field);
    }
  });

  it('is recognized by its rates, unless it warms up', () => {
    const test = rangeTestOf(parseRunConfig({}), 50);
    const { learningRate, lastLearningRate } = test.training;
    assert.deepEqual(rangeTestRates(test), { first: learningRate, last: lastLearningRate, steps: 50 });
    assert.equal(rangeTestRates(parseRunConfig({})), undefined);
    assert.equal(rangeTestRates({ ...test, training: { ...test.training, warmUp: 5 } }), undefined);
  });

  it('finds the step of each rate', () => {
    const rate = fc.double({ min: 1e-6, max: 10, noNaN: true });
    fc.assert(
      fc.property(rate, rate, fc.integer({ min: 2, max: 500 }), (first, last, steps) => {
        fc.pre(Math.abs(Math.log(last / first)) > 0.01);
        const rates = { first, last, steps };
        for (const step of [1, Math.ceil(steps / 2), steps])
          assert.ok(Math.abs(stepOfRate(rateOfStep(step, rates), rates) - step) < 1e-6);
      }),
    );
  });
});
