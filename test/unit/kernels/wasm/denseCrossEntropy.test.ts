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

/** Sizes of the kernels for many classes, around those of blocks of classes and rows. */
const wideCases = fc.record({
  rows: fc.oneof(fc.integer({ min: 1, max: 60 }), fc.constantFrom(255, 256, 257)),
  units: fc.integer({ min: 1, max: 20 }),
  classes: fc.oneof(fc.integer({ min: 1, max: 40 }), fc.constantFrom(255, 256, 257, 511, 512, 530, 1030)),
});

function randomInputs({ rows, units, classes }: Case, scale: number) {
  const generator = Generator.forPurpose(rows * units + classes, 'test');
  const normals = (count: number) => Float32Array.from({ length: count }, () => generator.nextNormal());
  const targets = Int32Array.from({ length: rows }, () => Math.floor(generator.nextUniform() * classes));
  return {
    x: normals(rows * units),
    kernel: normals(units * classes).map((value) => value * scale),
    bias: normals(classes),
    targets,
  };
}

function onKernels(runtime: WasmRuntime, threads: number, size: Case, wide: boolean, scale = 1): Result {
  const { rows, units, classes } = size;
  const { kernels } = runtime;
  const keptSize = wide ? kernels.wideCrossEntropyKept(rows, classes) : rows * classes;
  const { x, kernel, bias, targets } = randomInputs(size, scale);
  const inputs = [x, kernel, bias, targets].map((values) => put(runtime, values));
  const outputs = [keptSize, rows * units, units * classes, classes].map((count) =>
    put(runtime, new Float32Array(count).fill(NaN)),
  );
  const [pointerX = 0, pointerKernel = 0, , pointerTargets = 0] = inputs;
  const [kept = 0, dx = 0, dKernel = 0, dBias = 0] = outputs;
  const forwardScratch = wide
    ? kernels.wideCrossEntropyScratch(rows, units, classes, threads)
    : kernels.denseCrossEntropyScratch(units, classes, threads);
  runtime.withScratch(forwardScratch, (scratch) => {
    const job = wide ? Job.wideCrossEntropy : Job.denseCrossEntropy;
    runtime.run(job, threads, [...inputs, kept, rows, units, classes, scratch]);
  });
  const loss = runtime.partialSums(threads).reduce((sum, part) => sum + part, 0) / rows;
  const backwardScratch = wide
    ? kernels.wideCrossEntropyGradientScratch(rows, units, threads)
    : kernels.denseCrossEntropyGradientScratch(units, classes, threads);
  runtime.withScratch(backwardScratch, (scratch) => {
    const pointers = [pointerX, pointerKernel, pointerTargets, kept, dx, dKernel, dBias];
    const job = wide ? Job.wideCrossEntropyGradient : Job.denseCrossEntropyGradient;
    runtime.run(job, threads, [...pointers, rows, units, classes, scratch], [1 / rows]);
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
function expected(size: Case, scale = 1): Result {
  const { rows, units, classes } = size;
  const { x, kernel, bias, targets } = randomInputs(size, scale);
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

    for (const wide of [false, true]) {
      it(`agree with float64 for all sizes and thread counts${wide ? ', cut into blocks of classes' : ''}`, () => {
        fc.assert(
          fc.property(wide ? wideCases : cases, (size) => {
            const truth = expected(size);
            for (const threads of [1, 2, 3]) assertNear(onKernels(runtime, threads, size, wide), truth);
            assert.deepEqual(onKernels(runtime, 3, size, wide), onKernels(runtime, 3, size, wide));
          }),
          { seed: 12, numRuns: 25 },
        );
      });
    }

    it('cut into blocks of classes, compute weight gradients that do not depend on the number of threads', () => {
      fc.assert(
        fc.property(wideCases, (size) => {
          const [one, three] = [1, 3].map((threads) => onKernels(runtime, threads, size, true));
          assert.deepEqual([three?.dKernel, three?.dBias], [one?.dKernel, one?.dBias]);
        }),
        { seed: 13, numRuns: 10 },
      );
    });

    it('do not overflow for logits that differ by more than float32 has powers of e', () => {
      const size = { rows: 3, units: 2, classes: 600 };
      const far = onKernels(runtime, 2, size, true, 400);
      assertNear(far, expected(size, 400));
    });
  });
}
