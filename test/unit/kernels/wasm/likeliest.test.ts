import assert from 'node:assert/strict';
import * as tf from '@tensorflow/tfjs';
import fc from 'fast-check';
import { referenceBackend } from '../../../../src/backends/reference.ts';
import { SequenceLabBackend } from '../../../../src/kernels/wasm/backend.ts';
import { likeliest } from '../../../../src/kernels/wasm/kernels.ts';
import type { WasmRuntime } from '../../../../src/kernels/wasm/runtime.ts';
import { likeliest as likeliestClasses } from '../../../../src/kernels/ops.ts';
import { builds, startBuild } from './runtimes.ts';

interface Case {
  readonly rows: number;
  readonly classes: number;
  readonly count: number;
  readonly logits: readonly number[];
}

/** Few different values, so that some are equal, and some that are far below the others. */
const value = fc.oneof(
  fc.integer({ min: -8, max: 8 }),
  fc.constant(-1e9),
  fc.float({ min: -30, max: 30, noNaN: true }),
);

const cases: fc.Arbitrary<Case> = fc
  .record({
    rows: fc.integer({ min: 1, max: 5 }),
    classes: fc.oneof(fc.integer({ min: 1, max: 40 }), fc.constantFrom(511, 512, 513, 1025)),
  })
  .chain(({ rows, classes }) =>
    fc.record({
      rows: fc.constant(rows),
      classes: fc.constant(classes),
      count: fc.integer({ min: 1, max: Math.min(classes, 8) }),
      logits: fc.array(value, { minLength: rows * classes, maxLength: rows * classes }),
    }),
  );

/** Bound of the relative error of a sum of positive float32 numbers, in any order (Higham, 1993). */
const errorOfSum = (terms: number) => terms * 2 ** -24;

/** Asserts that the results are those in float64. */
function assertLikeliest(
  { rows, classes, count, logits }: Case,
  values: ArrayLike<number>,
  places: ArrayLike<number>,
): void {
  for (let row = 0; row < rows; row++) {
    const own = logits.slice(row * classes, (row + 1) * classes);
    const order = own.map((_, at) => at).sort((a, b) => own[b]! - own[a]! || a - b);
    const highest = own[order[0]!]!;
    const total = highest + Math.log(own.reduce((sum, logit) => sum + Math.exp(logit - highest), 0));
    for (let rank = 0; rank < count; rank++) {
      const at = row * count + rank;
      assert.equal(places[at], order[rank]);
      const expected = own[order[rank]!]! - total;
      assert.ok(
        Math.abs(values[at]! - expected) <= 2e-6 * Math.max(1, Math.abs(expected)) + errorOfSum(classes),
        `${values[at]} ${expected}`,
      );
    }
  }
}

for (const build of builds) {
  describe(`most likely classes, ${build.name}`, () => {
    let runtime: WasmRuntime;
    before(async () => {
      tf.enableProdMode();
      runtime = await startBuild(build, 2);
    });
    after(() => runtime.stop());

    it('and their log probabilities are those of float64', () => {
      const backend = new SequenceLabBackend(runtime);
      fc.assert(
        fc.property(cases, (example) => {
          const { rows, classes, count, logits } = example;
          const info = backend.makeTensorInfo([rows, classes], 'float32', Float32Array.from(logits));
          const [values, places] = likeliest({ logits: info as tf.Tensor2D }, { count }, backend);
          const [read, ids] = [values!, places!].map(({ dataId }) => backend.readSync(dataId) as Float32Array);
          assertLikeliest(example, read!, ids!);
          for (const { dataId } of [info, values!, places!]) backend.disposeData(dataId);
        }),
        { numRuns: 60 },
      );
    });
  });
}

describe('most likely classes, reference', () => {
  it('and their log probabilities are those of float64', async () => {
    await referenceBackend.load({ home: '', tensorflowPath: '' });
    const masked: Case = { rows: 1, classes: 2, count: 2, logits: [-1e9, -1e9] };
    fc.assert(
      fc.property(cases, (example) => {
        const { rows, classes, count, logits } = example;
        tf.tidy(() => {
          const found = likeliestClasses({ logits: tf.tensor2d([...logits], [rows, classes]) }, count);
          assertLikeliest(example, found.logProbabilities.dataSync(), found.classes.dataSync());
        });
      }),
      { numRuns: 60, examples: [[masked]] },
    );
  });
});
