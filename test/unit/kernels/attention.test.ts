import assert from 'node:assert/strict';
import * as tf from '@tensorflow/tfjs';
import { backendNamed } from '../../../src/backends/registry.ts';
import { attention } from '../../../src/kernels/ops.ts';
import { Generator } from '../../../src/random/generator.ts';
import { assertClose } from '../../oracle/compare.ts';
import { finiteDifferences } from '../../oracle/finiteDifferences.ts';
import { Matrix } from '../../oracle/matrix.ts';

const [STEPS, BATCH, SOURCE, WIDTH, UNITS] = [3, 2, 4, 3, 2];
const LENGTHS = [4, 2];

interface Case {
  readonly query: Matrix;
  readonly keys: Matrix;
  readonly values: Matrix;
  readonly score: Matrix | undefined;
  /** Gradient dL/dcontext. */
  readonly by: Matrix;
}

function randomCase(seed: number, additive: boolean): Case {
  const generator = Generator.forPurpose(seed, 'attention');
  const random = (rows: number, columns: number) =>
    new Matrix(
      rows,
      columns,
      Float64Array.from({ length: rows * columns }, () => generator.nextNormal()),
    );
  return {
    query: random(STEPS * BATCH, WIDTH),
    keys: random(SOURCE * BATCH, WIDTH),
    values: random(SOURCE * BATCH, UNITS),
    score: additive ? random(1, WIDTH) : undefined,
    by: random(STEPS * BATCH, UNITS),
  };
}

/** Attention by its definition, in double precision. */
function byDefinition({ query, keys, values, score }: Case): { context: Matrix; weights: number[][] } {
  const context = new Matrix(STEPS * BATCH, UNITS);
  const weights = Array.from({ length: STEPS * BATCH }, (_, row) => {
    const b = row % BATCH;
    const scores = Array.from({ length: LENGTHS[b]! }, (_step, s) => {
      const terms = Array.from({ length: WIDTH }, (_term, k) => {
        const [q, key] = [query.at(row, k), keys.at(s * BATCH + b, k)];
        return score ? score.at(0, k) * Math.tanh(q + key) : q * key;
      });
      return terms.reduce((sum, term) => sum + term, 0);
    });
    const powers = scores.map((value) => Math.exp(value));
    const total = powers.reduce((sum, power) => sum + power, 0);
    const shares = powers.map((power) => power / total);
    for (let u = 0; u < UNITS; u++)
      context.set(
        row,
        u,
        shares.reduce((sum, share, s) => sum + share * values.at(s * BATCH + b, u), 0),
      );
    return [...shares, ...new Array<number>(SOURCE - shares.length).fill(0)];
  });
  return { context, weights };
}

const tensorsOf = ({ query, keys, values, score }: Case) => ({
  query: tf.tensor3d(Float32Array.from(query.values), [STEPS, BATCH, WIDTH]),
  keys: tf.tensor3d(Float32Array.from(keys.values), [SOURCE, BATCH, WIDTH]),
  values: tf.tensor3d(Float32Array.from(values.values), [SOURCE, BATCH, UNITS]),
  ...(score && { score: tf.tensor1d(Float32Array.from(score.values)) }),
});

/** dL/dquery of additive attention in double precision, by the chain rule; the slope of tanh is 1 / cosh^2. */
function saturatedQueryGradient(each: Case): number[] {
  const { query, keys, values, score, by } = each;
  return byDefinition(each).weights.flatMap((shares, row) => {
    const b = row % BATCH;
    const sources = Array.from({ length: LENGTHS[b]! }, (_, s) => s * BATCH + b);
    const slopes = sources.map((source) =>
      Array.from({ length: UNITS }, (_, u) => by.at(row, u) * values.at(source, u)).reduce((sum, term) => sum + term),
    );
    const mean = slopes.reduce((sum, slope, s) => sum + shares[s]! * slope, 0);
    return Array.from({ length: WIDTH }, (_, k) =>
      sources.reduce((sum, source, s) => {
        const slope = Math.cosh(query.at(row, k) + keys.at(source, k)) ** -2;
        return sum + shares[s]! * (slopes[s]! - mean) * (score?.at(0, k) ?? NaN) * slope;
      }, 0),
    );
  });
}

