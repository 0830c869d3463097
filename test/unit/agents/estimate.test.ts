import assert from 'node:assert/strict';
import fc from 'fast-check';
import { costOf, estimateRest, estimateTraining, estimator } from '../../../src/agents/estimate.ts';
import { estimateSweep } from '../../../src/agents/estimateSweep.ts';
import { parseRunConfig } from '../../../src/config/parse.ts';
import { runsFolder } from '../../../src/runs/home.ts';
import { checkSweep } from '../../../src/sweeps/checkSweep.ts';
import { parseSweepFile } from '../../../src/sweeps/parseSweepFile.ts';
import { plannedTrials, trialConfig } from '../../../src/sweeps/plannedTrials.ts';
import { exampleRecord, writeExample } from '../runs/examples.ts';
import { temporaryFolder } from '../runs/temporary.ts';

describe('estimates of the cost', () => {
  const home = temporaryFolder();
  const lab = () => ({ home: home() });
  const record = exampleRecord('run-a', { config: { model: { units: 32 } } });
  const store = async () => writeExample(runsFolder(home()), record);
  const rate = record.progress.seconds / record.progress.step;

  it('take the measured rate of a run whose steps take as long', async () => {
    await store();
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 1, max: 10_000 }),
        fc.double({ min: 0.001, max: 1, noNaN: true }),
        async (steps, learningRate) => {
          const config = parseRunConfig({
            model: { units: 32 },
            seed: steps,
            training: { steps, seconds: 0, learningRate },
          });
          const { estimate, basis } = await estimateTraining(config, lab());
          assert.deepEqual(basis, ['run-a']);
          assert.equal(estimate.steps, steps);
          assert.ok(Math.abs((estimate.seconds ?? NaN) - steps * rate) < 1e-9 * steps * rate);
          assert.ok((estimate.diskBytes ?? 0) > 0 && (estimate.memoryBytes ?? 0) > 0);
        },
      ),
      { numRuns: 20 },
    );
  });

  it('do not know the time of another network, and never exceed the time limit', async () => {
    await store();
    const other = parseRunConfig({ model: { units: 33 }, training: { seconds: 0 } });
    const { estimate, basis } = await estimateTraining(other, lab());
    assert.deepEqual([estimate.seconds, estimate.diskBytes, basis], [null, null, []]);
    const limited = parseRunConfig({ model: { units: 32 }, training: { steps: 1_000_000, seconds: 5 } });
    assert.equal((await estimateTraining(limited, lab())).estimate.seconds, 5);
  });

  it('of the rest of a run tell no limit of the time from one that is nearly used up', async () => {
    const run = { folder: await store(), record };
    const { progress } = record;
    const limitOf = async (seconds: number) => (await estimateRest(run, { steps: 150, seconds })).limit;
    assert.equal(await limitOf(0), null);
    assert.equal(await limitOf(progress.seconds), 0);
    assert.equal(await limitOf(progress.seconds + 5), 5);
  });

  it('of the rest of a run count from its last step', async () => {
    const rest = await estimateRest({ folder: await store(), record }, { steps: 150 });
    assert.equal(rest.estimate.steps, 50);
    assert.ok(Math.abs((rest.estimate.seconds ?? NaN) - 50 * rate) < 1e-9);
  });
});

describe('estimates of a sweep', () => {
  const home = temporaryFolder();
  const lab = () => ({ home: home() });
  const units = [8, 16, 24];
  /** Seconds per step by the number of units. */
  const speed = (size: number) => size / 10;

  beforeEach(async () => {
    for (const size of units)
      await writeExample(
        runsFolder(home()),
        exampleRecord(`run-${size}`, {
          config: { model: { units: size } },
          progress: { ...exampleRecord('run').progress, step: 10, seconds: 10 * speed(size) },
        }),
      );
  });

  const estimateOf = async (file: object) => {
    const parsed = parseSweepFile(file);
    const base = parseRunConfig({ data: { train: 'a.txt' }, ...parsed.base });
    const sweep = checkSweep(parsed, base);
    const trials = plannedTrials(sweep);
    return { sweep, trials, cost: await estimateSweep({ sweep, trials }, await estimator(lab())) };
  };

  it('are the sum of the estimates of its trials, whatever it tries', async () => {
    const values = fc.uniqueArray(fc.constantFrom(...units), { minLength: 1 });
    const steps = fc.uniqueArray(fc.integer({ min: 1, max: 100_000 }), { minLength: 1, maxLength: 3 });
    await fc.assert(
      fc.asyncProperty(values, steps, fc.integer({ min: 1, max: 3 }), async (sizes, lengths, seeds) => {
        const { cost, sweep, trials } = await estimateOf({
          base: { training: { steps: 10, seconds: 0 } },
          fields: { 'model.units': { values: sizes }, 'training.steps': { values: lengths } },
          seeds,
        });
        const each = await Promise.all(
          trials.map(async (trial) => (await estimateTraining(trialConfig(sweep, trial), lab())).estimate),
        );
        for (const key of ['steps', 'seconds', 'diskBytes'] as const) {
          const sum = each.reduce((total, { [key]: value }) => total + (value ?? NaN), 0);
          assert.ok(Math.abs((cost.estimate[key] ?? NaN) - sum) <= 1e-9 * sum, key);
        }
        assert.deepEqual([...cost.basis].sort(), sizes.map((size) => `run-${size}`).sort());
      }),
      { numRuns: 20 },
    );
  });

  it('are not known if the time of one trial is not known', async () => {
    const { cost } = await estimateOf({
      base: { training: { steps: 10, seconds: 0 } },
      fields: { 'model.units': { values: [8, 9] } },
    });
    assert.deepEqual([cost.estimate.steps, cost.estimate.seconds, cost.basis], [20, null, []]);
  });

  it('with rungs are the most that the trials may take', async () => {
    for (const name of ['halving', 'asha'])
      for (const seeds of [1, 2]) {
        const { cost, sweep, trials } = await estimateOf({
          base: { training: { steps: 90, seconds: 0, validateEvery: 1 } },
          fields: { 'model.units': { choices: units }, 'training.learningRate': { range: [0.001, 0.1] } },
          method: { name, eta: 3, minimumSteps: 10 },
          budget: { trials: 9 * seeds },
          seeds,
        });
        const rungs = sweep.rungs ?? [];
        assert.deepEqual(rungs, [10, 30, 90]);
        // ASHA promotes all settings, if each one is better than those before it.
        const reached = name === 'halving' ? [9, 3, 1] : [9, 9, 9];
        const most = rungs.reduce((sum, rung, i) => sum + seeds * (reached[i] ?? 0) * (rung - (rungs[i - 1] ?? 0)), 0);
        assert.equal(cost.estimate.steps, most);
        assert.equal(cost.isBound, true);
        const slowest = Math.max(...trials.map(({ values }) => speed(Number(values['model.units']))));
        assert.ok((cost.estimate.seconds ?? NaN) <= most * slowest * (1 + 1e-9));
      }
  });

  it('do not exceed the budget by more than the last setting', async () => {
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 1, max: 1000 }), fc.integer({ min: 1, max: 1000 }), async (steps, seconds) => {
        const { cost } = await estimateOf({
          base: { training: { steps: 100, seconds: 0 } },
          fields: { 'model.units': { values: units } },
          budget: { steps, seconds },
        });
        assert.equal(cost.estimate.steps, Math.min(300, steps + 100));
        assert.ok((cost.estimate.seconds ?? NaN) <= seconds);
        assert.equal(cost.isBound, steps < 200);
        assert.equal(costOf(cost).length > 2, true);
      }),
      { numRuns: 20 },
    );
  });
});
