import assert from 'node:assert/strict';
import fc from 'fast-check';
import { estimateRest, estimateTraining, timesOf } from '../../../src/agents/estimate.ts';
import { parseRunConfig } from '../../../src/config/parse.ts';
import { runsFolder } from '../../../src/runs/home.ts';
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
          assert.equal(basis, 'run-a');
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
    assert.deepEqual([estimate.seconds, estimate.diskBytes, basis], [null, null, null]);
    const limited = parseRunConfig({ model: { units: 32 }, training: { steps: 1_000_000, seconds: 5 } });
    assert.equal((await estimateTraining(limited, lab())).estimate.seconds, 5);
  });

  it('of the rest of a run count from its last step, and those of a sweep each trial', async () => {
    await store();
    const rest = await estimateRest(record, { steps: 150 }, lab());
    assert.equal(rest.estimate.steps, 50);
    const all = timesOf(rest, 3);
    assert.equal(all.estimate.steps, 150);
    assert.equal(all.estimate.seconds, 3 * (rest.estimate.seconds ?? NaN));
    assert.equal(all.estimate.memoryBytes, rest.estimate.memoryBytes);
  });
});
