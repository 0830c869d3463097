import assert from 'node:assert/strict';
import * as tf from '@tensorflow/tfjs';
import fc from 'fast-check';
import { backendNamed } from '../../../src/backends/registry.ts';
import { attentionPool } from '../../../src/kernels/ops.ts';

interface Case {
  readonly timeSteps: number;
  readonly batch: number;
  readonly width: number;
  readonly lengths: readonly number[];
  readonly h: readonly number[];
  readonly scores: readonly number[];
  /** Gradient dL/dpooled, `[batch, width]`. */
  readonly byPooled: readonly number[];
}

const number = fc.double({ min: -3, max: 3, noNaN: true });
const cases: fc.Arbitrary<Case> = fc
  .record({
    timeSteps: fc.integer({ min: 1, max: 6 }),
    batch: fc.integer({ min: 1, max: 4 }),
    width: fc.integer({ min: 1, max: 5 }),
  })
  .chain((shape) => {
    const { timeSteps, batch, width } = shape;
    const numbers = (count: number) => fc.array(number, { minLength: count, maxLength: count });
    return fc.record({
      ...(Object.fromEntries(Object.entries(shape).map(([name, value]) => [name, fc.constant(value)])) as {
        [K in keyof typeof shape]: fc.Arbitrary<number>;
      }),
      lengths: fc.array(fc.integer({ min: 1, max: timeSteps }), { minLength: batch, maxLength: batch }),
      h: numbers(timeSteps * batch * width),
      scores: numbers(timeSteps * batch),
      byPooled: numbers(batch * width),
    });
  });

/** Attention pooling by its definition, in double precision. */
function pooledByDefinition({ timeSteps, batch, width, lengths, h, scores }: Case): {
  pooled: number[];
  weights: number[];
} {
  const weights = scores.map((score, at) => {
    const b = at % batch;
    const length = lengths[b]!;
    const sum = Array.from({ length }, (_, t) => Math.exp(scores[t * batch + b]!)).reduce(
      (total, power) => total + power,
      0,
    );
    return Math.floor(at / batch) < length ? Math.exp(score) / sum : 0;
  });
  const pooled = Array.from({ length: batch * width }, (_, at) => {
    const [b, k] = [Math.floor(at / width), at % width];
    return Array.from(
      { length: timeSteps },
      (_step, t) => weights[t * batch + b]! * h[(t * batch + b) * width + k]!,
    ).reduce((sum, value) => sum + value, 0);
  });
  return { pooled, weights };
}

function run({ timeSteps, batch, width, lengths, h, scores, byPooled }: Case): {
  pooled: number[];
  weights: number[];
  dh: number[];
  dScores: number[];
} {
  return tf.tidy(() => {
    const inputs = [tf.tensor3d([...h], [timeSteps, batch, width]), tf.tensor2d([...scores], [timeSteps, batch])];
    const pool = (states: tf.Tensor, score: tf.Tensor) =>
      attentionPool({
        h: states as tf.Tensor3D,
        scores: score as tf.Tensor2D,
        lengths: tf.tensor1d([...lengths], 'int32'),
      });
    const { pooled, weights } = pool(inputs[0] as tf.Tensor, inputs[1] as tf.Tensor);
    const by = tf.tensor2d([...byPooled], [batch, width]);
    const [dh, dScores] = tf.grads((states, score) =>
      tf.sum(tf.mul(pool(states as tf.Tensor, score as tf.Tensor).pooled, by)),
    )(inputs) as [tf.Tensor, tf.Tensor];
    const values = (tensor: tf.Tensor): number[] => [...tensor.dataSync()];
    return { pooled: values(pooled), weights: values(weights), dh: values(dh), dScores: values(dScores) };
  });
}

function assertClose(actual: readonly number[], expected: readonly number[], tolerance: number): void {
  assert.equal(actual.length, expected.length);
  actual.forEach((value, index) =>
    assert.ok(Math.abs(value - expected[index]!) <= tolerance, `${index}: ${value} is not ${expected[index]}`),
  );
}

for (const name of ['reference', 'wasm']) {
  describe(`attention pooling on ${name}`, () => {
    before(() => backendNamed(name).load({ home: '', tensorflowPath: '', threads: 1 }));
    after(() => backendNamed('reference').load({ home: '', tensorflowPath: '' }));

    it('is the mean weighted by the softmax of the scores', () => {
      fc.assert(
        fc.property(cases, (each) => {
          const { pooled, weights } = run(each);
          const expected = pooledByDefinition(each);
          assertClose(weights, expected.weights, 1e-6);
          assertClose(pooled, expected.pooled, 1e-5);
        }),
        { seed: 1, numRuns: 40 },
      );
    });

    it('has gradients that agree with finite differences', () => {
      fc.assert(
        fc.property(cases, (each) => {
          const { dh, dScores } = run(each);
          const slopes = (values: readonly number[], put: (changed: number[]) => Case): number[] =>
            values.map((_, at) => {
              const lossAt = (shift: number): number => {
                const { pooled } = pooledByDefinition(
                  put(values.map((value, index) => (index === at ? value + shift : value))),
                );
                return pooled.reduce((sum, value, index) => sum + value * each.byPooled[index]!, 0);
              };
              return (lossAt(1e-5) - lossAt(-1e-5)) / 2e-5;
            });
          assertClose(
            dh,
            slopes(each.h, (h) => ({ ...each, h })),
            1e-4,
          );
          assertClose(
            dScores,
            slopes(each.scores, (scores) => ({ ...each, scores })),
            1e-4,
          );
        }),
        { seed: 2, numRuns: 20 },
      );
    });

    it('ignores the padding of a sequence', () => {
      fc.assert(
        fc.property(cases, (each) => {
          const isThere = (row: number): boolean => Math.floor(row / each.batch) < each.lengths[row % each.batch]!;
          const otherwise = {
            ...each,
            h: each.h.map((value, at) => (isThere(Math.floor(at / each.width)) ? value : 50 - value)),
            scores: each.scores.map((value, at) => (isThere(at) ? value : 50 - value)),
          };
          // Compared as text, where zero has no sign.
          assert.equal(JSON.stringify(run(otherwise)), JSON.stringify(run(each)));
        }),
        { seed: 3, numRuns: 30 },
      );
    });

    it('leaks no tensors, and handles scores whose e^x overflows', () => {
      const before = tf.memory().numTensors;
      const each = { timeSteps: 2, batch: 1, width: 1, lengths: [2], h: [1, 2], scores: [1000, -1000], byPooled: [1] };
      assert.deepEqual(run(each).pooled, [1]);
      assert.equal(tf.memory().numTensors, before);
    });
  });
}
