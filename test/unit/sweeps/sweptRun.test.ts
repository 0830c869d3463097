import assert from 'node:assert/strict';
import { parseRunConfig } from '../../../src/config/parse.ts';
import { rangeTestOf, rangeTestRates, rateOfStep } from '../../../src/config/rangeTest.ts';
import type { RunParent } from '../../../src/config/runParent.ts';
import type { RunModel } from '../../../src/host/runs/runModel.ts';
import { sweptRun } from '../../../src/sweeps/sweptRun.ts';
import type { EndEvent, EndReason } from '../../../src/protocol/events.ts';
import { newModel, stepEvent } from '../host/examples.ts';

const config = parseRunConfig({ model: { units: 7 }, training: { learningRate: 0.004, steps: 900 } });
const tested = newModel({ folder: '/runs/tested', config });
const end: Omit<EndEvent, 'reason'> = {
  ...{ event: 'end', run: 'test', trainLoss: 1, validationLoss: 1, bestValidationLoss: 1, bestStep: 200 },
  ...{ verdict: null, solved: null, steps: 200, seconds: 1, backend: 'reference' },
};

/** A range test whose loss is lowest at a rate of 0.1, and which ends some steps before its last one. */
function testOf(
  parent: RunModel,
  reason: RunParent['reason'] = 'again',
  state: EndReason = 'completed',
  before = 0,
): RunModel {
  const test = rangeTestOf(parent.config);
  const rates = rangeTestRates(test);
  assert.ok(rates);
  const run = newModel({ folder: '/runs/test', config: test, parent: { run: parent.id, reason, changes: {} } });
  for (let step = 1; step <= rates.steps - before; step++)
    run.apply(stepEvent(step, { loss: 2 + Math.abs(Math.log10(rateOfStep(step, rates) / 0.1)) / 2 }));
  run.apply({ ...end, reason: state, steps: rates.steps - before });
  return run;
}

describe('the base of a sweep from a run', () => {
  const find =
    (...runs: RunModel[]) =>
    (id: string) =>
      runs.find((run) => run.id === id);

  it('is the run with its configuration, unless the run is a range test', () => {
    const swept = sweptRun(tested, find());
    assert.deepEqual([swept?.run, swept?.config, swept?.changes], [tested, config, undefined]);
  });

  it('is the run that a test tests, with the rate that the test suggests', () => {
    const test = testOf(tested);
    for (const run of [test, testOf(test), testOf(test, 'repeat')]) {
      const swept = sweptRun(run, find(tested, test));
      assert.equal(swept?.run, tested);
      const { learningRate } = swept.config.training;
      assert.ok(Math.abs(Math.log(learningRate / (0.1 / 3))) < 0.3, String(learningRate));
      assert.deepEqual(swept.config, { ...config, training: { ...config.training, learningRate } });
      assert.deepEqual(swept.changes, { training: { learningRate } });
    }
  });

  it('has the rate of the run if the test has not ended', () => {
    const swept = sweptRun(testOf(tested, 'again', 'stopped', 1), find(tested));
    assert.deepEqual([swept?.run, swept?.config, swept?.changes], [tested, config, undefined]);
  });

  it('has the rate that the test suggests if the test was stopped at its last step', () => {
    const [stopped, completed] = (['stopped', 'completed'] as const).map((state) =>
      sweptRun(testOf(tested, 'again', state), find(tested)),
    );
    assert.ok(stopped?.changes);
    assert.deepEqual(stopped.changes, completed?.changes);
  });

  it('is missing if the run was deleted, or if the test only began with its weights', () => {
    assert.equal(sweptRun(testOf(tested), find()), undefined);
    assert.equal(sweptRun(testOf(tested, 'weights'), find(tested)), undefined);
  });
});
