import assert from 'node:assert/strict';
import * as tf from '@tensorflow/tfjs';
import { backendNamed } from '../../../src/backends/registry.ts';
import { modelSchema } from '../../../src/config/schema.ts';
import { recurrentLayers } from '../../../src/models/recurrentLayers.ts';

describe('stacked LSTMs', () => {
  it('have the shapes of the PyTorch example nn.LSTM(10, 20, 2) on (5, 3, 10)', async () => {
    await backendNamed('reference').load({ home: '', tensorflowPath: '' });
    tf.tidy(() => {
      const stack = recurrentLayers(modelSchema.parse({ cell: 'lstm', units: 20, layers: 2 }), { inputs: 10 });
      stack.addTo(tf.sequential());
      const { h, states } = stack.sequence(tf.zeros([5, 3, 10]), stack.zeroState(3));
      assert.deepEqual(h.shape, [5, 3, 20]);
      assert.deepEqual(
        states.map((state) => ('c' in state ? [state.h.shape, state.c.shape] : [])),
        Array(2).fill([
          [3, 20],
          [3, 20],
        ]),
      );
    });
  });
});
