import { Job } from './layout.ts';
import type { Build } from './module.ts';
import { WasmRuntime } from './runtime.ts';

/** Sizes that are not multiples of a tile or a vector. */
const [ROWS, DEPTH, COLUMNS] = [23, 261, 45];
const TOLERANCE = 1e-5;
/** Rows and columns of the matrices in the timed products. */
const TIMED_SIZE = 96;
const REPETITIONS = 50;
/** Repetitions after which a clear difference is enough, and the ratio of times of one. */
const FEW_REPETITIONS = 8;
const CLEARLY_FASTER = 0.8;

/**
 * Compares a matrix product with its float64 result. With fused vectors, also checks that they are faster than plain
 * ones: they are slower if V8 does not support the flag or the processor has no 256-bit registers.
 * @param compareSpeed false accepts fused vectors that are slower
 * @throws Error with the reason if a check fails
 */
export function selfTest(module: WebAssembly.Module, build: Build, { compareSpeed = true } = {}): void {
  const runtime = WasmRuntime.alone(module, build);
  const error = productError(runtime);
  if (!(error < TOLERANCE))
    throw new Error(`the kernels compute wrong numbers (relative error ${error.toPrecision(2)})`);
  if (!build.wide || !compareSpeed) return;
  if (!isFaster([runtime, WasmRuntime.alone(module, { ...build, wide: false })]))
    throw new Error('this engine does not fuse vectors');
}

/** Relative error ||actual - expected|| / ||expected|| of a product of two matrices without repeating patterns. */
function productError(runtime: WasmRuntime): number {
  const a = Float32Array.from({ length: ROWS * DEPTH }, (_, index) => Math.sin(index * 1.7));
  const b = Float32Array.from({ length: DEPTH * COLUMNS }, (_, index) => Math.cos(index * 2.3));
  const product = multiply(runtime, a, b, [ROWS, DEPTH, COLUMNS]);
  let [difference, size] = [0, 0];
  for (let row = 0; row < ROWS; row++) {
    for (let column = 0; column < COLUMNS; column++) {
      let expected = 0;
      for (let k = 0; k < DEPTH; k++) expected += at(a, row * DEPTH + k) * at(b, k * COLUMNS + column);
      difference += (at(product, row * COLUMNS + column) - expected) ** 2;
      size += expected ** 2;
    }
  }
  return Math.sqrt(difference / size);
}

/**
 * Whether the first of two runtimes computes a matrix product faster, measured alternately by the fastest times. The
 * measurement ends early if the first is far ahead: 256-bit vectors take about half of the time.
 */
function isFaster([first, second]: readonly [WasmRuntime, WasmRuntime]): boolean {
  const ones = new Float32Array(TIMED_SIZE * TIMED_SIZE).fill(1);
  const timeOf = (runtime: WasmRuntime): number => {
    const before = performance.now();
    multiply(runtime, ones, ones, [TIMED_SIZE, TIMED_SIZE, TIMED_SIZE]);
    return performance.now() - before;
  };
  let [fast, slow] = [Infinity, Infinity];
  for (let repetition = 1; repetition <= REPETITIONS; repetition++) {
    fast = Math.min(fast, timeOf(first));
    slow = Math.min(slow, timeOf(second));
    if (repetition >= FEW_REPETITIONS && fast < CLEARLY_FASTER * slow) return true;
  }
  return fast < slow;
}

function multiply(
  runtime: WasmRuntime,
  a: Float32Array,
  b: Float32Array,
  [rows, depth, columns]: readonly [number, number, number],
): Float32Array {
  const sizes = [a.length, b.length, rows * columns];
  const [pointerA = 0, pointerB = 0, product = 0] = sizes.map((size) => runtime.heap.allocate(4 * size));
  runtime.float32(pointerA, a.length).set(a);
  runtime.float32(pointerB, b.length).set(b);
  runtime.withScratch(runtime.kernels.matMulScratch(rows, depth, columns, 0, 1), (scratch) => {
    runtime.run(Job.matMul, 1, [pointerA, 0, pointerB, 0, 0, product, rows, depth, columns, scratch]);
  });
  const result = runtime.float32(product, rows * columns).slice();
  for (const pointer of [pointerA, pointerB, product]) runtime.heap.free(pointer);
  return result;
}

function at(values: Float32Array, index: number): number {
  return values[index]!;
}
