import assert from 'node:assert/strict';
import * as tf from '@tensorflow/tfjs';
import { referenceBackend } from '../../../src/backends/reference.ts';
import { Bidirectional } from '../../../src/layers/bidirectional.ts';
import { Gru } from '../../../src/layers/gru.ts';
import { Lstm } from '../../../src/layers/lstm.ts';
import type { SequenceLayer } from '../../../src/layers/sequenceLayer.ts';
import { SimpleRnn } from '../../../src/layers/simpleRnn.ts';
import { errorWith } from '../../harness/facts.ts';

const [STEPS, BATCH, INPUTS, UNITS] = [4, 2, 3, 5];

const layers: Record<string, () => SequenceLayer> = {
  LSTM: () => new Lstm({ name: 'layer', units: UNITS }),
  GRU: () => new Gru({ name: 'layer', units: UNITS }),
  'GRU, reset after': () => new Gru({ name: 'layer', units: UNITS, resetAfter: true }),
  RNN: () => new SimpleRnn({ name: 'layer', units: UNITS }),
  'bidirectional LSTM': () => new Bidirectional({ name: 'layer', layer: new Lstm({ name: 'lstm', units: UNITS }) }),
};

describe('recurrent layers', () => {
  before(() => referenceBackend.load({ home: '', tensorflowPath: '' }));

  for (const [name, make] of Object.entries(layers)) {
    it(`${name}: has the same outputs for ids and one-hot vectors`, () => {
      const layer = make();
      layer.build([null, null, INPUTS]);
      layer.setWeights(layer.getWeights().map(({ shape }) => tf.randomUniform(shape, -1, 1, 'float32', 3)));
      const ids = tf.tensor2d([0, 2, 1, 1, 2, 0, 0, 1], [STEPS, BATCH], 'int32');
      const outputs = (x: tf.Tensor): tf.Tensor => layer.sequence(x, layer.zeroState(BATCH)).h;
      assert.deepEqual(outputs(ids).shape, [STEPS, BATCH, name.startsWith('bidirectional') ? 2 * UNITS : UNITS]);
      assert.deepEqual(outputs(ids).dataSync(), outputs(tf.oneHot(ids, INPUTS)).dataSync());
    });

    it(`${name}: reports what is wrong with its inputs`, () => {
      assert.throws(
        () => make().sequence(tf.zeros([STEPS, BATCH, INPUTS]), make().zeroState(BATCH)),
        errorWith({ name: 'Error' }, name.startsWith('bidirectional') ? 'forward_lstm' : 'layer'),
      );
      assert.throws(() => make().build([null, null, null]), Error);
      assert.throws(() => make().call(tf.zeros([BATCH, INPUTS]), {}), errorWith({ name: 'Error' }, '[2, 3]'));
    });
  }
});
