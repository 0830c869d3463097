import assert from 'node:assert/strict';
import fc from 'fast-check';
import { Job } from '../../../../src/kernels/wasm/layout.ts';
import type { WasmRuntime } from '../../../../src/kernels/wasm/runtime.ts';
import { Generator } from '../../../../src/random/generator.ts';
import { assertClose } from '../../../oracle/compare.ts';
import { builds, put, startBuild } from './runtimes.ts';

interface Case {
  readonly timeSteps: number;
  readonly batch: number;
  readonly sourceSteps: number;
  readonly width: number;
  readonly units: number;
  readonly additive: boolean;
}

/** Widths around those of vectors and pairs of vectors. */
const cases = fc.record({
  timeSteps: fc.integer({ min: 1, max: 5 }),
  batch: fc.integer({ min: 1, max: 5 }),
  sourceSteps: fc.integer({ min: 1, max: 6 }),
  width: fc.integer({ min: 1, max: 40 }),
  units: fc.integer({ min: 1, max: 40 }),
  additive: fc.boolean(),
});

const names = ['context', 'weights', 'dQuery', 'dKeys', 'dValues', 'dScore'] as const;
type Results = Readonly<Record<(typeof names)[number], Float64Array>>;

function inputsOf({ timeSteps, batch, sourceSteps, width, units, additive }: Case) {
  const generator = Generator.forPurpose(timeSteps + 7 * batch + 31 * width + units, 'test');
  const normals = (count: number, size = 1) =>
    Float32Array.from({ length: count }, () => size * generator.nextNormal());
  // Scores of the size of 1: the gradient of a weight near 1 is the difference of close numbers.
  const small = 1 / Math.sqrt(width);
  return {
    query: normals(timeSteps * batch * width),
    keys: normals(sourceSteps * batch * width, additive ? 1 : small),
    values: normals(sourceSteps * batch * units),
    score: normals(additive ? width : 0, small),
    dContext: normals(timeSteps * batch * units),
    lengths: Int32Array.from({ length: batch }, () => 1 + Math.floor(generator.nextUniform() * sourceSteps)),
  };
}

function onKernels(runtime: WasmRuntime, threads: number, each: Case): Results {
  const { timeSteps, batch, sourceSteps, width, units, additive } = each;
  const { kernels } = runtime;
  const inputs = Object.fromEntries(
    Object.entries(inputsOf(each)).map(([name, values]) => [name, put(runtime, values)]),
  ) as Record<keyof ReturnType<typeof inputsOf>, number>;
  const sizes = {
    context: timeSteps * batch * units,
    weights: timeSteps * batch * sourceSteps,
    dQuery: timeSteps * batch * width,
    dKeys: sourceSteps * batch * width,
    dValues: sourceSteps * batch * units,
    dScore: additive ? width : 0,
  };
  const outputs = names.map((name) => put(runtime, new Float32Array(sizes[name]).fill(NaN)));
  const [context = 0, weights = 0, ...gradients] = outputs;
  const { query, keys, values, lengths, dContext } = inputs;
  const score = additive ? inputs.score : 0;
  const shape = [timeSteps, batch, sourceSteps, width, units];
  runtime.withScratch(kernels.attentionScratch(width, threads), (scratch) => {
    const pointers = [query, keys, values, lengths, score, context, weights];
    runtime.run(Job.attention, threads, [...pointers, ...shape, scratch]);
  });
  runtime.withScratch(kernels.attentionGradientScratch(batch, sourceSteps, width, threads), (scratch) => {
    const pointers = [query, keys, values, score, weights, dContext, ...gradients];
    runtime.run(Job.attentionGradient, threads, [...pointers, ...shape, scratch]);
  });
  const results = Object.fromEntries(
    names.map((name, at) => [name, Float64Array.from(runtime.float32(outputs[at]!, sizes[name]))]),
  );
  for (const pointer of [...Object.values(inputs), ...outputs]) runtime.heap.free(pointer);
  return results as unknown as Results;
}

/** Attention and its gradients by the chain rule, in double precision. */
function expected(each: Case): Results {
  const { timeSteps, batch, sourceSteps, width, units, additive } = each;
  const { query, keys, values, score, dContext, lengths } = inputsOf(each);
  const results: Results = {
    context: new Float64Array(timeSteps * batch * units),
    weights: new Float64Array(timeSteps * batch * sourceSteps),
    dQuery: new Float64Array(query.length),
    dKeys: new Float64Array(keys.length),
    dValues: new Float64Array(values.length),
    dScore: new Float64Array(score.length),
  };
  const add = (name: keyof Results, index: number, value: number) => {
    results[name][index] = results[name][index]! + value;
  };
  for (let row = 0; row < timeSteps * batch; row++) {
    const b = row % batch;
    const sources = Array.from({ length: lengths[b]! }, (_, s) => s * batch + b);
    const scores = sources.map((source) => {
      let sum = 0;
      for (let k = 0; k < width; k++) {
        const [q, key] = [query[row * width + k]!, keys[source * width + k]!];
        sum += additive ? score[k]! * Math.tanh(q + key) : q * key;
      }
      return sum;
    });
    const powers = scores.map((value) => Math.exp(value - Math.max(...scores)));
    const shares = powers.map((power) => power / powers.reduce((sum, other) => sum + other));
    const slopes = sources.map((source, s) => {
      let slope = 0;
      for (let u = 0; u < units; u++) {
        const [value, by] = [values[source * units + u]!, dContext[row * units + u]!];
        add('context', row * units + u, shares[s]! * value);
        add('dValues', source * units + u, shares[s]! * by);
        slope += value * by;
      }
      add('weights', row * sourceSteps + s, shares[s]!);
      return slope;
    });
    const mean = slopes.reduce((sum, slope, s) => sum + shares[s]! * slope, 0);
    sources.forEach((source, s) => {
      const slope = shares[s]! * (slopes[s]! - mean);
      for (let k = 0; k < width; k++) {
        const [q, key] = [query[row * width + k]!, keys[source * width + k]!];
        const value = Math.tanh(q + key);
        add('dQuery', row * width + k, slope * (additive ? score[k]! * (1 - value ** 2) : key));
        add('dKeys', source * width + k, slope * (additive ? score[k]! * (1 - value ** 2) : q));
        if (additive) add('dScore', k, slope * value);
      }
    });
  }
  return results;
}

for (const build of builds) {
  describe(`WebAssembly attention, ${build.name}`, () => {
    let runtime: WasmRuntime;
    before(async () => {
      runtime = await startBuild(build, 3);
    });
    after(() => runtime.stop());

    it('agrees with float64 for all sizes, and does not depend on the number of threads', () => {
      fc.assert(
        fc.property(cases, (each) => {
          const truth = expected(each);
          const alone = onKernels(runtime, 1, each);
          for (const name of names) assertClose(name, alone[name], truth[name], 1e-5);
          for (const threads of [2, 3]) assert.deepEqual(onKernels(runtime, threads, each), alone);
        }),
        { seed: 20, numRuns: 60 },
      );
    });
  });
}
