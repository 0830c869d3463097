import assert from 'node:assert/strict';
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
});
