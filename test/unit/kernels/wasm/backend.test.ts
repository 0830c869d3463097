import assert from 'node:assert/strict';
import fc from 'fast-check';
import * as tf from '@tensorflow/tfjs';
import { wasmBackend } from '../../../../src/backends/wasm.ts';

describe('stock ops on the WebAssembly backend', () => {
  beforeEach(() => wasmBackend.load({ home: '', tensorflowPath: '', threads: 1 }));
  afterEach(() => tf.setBackend('cpu'));

  for (const dtype of ['int32', 'bool'] as const) {
    it(`accept tensors cast from ${dtype} as numbers`, () => {
      tf.tidy(() => {
        const count = 90;
        const ones = Array.from({ length: count }, (_, index) => index % 2);
        const cast = tf.tensor2d(ones, [1, count], dtype).toFloat();
        const twos = tf.fill([1, count], 2);
        assert.deepEqual(
          [...tf.mul(cast, twos).dataSync()],
          ones.map((value) => 2 * value),
        );
        assert.deepEqual([...tf.matMul(cast, twos, false, true).dataSync()], [count]);
      });
    });
  }

  it('slice like the stock backend for all forms of begin and size', async () => {
    const slices = () =>
      tf.tidy(() => {
        const x = tf.range(0, 24).reshape([4, 3, 2]);
        const row = tf.range(0, 7);
        const all = [
          tf.slice(x, 1),
          tf.slice(x, [1], [2]),
          tf.slice(x, [1, 0, 0], [2, 3, -1]),
          tf.slice(x, [0, 1, 0], [4, 2, 2]),
          tf.slice(row, 2, 3),
          tf.slice(row, [3]),
        ];
        return all.map((slice) => ({ shape: slice.shape, values: [...slice.dataSync()] }));
      });
    const ours = slices();
    await tf.setBackend('cpu');
    assert.deepEqual(ours, slices());
  });

  it('pad like the stock backend, whichever axes are padded', async () => {
    const forms = fc.array(fc.record({ length: fc.nat(3), before: fc.nat(2), after: fc.nat(2) }), {
      minLength: 1,
      maxLength: 4,
    });
    const padded = (axes: readonly { length: number; before: number; after: number }[], by: number) =>
      tf.tidy(() => {
        const shape = axes.map(({ length }) => length);
        const size = shape.reduce((product, length) => product * length, 1);
        const x = tf.tensor(
          Float32Array.from({ length: size }, (_, index) => index + 1),
          shape,
        );
        const paddings = axes.map(({ before, after }) => [before, after] as [number, number]);
        const result = tf.pad(x, paddings, by);
        return { shape: result.shape, values: [...result.dataSync()] };
      });
    const cases = fc.sample(fc.tuple(forms, fc.constantFrom(0, 5)), { seed: 3, numRuns: 60 });
    const ours = cases.map((each) => padded(...each));
    await tf.setBackend('cpu');
    assert.deepEqual(
      ours,
      cases.map((each) => padded(...each)),
    );
  });

  it('transpose matrices of all sizes like the stock backend', async () => {
    const sizes = [1, 3, 4, 15, 16, 17, 64, 65, 130];
    const transposed = () =>
      tf.tidy(() =>
        sizes.flatMap((rows) =>
          sizes.map((columns) => {
            const result = tf.transpose(tf.range(0, rows * columns).reshape([rows, columns]));
            return { shape: result.shape, values: result.dataSync() };
          }),
        ),
      );
    const ours = transposed();
    await tf.setBackend('cpu');
    assert.deepEqual(ours, transposed());
  });

  it('compute tanh and its gradient like the stock backend', async () => {
    const both = () =>
      tf.tidy(() => {
        const x = tf.linspace(-12, 12, 501);
        const { value, grad } = tf.valueAndGrad((each) => tf.tanh(each))(x);
        return [...value.dataSync(), ...grad.dataSync()];
      });
    const ours = both();
    await tf.setBackend('cpu');
    both().forEach((expected, at) => {
      assert.ok(Math.abs(ours[at]! - expected) < 2e-6, `${at}: ${ours[at]} for ${expected}`);
    });
  });

  it('subtract a tensor from a scalar', () => {
    tf.tidy(() => {
      assert.deepEqual([...tf.sub(tf.scalar(1), tf.tensor1d([3, 0.5])).dataSync()], [-2, 0.5]);
      assert.deepEqual([...tf.sub(tf.tensor1d([3, 0.5]), tf.scalar(1)).dataSync()], [2, -0.5]);
    });
  });
});
