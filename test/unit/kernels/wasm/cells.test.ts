import assert from 'node:assert/strict';
import { enableProdMode } from '@tensorflow/tfjs';
import fc from 'fast-check';
import { SequenceLabBackend } from '../../../../src/kernels/wasm/backend.ts';
import type { NamedTensor } from '../../../../src/models/weights.ts';
import { cellKinds, randomSequence } from '../../../oracle/cells.ts';
import { assertAllClose } from '../../../oracle/compare.ts';
import { Random } from '../../../oracle/random.ts';
import { saturatedSequence } from '../../../oracle/saturated.ts';
import { matrices } from '../../../oracle/storedTensors.ts';
import { expectedOf, sequenceCall } from '../../gradients/sequenceCall.ts';
import { assertTails, TAIL_SEEDS } from '../../gradients/tails.ts';
import { hasKernels, runCell } from './cellJobs.ts';
import { builds, startBuild } from './runtimes.ts';

const TOLERANCE = 1e-5;
const THREADS = [1, 2, 4];

/**
 * Sizes around those of vectors, tiles and panels; batches that threads cannot divide evenly, or that are smaller than
 * the number of threads.
 */
const shapes = fc.record({
  seed: fc.nat(),
  timeSteps: fc.integer({ min: 1, max: 6 }),
  batchSize: fc.integer({ min: 1, max: 14 }),
  inputs: fc.oneof(fc.integer({ min: 1, max: 9 }), fc.constantFrom(16, 37)),
  units: fc.oneof(fc.integer({ min: 1, max: 9 }), fc.constantFrom(8, 15, 16, 17, 24, 33, 50)),
  masked: fc.boolean(),
  reverse: fc.boolean(),
  oneHot: fc.boolean(),
});

/** Outputs that the oracle does not compute, `[timeSteps, batch, units]`. */
const internal = ['recurrentCandidate', 'slopes'];

/** Asserts what is known of such an output. If it were wrong elsewhere, so would be the gradients. */
function assertNoneInMaskedSteps({ shape, values }: NamedTensor, lengths: readonly number[]): void {
  const [, batch = 0, units = 0] = shape;
  for (const [index, value] of values.entries()) {
    const row = Math.floor(index / units);
    if (Math.floor(row / batch) >= Number(lengths[row % batch])) assert.equal(value, 0);
  }
}

/**
 * Two threads with 85 and 86 sequences: the blocks of the weight gradients hold three steps of the first, and two
 * of the second.
 */
const unevenBlocks = {
  seed: 1,
  timeSteps: 2,
  batchSize: 171,
  inputs: 16,
  units: 16,
  masked: true,
  reverse: false,
  oneHot: false,
};

for (const build of builds) {
  describe(`recurrent WebAssembly kernels, ${build.name}`, () => {
    let backend: SequenceLabBackend;
    before(async () => {
      enableProdMode();
      backend = new SequenceLabBackend(await startBuild(build, Math.max(...THREADS)));
    });
    after(() => backend.runtime.stop());

    for (const [name, kind] of Object.entries(cellKinds).filter(([, each]) => hasKernels(each))) {
      it(`${name}: agree with the oracle on any number of threads, are reproducible bit for bit, and leak no memory`, () => {
        const check = fc.property(shapes, ({ seed, ...shape }) => {
          const example = randomSequence(new Random(seed), kind, shape);
          const [call, expected] = [sequenceCall(example), matrices(expectedOf(example))];
          for (const threads of THREADS) {
            // Even for little work.
            backend.runtime.threadsFor = () => threads;
            const actual = runCell(backend, call);
            assertAllClose(matrices(actual.filter(({ name }) => !internal.includes(name))), expected, TOLERANCE);
            for (const tensor of actual.filter(({ name }) => internal.includes(name)))
              assertNoneInMaskedSteps(tensor, example.lengths);
            assert.deepEqual(runCell(backend, call), actual);
          }
          assert.equal(backend.runtime.heap.usage.used, 0);
        });
        fc.assert(check, { seed: 2015, numRuns: 12, examples: [[unevenBlocks]] });
      });

      it(`${name}: agree with float64 at every lag, down to 1e-30 of lag 0, over 500 steps of saturated cells`, () => {
        backend.runtime.threadsFor = () => 1;
        for (const seed of TAIL_SEEDS) {
          const layer = saturatedSequence(seed, kind);
          assertTails(runCell(backend, sequenceCall(layer)), layer);
        }
      });
    }
  });
}
