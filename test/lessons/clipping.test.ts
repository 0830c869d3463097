import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { Worker } from 'node:worker_threads';
import { parseRunConfig } from '../../src/config/parse.ts';
import type { RunConfig } from '../../src/config/schema.ts';

const SEEDS = [1, 2, 3, 4, 5];
/** More than any clipped run needs. */
const STEPS = 1500;

async function sample(name: string): Promise<RunConfig> {
  const path = new URL(`../../media/samples/${name}.sequence-lab.json`, import.meta.url);
  return parseRunConfig(JSON.parse(await readFile(path, 'utf8')));
}

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

/** For each seed the steps until the task is solved. */
async function solved(name: string): Promise<(number | null)[]> {
  const config = await sample(name);
  const results: (number | null)[] = [];
  for (const seed of SEEDS)
    results.push(await stepsToSolve({ ...config, seed, training: { ...config.training, steps: STEPS } }));
  return results;
}

/**
 * Pascanu et al. 2013, section 4.1: fifty tanh units, weights drawn from N(0, 0.1), plain gradient descent at 0.1 on
 * batches of 20, here on sequences of 20 steps.
 */
describe('clipping the gradient to a norm of 1', function () {
  this.timeout(240_000);

  it('is all that the two sample configurations differ in', async () => {
    const [clipped, free] = [await sample('temporal-order-clipped'), await sample('temporal-order-not-clipped')];
    assert.deepEqual([clipped.training.clipNorm, free.training.clipNorm], [1, 0]);
    assert.deepEqual({ ...free, training: { ...free.training, clipNorm: 1 } }, clipped);
  });

  it('lets a simple recurrent network learn temporal order from at least 4 of 5 seeds', async () => {
    const steps = await solved('temporal-order-clipped');
    assert.ok(steps.filter((count) => count !== null).length >= 4, steps.join());
  });

  it('is what it takes: without it, it learns from at most 1 of 5', async () => {
    const steps = await solved('temporal-order-not-clipped');
    assert.ok(steps.filter((count) => count !== null).length <= 1, steps.join());
  });
});
