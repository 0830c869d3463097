import assert from 'node:assert/strict';
import fc from 'fast-check';
import { Job } from '../../../../src/kernels/wasm/layout.ts';
import type { WasmRuntime } from '../../../../src/kernels/wasm/runtime.ts';
import { Generator } from '../../../../src/random/generator.ts';
import {
  assertConvolution,
  type Convolution,
  type ConvolutionSizes,
  wholeConvolution,
} from '../../../oracle/convolution.ts';
import type { Matrix } from '../../../oracle/matrix.ts';
import { builds, put, startBuild } from './runtimes.ts';

/** Sizes around those of tiles, panels and blocks of the depth; at least three sequences, one for each thread. */
const sizes: fc.Arbitrary<ConvolutionSizes> = fc.integer({ min: 1, max: 14 }).chain((timeSteps) =>
  fc.record({
    timeSteps: fc.constant(timeSteps),
    lengths: fc.array(fc.integer({ min: 1, max: timeSteps }), { minLength: 3, maxLength: 9 }),
    inputs: fc.constantFrom(1, 4, 30, 67),
    filters: fc.constantFrom(1, 4, 15, 17, 36),
    widths: fc.subarray([1, 2, 5], { minLength: 1 }),
  }),
);

interface Result {
  readonly pooled: Float32Array;
  /** Gradients of x, the kernels and the biases. */
  readonly gradients: readonly Float32Array[];
}

function onKernels(runtime: WasmRuntime, threads: number, size: ConvolutionSizes, of: Convolution, by: Matrix): Result {
  const { timeSteps, lengths, inputs, filters, widths } = size;
  const batch = lengths.length;
  const values = widths.length * filters;
  const isMax = Number(of.pooling === 'max');
  const floats = ({ values: numbers }: Matrix) => put(runtime, Float32Array.from(numbers));
  // Whatever the outputs contain before, so that values which are not written are found.
  const room = (count: number) => put(runtime, new Float32Array(count).fill(NaN));
  const x = floats(of.x);
  const steps = put(runtime, Int32Array.from(lengths));
  const [kernels, biases] = [of.kernels.map(floats), of.biases.map(floats)];
  const dKernels = of.kernels.map((kernel) => room(kernel.rows * kernel.columns));
  const dBiases = widths.map(() => room(filters));
  const kept = isMax ? batch * values : timeSteps * batch * values;
  const [pooled, active, dPooled, dx] = [room(batch * values), room(kept), floats(by), room(of.x.rows * of.x.columns)];
  const sum = widths.reduce((total, width) => total + width, 0);
  const scratchSizes = [timeSteps, batch, inputs, filters, widths.length, Math.max(...widths), sum, threads] as const;
  const shared = (table: number, scratch: number) => {
    return [x, steps, timeSteps, batch, inputs, filters, widths.length, isMax, table, scratch];
  };
  const table = put(runtime, Int32Array.from(widths.flatMap((width, n) => [width, kernels[n]!, biases[n]!])));
  runtime.withScratch(runtime.kernels.convolutionPoolScratch(...scratchSizes), (scratch) => {
    runtime.run(Job.convolutionPool, threads, [...shared(table, scratch), pooled, active]);
  });
  const entries = widths.flatMap((width, n) => [width, kernels[n]!, dKernels[n]!, dBiases[n]!]);
  const gradientTable = put(runtime, Int32Array.from(entries));
  runtime.withScratch(runtime.kernels.convolutionPoolGradientScratch(isMax, ...scratchSizes), (scratch) => {
    runtime.run(Job.convolutionPoolGradient, threads, [...shared(gradientTable, scratch), dPooled, active, dx]);
  });
  const read = (pointer: number, count: number) => runtime.float32(pointer, count).slice();
  const result = {
    pooled: read(pooled, batch * values),
    gradients: [
      read(dx, of.x.rows * of.x.columns),
      ...widths.map((width, n) => read(dKernels[n]!, width * inputs * filters)),
      ...dBiases.map((pointer) => read(pointer, filters)),
    ],
  };
  for (const pointer of [x, steps, ...kernels, ...biases, ...dKernels, ...dBiases, pooled, active, dPooled, dx])
    runtime.heap.free(pointer);
  for (const pointer of [table, gradientTable]) runtime.heap.free(pointer);
  return result;
}

for (const variant of builds) {
  describe(`WebAssembly convolution over time, ${variant.name}`, () => {
    let runtime: WasmRuntime;
    before(async () => {
      runtime = await startBuild(variant, 3);
    });
    after(() => runtime.stop());

    for (const pooling of ['max', 'mean'] as const) {
      it(`agrees with its definition for all sizes and thread counts, and is reproducible bit for bit: ${pooling}`, () => {
        fc.assert(
          fc.property(sizes, fc.nat(1_000_000), (size, seed) => {
            const { of, by } = wholeConvolution(size, pooling, Generator.forPurpose(seed, 'convolution'));
            const { used } = runtime.heap.usage;
            const results = [1, 2, 3].map((threads) => onKernels(runtime, threads, size, of, by));
            for (const result of results) assertConvolution(result, of, by);
            assert.deepEqual(onKernels(runtime, 3, size, of, by), results[2]);
            // The products of a mean have tiles of other heights, which sum in another order.
            if (pooling === 'max') assert.deepEqual(results, [results[0], results[0], results[0]]);
            assert.equal(runtime.heap.usage.used, used);
          }),
          { numRuns: 20 },
        );
      });
    }
  });
}
