import assert from 'node:assert/strict';
import { Worker } from 'node:worker_threads';
import type { RunConfig } from '../../src/config/schema.ts';
import { lessonConfig } from './lessonConfig.ts';

const SEEDS = [1, 2, 3, 4, 5];

/** Steps until the task is solved; null if it never is. */
async function stepsToSolve(config: RunConfig): Promise<number | null> {
  const worker = new Worker(new URL('clippingWorker.ts', import.meta.url), { workerData: config });
  try {
    return await new Promise<number | null>((resolve, reject) => {
      worker.once('message', resolve);
      worker.once('error', reject);
    });
  } finally {
    await worker.terminate();
  }
}

/**
 * Temporal order with four classes, so that output-to-hidden recurrence passes four numbers from step to step, and
 * hidden-to-hidden recurrence fifty.
 */
describe('lesson on recurrence', function () {
  this.timeout(240_000);

  it('differs in the recurrence only', async () => {
    const [hidden, output] = [
      await lessonConfig('recurrence', 'hidden', 1),
      await lessonConfig('recurrence', 'output', 1),
    ];
    assert.deepEqual([hidden.model.recurrence, output.model.recurrence], ['hidden', 'output']);
    assert.deepEqual({ ...output, model: { ...output.model, recurrence: 'hidden' } }, hidden);
  });

  it('takes at least five times as many steps with the output as with the hidden state, with each of 5 seeds', async () => {
    for (const seed of SEEDS) {
      const hidden = await stepsToSolve(await lessonConfig('recurrence', 'hidden', seed));
      const output = await stepsToSolve(await lessonConfig('recurrence', 'output', seed));
      assert.ok(hidden !== null && (output === null || output >= 5 * hidden), `seed ${seed}: ${hidden}, ${output}`);
    }
  });
});
