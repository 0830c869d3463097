import assert from 'node:assert/strict';
import fc from 'fast-check';
import { Job } from '../../../../src/kernels/wasm/layout.ts';
import type { WasmRuntime } from '../../../../src/kernels/wasm/runtime.ts';
import { Generator } from '../../../../src/random/generator.ts';
import { builds, put, startBuild } from './runtimes.ts';

interface Case {
  readonly rows: number;
  readonly units: number;
  readonly classes: number;
}

/** Sizes around those of tiles, panels and blocks of rows. */
const cases = fc.record({
  rows: fc.oneof(fc.integer({ min: 1, max: 60 }), fc.constantFrom(255, 256, 257, 600)),
  units: fc.integer({ min: 1, max: 40 }),
  classes: fc.oneof(fc.integer({ min: 1, max: 35 }), fc.constantFrom(64, 65, 300)),
});

interface Result {
  readonly loss: number;
  readonly dx: ArrayLike<number>;
  readonly dKernel: ArrayLike<number>;
  readonly dBias: ArrayLike<number>;
}

function randomInputs({ rows, units, classes }: Case) {
  const generator = Generator.forPurpose(rows * units + classes, 'test');
  const normals = (count: number) => Float32Array.from({ length: count }, () => generator.nextNormal());
  const targets = Int32Array.from({ length: rows }, () => Math.floor(generator.nextUniform() * classes));
  return { x: normals(rows * units), kernel: normals(units * classes), bias: normals(classes), targets };
}

function onKernels(runtime: WasmRuntime, threads: number, size: Case): Result {
  const { rows, units, classes } = size;
  const { kernels } = runtime;
  const { x, kernel, bias, targets } = randomInputs(size);
  const inputs = [x, kernel, bias, targets].map((values) => put(runtime, values));
  const outputs = [rows * classes, rows * units, units * classes, classes].map((count) =>
    put(runtime, new Float32Array(count).fill(NaN)),
  );
  const [pointerX = 0, pointerKernel = 0, , pointerTargets = 0] = inputs;
  const [probabilities = 0, dx = 0, dKernel = 0, dBias = 0] = outputs;
  runtime.withScratch(kernels.denseCrossEntropyScratch(units, classes, threads), (scratch) => {
    runtime.run(Job.denseCrossEntropy, threads, [...inputs, probabilities, rows, units, classes, scratch]);
  });
  const loss = runtime.partialSums(threads).reduce((sum, part) => sum + part, 0) / rows;
  runtime.withScratch(kernels.denseCrossEntropyGradientScratch(units, classes, threads), (scratch) => {
    const pointers = [pointerX, pointerKernel, pointerTargets, probabilities, dx, dKernel, dBias];
    runtime.run(Job.denseCrossEntropyGradient, threads, [...pointers, rows, units, classes, scratch], [1 / rows]);
  });
  const read = (pointer: number, count: number) => runtime.float32(pointer, count).slice();
  const result = {
    loss,
    dx: read(dx, rows * units),
    dKernel: read(dKernel, units * classes),
    dBias: read(dBias, classes),
  };
  for (const pointer of [...inputs, ...outputs]) runtime.heap.free(pointer);
  return result;
}

/** Output layer and loss in float64. */
function expected(size: Case): Result {
  const { rows, units, classes } = size;
  const { x, kernel, bias, targets } = randomInputs(size);
  const [dx, dKernel, dBias] = [
    new Float64Array(rows * units),
    new Float64Array(units * classes),
    new Float64Array(classes),
  ];
  const each = (count: number, act: (index: number) => void) => Array.from({ length: count }, (_, index) => act(index));
  const product = (a: ArrayLike<number>, i: number, b: ArrayLike<number>, j: number) => a[i]! * b[j]!;
  const add = (sums: Float64Array, index: number, value: number) => (sums[index] = sums[index]! + value);
  let loss = 0;
  for (let row = 0; row < rows; row++) {
    const logits = Float64Array.from({ length: classes }, (_, c) => bias[c]!);
    each(units, (u) => each(classes, (c) => add(logits, c, product(x, row * units + u, kernel, u * classes + c))));
    const highest = logits.reduce((a, b) => Math.max(a, b));
    const sum = logits.reduce((total, logit) => total + Math.exp(logit - highest), 0);
    const target = targets[row]!;
    loss += (Math.log(sum) + highest - logits[target]!) / rows;
    const errors = logits.map((logit, c) => (Math.exp(logit - highest) / sum - Number(c === target)) / rows);
    each(classes, (c) => add(dBias, c, errors[c]!));
    each(units, (u) =>
      each(classes, (c) => {
        add(dx, row * units + u, product(errors, c, kernel, u * classes + c));
        add(dKernel, u * classes + c, product(errors, c, x, row * units + u));
      }),
    );
  }
  return { loss, dx, dKernel, dBias };
}

function assertNear(actual: Result, truth: Result): void {
  const scale = Math.hypot(...Array.from(truth.dx), ...Array.from(truth.dKernel)) + 1e-12;
  for (const name of ['dx', 'dKernel', 'dBias'] as const) {
    const error = Math.hypot(...Array.from(truth[name], (value, index) => value - actual[name][index]!));
    assert.ok(error / scale < 3e-6, `${name} is off by ${error / scale}`);
  }
  assert.ok(
    Math.abs(actual.loss - truth.loss) < 3e-6 * (1 + truth.loss),
    `the loss is ${actual.loss}, not ${truth.loss}`,
  );
}

for (const build of builds) {
  describe(`WebAssembly output layer and loss, ${build.name}`, () => {
    let runtime: WasmRuntime;
    before(async () => {
      runtime = await startBuild(build, 3);
    });
    after(() => runtime.stop());

    it('agree with float64 for all sizes and thread counts, and are reproducible bit for bit', () => {
      fc.assert(
        fc.property(cases, (size) => {
          const truth = expected(size);
          for (const threads of [1, 2, 3]) assertNear(onKernels(runtime, threads, size), truth);
          assert.deepEqual(onKernels(runtime, 3, size), onKernels(runtime, 3, size));
        }),
        { seed: 12, numRuns: 25 },
      );
    });
  });
}
