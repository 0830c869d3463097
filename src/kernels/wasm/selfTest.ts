import { Job } from './layout.ts';
import { WasmRuntime } from './runtime.ts';

/** Sizes that no tile and no vector divides. */
const [ROWS, DEPTH, COLUMNS] = [23, 261, 45];
const TOLERANCE = 1e-5;
/** Large enough to be timed. */
const TIMED = 96;
const TURNS = 50;

/**
 * Multiplies two matrices and compares the product with one in float64; with fused vectors, also makes sure
 * that they are faster than the others: where V8 does not know the switch, or the processor has no wide registers, they
 * are slower.
 * @throws Error that says what is wrong
 */
export function selfTest(module: WebAssembly.Module, wide: boolean): void {
  const runtime = WasmRuntime.alone(module, wide);
  const error = productError(runtime);
  if (!(error < TOLERANCE))
    throw new Error(`the kernels compute wrong numbers (relative error ${error.toPrecision(2)})`);
  if (!wide) return;
  const [fused, plain] = bestTimes([runtime, WasmRuntime.alone(module, false)]);
  if (!(fused < plain)) throw new Error('this engine does not fuse vectors');
}

/** ||actual - expected|| / ||expected|| of a product of matrices with numbers that no short sequence repeats. */
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

/** Milliseconds of the fastest of many products on each of two runtimes, which take turns. */
function bestTimes(runtimes: readonly [WasmRuntime, WasmRuntime]): [number, number] {
  const ones = new Float32Array(TIMED * TIMED).fill(1);
  const best: [number, number] = [Infinity, Infinity];
  for (let turn = 0; turn < 2 * TURNS; turn++) {
    const which = turn % 2 === 0 ? 0 : 1;
    const before = performance.now();
    multiply(runtimes[which], ones, ones, [TIMED, TIMED, TIMED]);
    best[which] = Math.min(best[which], performance.now() - before);
  }
  return best;
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
