import assert from 'node:assert/strict';
import * as tf from '@tensorflow/tfjs';
import { referenceBackend } from '../../../src/backends/reference.ts';
import { Bidirectional } from '../../../src/layers/bidirectional.ts';
import { Dropout } from '../../../src/layers/dropout.ts';
import { Gru } from '../../../src/layers/gru.ts';
import { Lstm } from '../../../src/layers/lstm.ts';
import type { RecurrentOptions } from '../../../src/layers/recurrent.ts';
import { SimpleRnn } from '../../../src/layers/simpleRnn.ts';
import { Generator } from '../../../src/random/generator.ts';
import { assertClose } from '../../oracle/compare.ts';
import { Random } from '../../oracle/random.ts';
import { errorWith } from '../../harness/facts.ts';
import { say } from '../../../src/phrases/phrase.ts';

const INPUTS = 5;

const cells = {
  LSTM: (options: RecurrentOptions) => new Lstm(options),
  GRU: (options: RecurrentOptions) => new Gru(options),
  'SimpleRNN with tanh': (options: RecurrentOptions) => new SimpleRnn(options),
  'SimpleRNN with relu': (options: RecurrentOptions) => new SimpleRnn({ ...options, activation: 'relu' }),
  'SimpleRNN, linear': (options: RecurrentOptions) => new SimpleRnn({ ...options, activation: 'linear' }),
};

const variants: Record<string, Partial<RecurrentOptions>> = {
  'all steps': {},
  'the last step': { returnSequences: false },
  'no bias': { useBias: false },
  backwards: { goBackwards: true },
  'backwards, the last step': { goBackwards: true, returnSequences: false },
};

function networkOf(...layers: tf.layers.Layer[]): tf.Sequential {
  const random = new Random(7);
  const network = tf.sequential({ layers });
  network.setWeights(
    network
      .getWeights()
      .map(({ shape, size }) => tf.tensor(Float32Array.from(random.matrix(1, size, 0.6).values), shape)),
  );
  return network;
}

/** The network, saved, and opened by plain TensorFlow.js. */
async function reopened(network: tf.Sequential): Promise<tf.LayersModel> {
  let saved: tf.io.ModelArtifacts = {};
  await network.save(
    tf.io.withSaveHandler((artifacts) => {
      saved = artifacts;
      return Promise.resolve({ modelArtifactsInfo: { dateSaved: new Date(0), modelTopologyType: 'JSON' } });
    }),
  );
  const modelTopology: unknown = JSON.parse(JSON.stringify(saved.modelTopology));
  return tf.loadLayersModel(tf.io.fromMemory({ ...saved, modelTopology: modelTopology as object }));
}

/** Checks that the stock model has the same class names, weight names and outputs, and stock layers. */
async function assertOpensInStock(network: tf.Sequential): Promise<void> {
  const stock = await reopened(network);
  const className = (layer: tf.layers.Layer): string => layer.getClassName();
  assert.deepEqual(stock.layers.map(className), network.layers.map(className));
  stock.layers.forEach((layer, index) => assert.notEqual(layer.constructor, network.layers[index]?.constructor));
  const names = (model: tf.LayersModel): string[] => model.weights.map((weight) => weight.originalName);
  assert.deepEqual(names(stock), names(network));

  const x = tf.tensor(Float32Array.from(new Random(11).matrix(1, 3 * 6 * INPUTS, 1).values), [3, 6, INPUTS]);
  const [actual, expected] = [network, stock].map((model) => model.predict(x) as tf.Tensor) as [tf.Tensor, tf.Tensor];
  assert.deepEqual(actual.shape, expected.shape);
  assertClose('output', actual.dataSync(), expected.dataSync(), 1e-6);
}

describe('a saved model opens in plain TensorFlow.js with the same output', () => {
  before(() => referenceBackend.load({ home: '', tensorflowPath: '' }));

  for (const [cell, make] of Object.entries(cells)) {
    for (const [variant, options] of Object.entries(variants)) {
      it(`${cell}, ${variant}`, async () => {
        await assertOpensInStock(networkOf(make({ name: 'recurrent_1', units: 7, inputs: INPUTS, ...options })));
      });

      if (options.goBackwards) continue;
      it(`bidirectional ${cell}, ${variant}`, async () => {
        const layer = make({ name: 'recurrent_1', units: 4, ...options });
        await assertOpensInStock(networkOf(new Bidirectional({ name: 'bidirectional_1', layer, inputs: INPUTS })));
      });
    }
  }

  it('a stack of both kinds with inactive dropout in between', async () => {
    const first = new Bidirectional({
      name: 'bidirectional_1',
      layer: new Lstm({ name: 'lstm_1', units: 4 }),
      inputs: INPUTS,
    });
    const dropout = new Dropout({ name: 'dropout_1', rate: 0.4, generator: Generator.forPurpose(1, 'dropout') });
    await assertOpensInStock(networkOf(first, dropout, new Gru({ name: 'gru_2', units: 3 })));
  });

  it('except a bidirectional layer that goes backward in both directions', () => {
    const layer = new Lstm({ name: 'lstm_1', units: 4, goBackwards: true });
    assert.throws(
      () => new Bidirectional({ name: 'bidirectional_1', layer }),
      errorWith({ name: 'RangeError' }, '"lstm_1"'),
    );
  });

  it('except a GRU that resets after the recurrent product, which reports it', async () => {
    const gru = new Gru({ name: 'gru_1', units: 3, inputs: INPUTS, resetAfter: true });
    assert.match(say(gru.stockObstacle ?? ''), /"gru_1".*resetAfter/);
    assert.match(say(new Bidirectional({ name: 'b', layer: gru }).stockObstacle ?? ''), /"gru_1".*resetAfter/);
    assert.equal(new Gru({ name: 'gru_2', units: 3 }).stockObstacle, undefined);
    await assert.rejects(reopened(networkOf(gru)), /reset_after/);
  });
});
