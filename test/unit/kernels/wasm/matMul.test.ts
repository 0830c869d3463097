import assert from 'node:assert/strict';
import fc from 'fast-check';
import { Job } from '../../../../src/kernels/wasm/layout.ts';
import type { WasmRuntime } from '../../../../src/kernels/wasm/runtime.ts';
import { Generator } from '../../../../src/random/generator.ts';
import { builds, put, startBuild } from './runtimes.ts';

interface Case {
  readonly rows: number;
  readonly depth: number;
  readonly columns: number;
  readonly transposeA: boolean;
  readonly transposeB: boolean;
  readonly hasBias: boolean;
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
});

function randomNumbers(count: number): Float32Array {
  const generator = Generator.forPurpose(count, 'test');
  return Float32Array.from({ length: count }, () => generator.nextNormal());
}

function product(
  runtime: WasmRuntime,
  threads: number,
  { rows, depth, columns, transposeA, transposeB, hasBias }: Case,
): Float32Array {
  const [a, b, bias] = [randomNumbers(rows * depth), randomNumbers(depth * columns), randomNumbers(columns)];
  const pointers = [a, b, bias, new Float32Array(rows * columns)].map((values) => put(runtime, values));
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
function steps(runtime: WasmRuntime, threads: number, { rows, depth, columns, hasBias }: Case): Float32Array[] {
  const [a, b, bias] = [randomNumbers(rows * depth), randomNumbers(depth * columns), randomNumbers(columns)];
  const pointers = [a, b, bias, new Float32Array(rows * columns)].map((values) => put(runtime, values));
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
function expected({ rows, depth, columns, transposeA, transposeB, hasBias }: Case): Float64Array {
  const [a, b, bias] = [randomNumbers(rows * depth), randomNumbers(depth * columns), randomNumbers(columns)];
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
          const truth = expected(example);
          const alone = product(runtime, 1, example);
          const scale = norm(truth) + 1e-9;
          assert.ok(norm(truth.map((value, index) => value - alone[index]!)) / scale < 1e-6);
          for (const threads of [2, 3]) assert.ok(near(product(runtime, threads, example), alone, scale));
          assert.deepEqual(product(runtime, 3, example), product(runtime, 3, example));
        }),
        { seed: 6, numRuns: 60 },
      );
    });

    it('are the same bit for bit in steps whose weights are packed once', () => {
      fc.assert(
        fc.property(cases, fc.integer({ min: 1, max: 3 }), (example, threads) => {
          const expected = product(runtime, threads, { ...example, ...UNCHANGED });
          const bias = randomNumbers(example.columns);
          if (example.hasBias) expected.forEach((value, at) => (expected[at] = value + bias[at % example.columns]!));
          assert.deepEqual(steps(runtime, threads, example), [expected, expected]);
        }),
        { seed: 7, numRuns: 60 },
      );
    });
  });
}

function near(a: Float32Array, b: Float32Array, scale: number): boolean {
  return norm(a.map((value, index) => value - b[index]!)) / scale < 1e-6;
}

/** L2 norm of any number of values: a call has fewer arguments. */
function norm(values: Float32Array | Float64Array): number {
  let sum = 0;
  for (const value of values) sum += value ** 2;
  return Math.sqrt(sum);
}
