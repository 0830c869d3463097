import assert from 'node:assert/strict';
import type { ModelConfig } from '../../../../src/config/schema.ts';
import type { TrainingTask } from './trainingLosses.ts';

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

/** Checks that the number of threads changes the losses of a training no more than rounding does. */
export function testThreads(losses: (task: TrainingTask) => Promise<number[]>, { wide }: { wide: boolean }): void {
  for (const [name, cell] of Object.entries(cells)) {
    const lossesOn = async (threads: number, wideSimd = false) =>
      losses({ ...SIZES, model: { ...LAYERS, ...cell }, threads, wideSimd });
    describe(`training on the WebAssembly kernels, ${name}`, () => {
      let alone: number[];
      before(async () => {
        alone = await lossesOn(1);
        assert.equal(alone.length, SIZES.steps);
        assert.ok((alone.at(-1) as number) < alone[0]!, 'the loss does not decrease');
      });

      it('is reproducible bit for bit on one thread', async () => {
        assert.deepEqual(await lossesOn(1), alone);
      });

      for (const threads of [2, 4]) {
        it(`has the same losses up to rounding on ${threads} threads, and is reproducible bit for bit`, async () => {
          const first = await lossesOn(threads);
          assertSameToRounding(first, alone);
          assert.deepEqual(await lossesOn(threads), first);
        });
      }

      if (!wide) return;
      it('has the same losses up to rounding with wide vectors', async () => {
        assertSameToRounding(await lossesOn(2, true), alone);
      });
    });
  }
}

/** Losses are equal up to rounding. */
export function assertSameToRounding(actual: readonly number[], expected: readonly number[]): void {
  actual.forEach((loss, step) => {
    const error = Math.abs(loss / expected[step]! - 1);
    assert.ok(error < 1e-5, `step ${step + 1}: off by ${error}`);
  });
}
