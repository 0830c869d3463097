import assert from 'node:assert/strict';
import { Worker } from 'node:worker_threads';
import { once } from 'node:events';
import type { ModelConfig } from '../../../../src/config/schema.ts';
import type { TrainingTask } from './trainingWorker.ts';

/** Sizes that are multiples of neither threads nor vectors. */
const SIZES = { timeSteps: 24, batchSize: 13, vocabularySize: 37, steps: 8 };
const LAYERS = { layers: 2, units: 42, embedding: 9 };

const cells: Record<string, Partial<ModelConfig>> = {
  LSTM: { cell: 'lstm' },
  'GRU, reset before': { cell: 'gru', resetAfter: false },
  'GRU, reset after': { cell: 'gru', resetAfter: true },
  'RNN, tanh': { cell: 'rnn', activation: 'tanh' },
  'RNN, relu': { cell: 'rnn', activation: 'relu' },
};

/** Returns the losses of a short training in a separate thread. */
async function losses(cell: Partial<ModelConfig>, threads: number, wideSimd = false): Promise<number[]> {
  const workerData: TrainingTask = { ...SIZES, model: { ...LAYERS, ...cell }, threads, wideSimd };
  const worker = new Worker(new URL('trainingWorker.ts', import.meta.url), { workerData });
  const [result] = (await once(worker, 'message')) as [number[]];
  await worker.terminate();
  return result;
}

function assertSameToRounding(actual: readonly number[], expected: readonly number[]): void {
  actual.forEach((loss, step) => {
    const error = Math.abs(loss / expected[step]! - 1);
    assert.ok(error < 1e-5, `step ${step + 1}: off by ${error}`);
  });
}

for (const [name, cell] of Object.entries(cells)) {
  describe(`training on the WebAssembly kernels, ${name}`, () => {
    let alone: number[];
    before(async () => {
      alone = await losses(cell, 1);
      assert.equal(alone.length, SIZES.steps);
      assert.ok((alone.at(-1) as number) < alone[0]!, 'the loss does not decrease');
    });

    it('is reproducible bit for bit on one thread', async () => {
      assert.deepEqual(await losses(cell, 1), alone);
    });

    for (const threads of [2, 4]) {
      it(`has the same losses up to rounding on ${threads} threads, and is reproducible bit for bit`, async () => {
        const first = await losses(cell, threads);
        assertSameToRounding(first, alone);
        assert.deepEqual(await losses(cell, threads), first);
      });
    }

    it('has the same losses up to rounding with wide vectors', async () => {
      assertSameToRounding(await losses(cell, 2, true), alone);
    });
  });
}