function gradients(each: Case): Map<string, Float32Array> {
  const found = new Map<string, Float32Array>();
  tf.tidy(() => {
    const inputs = tensorsOf(each);
    const names = Object.keys(inputs);
    const by = tf.tensor3d(Float32Array.from(each.by.values), [STEPS, BATCH, UNITS]);
    const lengths = tf.tensor1d(LENGTHS, 'int32');
    const loss = (...tensors: tf.Tensor[]) =>
      tf.sum(
        tf.mul(
          attention({ ...(Object.fromEntries(names.map((name, at) => [name, tensors[at]])) as typeof inputs), lengths })
            .context,
          by,
        ),
      );
    tf.grads(loss)(Object.values(inputs)).forEach((gradient, at) =>
      found.set(names[at]!, gradient.dataSync() as Float32Array),
    );
  });
  return found;
}

for (const backend of ['reference', 'wasm']) {
  for (const [kind, additive] of [
    ['dot', false],
    ['additive', true],
  ] as const) {
    describe(`${kind} attention on ${backend}`, () => {
      before(() => backendNamed(backend).load({ home: '', tensorflowPath: '', threads: 1 }));
      after(() => backendNamed('reference').load({ home: '', tensorflowPath: '' }));

      it('is the mean of the values weighted by the softmax of the scores, within the length of each source', () => {
        for (let seed = 1; seed <= 5; seed++) {
          const each = randomCase(seed, additive);
          const { context, weights } = tf.tidy(() =>
            attention({ ...tensorsOf(each), lengths: tf.tensor1d(LENGTHS, 'int32') }),
          );
          const expected = byDefinition(each);
          assertClose('context', context.dataSync(), expected.context.values, 1e-5);
          assertClose('weights', weights.dataSync(), expected.weights.flat(), 1e-5);
          assert.deepEqual(weights.shape, [STEPS, BATCH, SOURCE]);
        }
      });

      it('has gradients that agree with finite differences', () => {
        const each = randomCase(7, additive);
        const loss = () =>
          byDefinition(each).context.values.reduce((sum, value, at) => sum + value * each.by.values[at]!, 0);
        for (const [name, found] of gradients(each)) {
          assertClose(
            name,
            found,
            finiteDifferences(each[name as 'query' | 'keys' | 'values' | 'score']!, loss).values,
            1e-5,
          );
        }
      });

      if (additive) {
        it('has gradients through saturated sums that keep their relative precision', () => {
          const each = randomCase(5, true);
          for (let row = 0; row < STEPS * BATCH; row++)
            for (let k = 0; k < WIDTH; k++) each.query.set(row, k, each.query.at(row, k) + 20);
          const found = gradients(each).get('query');
          saturatedQueryGradient(each).forEach((expected, at) => {
            assert.ok(Math.abs((found?.[at] ?? NaN) / expected - 1) < 1e-3, `${at}: ${found?.[at]} for ${expected}`);
          });
        });
      }

      it('ignores the padding of a source', () => {
        const each = randomCase(9, additive);
        const before = gradients(each);
        for (const matrix of [each.keys, each.values]) {
          for (let column = 0; column < matrix.columns; column++)
            for (const s of [2, 3]) matrix.set(s * BATCH + 1, column, 50);
        }
        assert.equal(JSON.stringify([...gradients(each)]), JSON.stringify([...before]));
      });

      it('leaks no tensors', () => {
        const count = tf.memory().numTensors;
        gradients(randomCase(11, additive));
        assert.equal(tf.memory().numTensors, count);
      });
    });
  }
}
