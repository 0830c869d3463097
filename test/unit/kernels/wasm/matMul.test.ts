import assert from 'node:assert/strict';
import fc from 'fast-check';
import { Job } from '../../../../src/kernels/wasm/layout.ts';
import type { WasmRuntime } from '../../../../src/kernels/wasm/runtime.ts';
import { Generator } from '../../../../src/random/generator.ts';
import { assertWithinRoundings } from '../../../oracle/compare.ts';
import { builds, put, startBuild } from './runtimes.ts';

interface Case {
  readonly rows: number;
  readonly depth: number;
  readonly columns: number;
  readonly transposeA: boolean;
  readonly transposeB: boolean;
  readonly hasBias: boolean;
  /** Whole numbers, whose sums single precision represents exactly. */
  readonly isWhole: boolean;
}

/** Sizes around those of tiles, panels and blocks, and far above them. */
const size = fc.oneof(fc.integer({ min: 1, max: 40 }), fc.constantFrom(64, 255, 256, 257, 300));
const cases = fc.record({
  rows: size,
  depth: size,
  columns: size,
  transposeA: fc.boolean(),
  transposeB: fc.boolean(),
  hasBias: fc.boolean(),
  isWhole: fc.boolean(),
});

/** Sums of 300 products of numbers up to 127 are below 2^24. */
const LARGEST = 127;

function randomNumbers(count: number, isWhole: boolean): Float32Array {
  const generator = Generator.forPurpose(count, 'test');
  const next = isWhole ? () => generator.nextBelow(2 * LARGEST + 1) - LARGEST : () => generator.nextNormal();
  return Float32Array.from({ length: count }, next);
}

function operandsOf({ rows, depth, columns, isWhole }: Case): [a: Float32Array, b: Float32Array, bias: Float32Array] {
  return [
    randomNumbers(rows * depth, isWhole),
    randomNumbers(depth * columns, isWhole),
    randomNumbers(columns, isWhole),
  ];
}

function product(runtime: WasmRuntime, threads: number, example: Case): Float32Array {
  const { rows, depth, columns, transposeA, transposeB, hasBias } = example;
  const pointers = [...operandsOf(example), new Float32Array(rows * columns)].map((values) => put(runtime, values));
  const [pointerA = 0, pointerB = 0, pointerBias = 0, pointerC = 0] = pointers;
  runtime.withScratch(runtime.kernels.matMulScratch(rows, depth, columns, Number(transposeA), threads), (scratch) => {
    const operands = [pointerA, Number(transposeA), pointerB, Number(transposeB), hasBias ? pointerBias : 0];
    runtime.run(Job.matMul, threads, [...operands, pointerC, rows, depth, columns, scratch]);
  });
  const result = runtime.float32(pointerC, rows * columns).slice();
  for (const pointer of pointers) runtime.heap.free(pointer);
  return result;
}

const UNCHANGED = { transposeA: false, transposeB: false, hasBias: false };

/** Products of a step that packs its weights, and of one that does not read them. */
function steps(runtime: WasmRuntime, threads: number, example: Case): Float32Array[] {
  const { rows, depth, columns, hasBias } = example;
  const pointers = [...operandsOf(example), new Float32Array(rows * columns)].map((values) => put(runtime, values));
  const [pointerA = 0, pointerB = 0, pointerBias = 0, pointerC = 0] = pointers;
  const results = runtime.withScratch(runtime.kernels.denseStepScratch(depth, columns, threads), (scratch) =>
    [0, 1].map((isPacked) => {
      const weights = [isPacked ? 0 : pointerB, isPacked, hasBias ? pointerBias : 0];
      runtime.run(Job.denseStep, threads, [pointerA, ...weights, pointerC, rows, depth, columns, scratch]);
      return runtime.float32(pointerC, rows * columns).slice();
    }),
  );
  for (const pointer of pointers) runtime.heap.free(pointer);
  return results;
}

/** Matrix product in float64. */
function expected({ rows, depth, columns, transposeA, transposeB, hasBias }: Case, operands: Float32Array[]) {
  const [a = [], b = [], bias = []] = operands;
  return Float64Array.from({ length: rows * columns }, (_, index) => {
    const [row, column] = [Math.floor(index / columns), index % columns];
    let sum = hasBias ? bias[column]! : 0;
    for (let k = 0; k < depth; k++) {
      sum +=
        a[transposeA ? k * rows + row : row * depth + k]! * b[transposeB ? column * depth + k : k * columns + column]!;
    }
    return sum;
  });
}

for (const build of builds) {
  describe(`matrix products of the kernels, ${build.name}`, () => {
    let runtime: WasmRuntime;
    before(async () => {
      runtime = await startBuild(build, 3);
    });
    after(() => runtime.stop());

    it('agree with float64 for all sizes, operands and thread counts, and are reproducible bit for bit', () => {
      fc.assert(
        fc.property(cases, (example) => {
          const operands = operandsOf(example);
          const truth = expected(example, operands);
          const sizes = operands.map((values) => values.map(Math.abs));
          const magnitudes = example.isWhole ? truth : expected(example, sizes);
          // A product is rounded once, and in each addition.
          const roundings = example.isWhole ? 0 : 1 + example.depth;
          for (const threads of [1, 2, 3])
            assertWithinRoundings('product', product(runtime, threads, example), truth, magnitudes, roundings);
          assert.deepEqual(product(runtime, 3, example), product(runtime, 3, example));
        }),
        { numRuns: 60 },
      );
    });

    it('are the same bit for bit in steps whose weights are packed once', () => {
      fc.assert(
        fc.property(cases, fc.integer({ min: 1, max: 3 }), (example, threads) => {
          const expected = product(runtime, threads, { ...example, ...UNCHANGED });
          const bias = randomNumbers(example.columns, example.isWhole);
          if (example.hasBias) expected.forEach((value, at) => (expected[at] = value + bias[at % example.columns]!));
          assert.deepEqual(steps(runtime, threads, example), [expected, expected]);
        }),
        { numRuns: 60 },
      );
    });
  });
}
