import assert from 'node:assert/strict';
import * as tf from '@tensorflow/tfjs';
import fc from 'fast-check';
import { backendNamed } from '../../../src/backends/registry.ts';
import { convolutionPool } from '../../../src/kernels/ops.ts';
import { Generator } from '../../../src/random/generator.ts';
import { assertClose } from '../../oracle/compare.ts';
import {
  assertConvolution,
  type Convolution,
  convolutionGradients,
  type ConvolutionSizes,
  pooledBy,
  randomConvolution,
  tensorsOf,
  wholeConvolution,
} from '../../oracle/convolution.ts';
import { finiteDifferences } from '../../oracle/finiteDifferences.ts';
import { build, type Matrix } from '../../oracle/matrix.ts';

const POOLINGS = ['max', 'mean'] as const;

/** Filters wider than the sequences, sequences of one step, and batches of one sequence. */
const sizes: fc.Arbitrary<ConvolutionSizes> = fc.integer({ min: 1, max: 9 }).chain((timeSteps) =>
  fc.record({
    timeSteps: fc.constant(timeSteps),
    lengths: fc.array(fc.integer({ min: 1, max: timeSteps }), { minLength: 1, maxLength: 4 }),
    inputs: fc.integer({ min: 1, max: 7 }),
    filters: fc.integer({ min: 1, max: 21 }),
    widths: fc.subarray([1, 2, 3, 4, 5, 6, 7], { minLength: 1, maxLength: 4 }),
  }),
);

const seeds = fc.nat(1_000_000);

function drawn(size: ConvolutionSizes, pooling: Convolution['pooling'], seed: number) {
  return wholeConvolution(size, pooling, Generator.forPurpose(seed, 'convolution'));
}

interface Result {
  readonly pooled: Float32Array;
  readonly gradients: readonly Float32Array[];
}

/** Pooled values, and the gradients of x, the kernels and the biases. */
function run({ pooling, lengths, x, kernels, biases }: Convolution, by: Matrix): Result {
  return tf.tidy(() => {
    const [steps, batch] = [tf.tensor1d([...lengths], 'int32'), lengths.length];
    const matrix = ({ rows, columns, values }: Matrix) => tf.tensor2d(Float32Array.from(values), [rows, columns]);
    const of = (first: tf.Tensor, ...others: tf.Tensor[]): tf.Tensor2D =>
      convolutionPool(
        {
          x: first as tf.Tensor3D,
          lengths: steps,
          filters: kernels.map((_, n) => ({
            kernel: others[n] as tf.Tensor2D,
            bias: others[kernels.length + n] as tf.Tensor1D,
          })),
        },
        { pooling },
      );
    const inputs = [
      tf.reshape(matrix(x), [-1, batch, x.columns]),
      ...kernels.map(matrix),
      ...biases.map((bias) => tf.reshape(matrix(bias), [-1])),
    ] as const;
    const gradients = tf.grads((first: tf.Tensor, ...others: tf.Tensor[]) =>
      tf.sum(tf.mul(of(first, ...others), matrix(by))),
    );
    return {
      pooled: of(...inputs).dataSync() as Float32Array,
      gradients: gradients([...inputs]).map((gradient) => gradient.dataSync() as Float32Array),
    };
  });
}

describe('definition of a convolution over time', () => {
  for (const pooling of POOLINGS) {
    it(`has gradients that agree with finite differences: ${pooling}`, () => {
      const generator = Generator.forPurpose(5, 'convolution');
      const { of, by } = randomConvolution(
        { timeSteps: 4, lengths: [4, 1, 3], inputs: 2, filters: 3, widths: [1, 3, 6] },
        pooling,
        () => generator.nextNormal(),
      );
      const loss = () => pooledBy(of).values.reduce((sum, value, at) => sum + value * by.values[at]!, 0);
      const tensors = [of.x, ...of.kernels, ...of.biases];
      tensorsOf(convolutionGradients(of, by)).forEach((gradient, index) =>
        // Steps below the distance of two maxima, and of a sum from zero, where the slope jumps.
        assertClose(`tensor ${index}`, finiteDifferences(tensors[index]!, loss, 1e-5).values, gradient.values, 1e-6),
      );
    });
  }
});

for (const name of ['reference', 'wasm'] as const) {
  describe(`convolution over time on ${name}`, () => {
    before(() => backendNamed(name).load({ home: '', tensorflowPath: '', threads: 1 }));
    after(() => backendNamed('reference').load({ home: '', tensorflowPath: '' }));

    for (const pooling of POOLINGS) {
      it(`has the values and gradients of its definition for all sizes: ${pooling}`, () => {
        fc.assert(
          fc.property(sizes, seeds, (size, seed) => {
            const { of, by } = drawn(size, pooling, seed);
            assertConvolution(run(of, by), of, by);
          }),
          { numRuns: 60 },
        );
      });

      it(`does not read the padding: ${pooling}`, () => {
        fc.assert(
          fc.property(sizes, seeds, (size, seed) => {
            const { of, by } = drawn(size, pooling, seed);
            const batch = of.lengths.length;
            const other = build(of.x.rows, of.x.columns, (row, column) =>
              Math.floor(row / batch) < of.lengths[row % batch]! ? of.x.at(row, column) : 1e30,
            );
            assert.deepEqual(run({ ...of, x: other }, by), run(of, by));
          }),
          { numRuns: 30 },
        );
      });
    }

    it('passes a gradient to the first of several maxima', () => {
      const ones = (rows: number, columns: number) => build(rows, columns, () => 1);
      const of: Convolution = {
        pooling: 'max',
        lengths: [3],
        x: ones(4, 1),
        kernels: [ones(1, 1)],
        biases: [ones(1, 1)],
      };
      const { pooled, gradients } = run(of, ones(1, 1));
      assert.deepEqual([[...pooled], ...gradients.map((gradient) => [...gradient])], [[2], [1, 0, 0, 0], [1], [1]]);
    });

    it('has no gradient where no filter is active', () => {
      const of: Convolution = {
        pooling: 'max',
        lengths: [2],
        x: build(2, 1, () => 1),
        kernels: [build(1, 5, () => -1)],
        biases: [build(1, 5, () => 1)],
      };
      const { pooled, gradients } = run(
        of,
        build(1, 5, () => 1),
      );
      assert.ok([pooled, ...gradients].every((values) => values.every((value) => value === 0)));
    });

    it('does not hide values that are not numbers', () => {
      for (const pooling of POOLINGS) {
        for (const at of [0, 1, 2]) {
          const { of, by } = drawn({ timeSteps: 3, lengths: [3], inputs: 1, filters: 5, widths: [1] }, pooling, 3);
          of.x.set(at, 0, NaN);
          assert.ok(run(of, by).pooled.every(Number.isNaN), `${pooling}, step ${at}`);
        }
      }
    });
  });
}
