import assert from 'node:assert/strict';
import * as tf from '@tensorflow/tfjs';
import { referenceBackend } from '../../../src/backends/reference.ts';
import { counted, layersOf, torchSurplus, totalOf } from '../../../src/config/modelSummary.ts';
import { describeModel } from '../../../src/config/describeModel.ts';
import { parseRunConfig } from '../../../src/config/parse.ts';
import type { ModelConfig, RunConfig } from '../../../src/config/schema.ts';
import { taskNames } from '../../../src/config/task.ts';
import { ConditionedModel } from '../../../src/models/conditioned/conditionedModel.ts';
import { EncoderDecoder } from '../../../src/models/encoderDecoder/encoderDecoder.ts';
import { LanguageModel } from '../../../src/models/languageModel.ts';
import { RecurrentClassifier } from '../../../src/models/recurrentClassifier.ts';
import { recurrentLayers } from '../../../src/models/recurrentLayers.ts';
import { Tagger } from '../../../src/models/tagger.ts';
import { newNetwork } from '../../../src/worker/tasks/classification/newNetwork.ts';

const [V, K] = [17, 5];

const shapes: readonly Partial<ModelConfig>[] = [
  { units: 6 },
  { units: 6, embedding: 4, layers: 2 },
  { cell: 'gru', units: 5, layers: 3 },
  { cell: 'gru', units: 5, resetAfter: true, embedding: 3 },
  { cell: 'rnn', units: 7, layers: 2 },
  { cell: 'rnn', units: 7, recurrence: 'output' },
];

/** Parameter count in the summary of a configuration's model. */
function expected(config: RunConfig, outputs: number): number {
  const layers = layersOf(config);
  assert.ok(layers);
  return counted(totalOf(layers), V, outputs);
}

describe('the summary of a model', () => {
  before(() => referenceBackend.load({ home: '', tensorflowPath: '' }));

  for (const shape of shapes) {
    it(`counts the parameters that the models have: ${JSON.stringify(shape)}`, () => {
      const language = parseRunConfig({ model: shape });
      const languageModel = new LanguageModel({ ...language.model, vocabularySize: V });
      assert.equal(expected(language, V), languageModel.parameterCount);
      languageModel.dispose();
      for (const bidirectional of [false, true]) {
        const tagging = parseRunConfig({ task: { name: 'tagging' }, model: { ...shape, bidirectional } });
        const tagger = new Tagger({ ...tagging.model, vocabularySize: V, tags: K });
        assert.equal(expected(tagging, K), tagger.parameterCount);
        tagger.dispose();
        for (const pooling of ['last', 'mean', 'attention'] as const) {
          const classification = parseRunConfig({
            task: { name: 'classification' },
            model: { ...shape, bidirectional, pooling },
          });
          const classifier = new RecurrentClassifier({ ...classification.model, vocabularySize: V, classes: K });
          assert.equal(expected(classification, K), classifier.parameterCount);
          classifier.dispose();
        }
      }
    });
  }

  for (const cell of ['lstm', 'gru', 'rnn'] as const) {
    for (const embedding of [0, 3]) {
      it(`counts those of encoder-decoders and of label-conditioned models: ${cell}, embedding ${embedding}`, () => {
        const shape = { cell, embedding, units: 6, layers: 2, ...(cell === 'lstm' && { projection: 4 }) };
        for (const attention of ['none', 'dot', 'additive'] as const) {
          for (const bidirectional of [false, true]) {
            const config = parseRunConfig({
              task: { name: 'sequence-to-sequence' },
              model: { ...shape, attention, bidirectional },
            });
            const model = new EncoderDecoder({ ...config.model, sourceSize: V, targetSize: K });
            assert.equal(expected(config, K), model.parameterCount);
            model.dispose();
          }
        }
        const config = parseRunConfig({ task: { name: 'conditioned-generation' }, model: shape });
        const conditioned = new ConditionedModel({ ...config.model, vocabularySize: V, labels: K });
        assert.equal(expected(config, K), conditioned.parameterCount);
        conditioned.dispose();
      });
    }
  }

  it('counts those of convolutional networks', () => {
    for (const change of [{}, { embedding: 5, kernelWidths: '2,3,3', filters: 7 }]) {
      const config = parseRunConfig({
        task: { name: 'classification' },
        model: { family: 'convolutional', ...change },
      });
      const network = newNetwork(config.model, V, K);
      assert.equal(expected(config, K), network.parameterCount);
      network.dispose();
    }
  });

  it('counts 5,760 parameters for LSTM(10, 20, 2), and the 5,920 of PyTorch', () => {
    const { model } = parseRunConfig({ task: { name: 'tagging' }, model: { embedding: 10, units: 20, layers: 2 } });
    const stack = recurrentLayers(model, { inputs: 10 });
    const network = tf.sequential();
    stack.addTo(network);
    const ours = network.countParams();
    const layers =
      layersOf({ task: parseRunConfig({ task: { name: 'tagging' } }).task, model })?.filter(({ name }) =>
        name.startsWith('lstm'),
      ) ?? [];
    assert.equal(counted(totalOf(layers), 0, 0), 5760);
    assert.equal(ours, 5760);
    assert.equal(ours + torchSurplus(model), 5920);
    network.dispose();
  });

  it('is described for every task, with the parameter count of every layer', () => {
    for (const name of taskNames) {
      const text = describeModel(parseRunConfig({ task: { name } }));
      assert.match(text, /hidden_size +100/);
      assert.match(text, /\[LSTM\] --> \[LSTM\]/);
    }
    assert.match(describeModel(parseRunConfig({})), /^lstm_1 .* 40,400 \+ 400 V$/m);
  });

  it('draws the inputs and outputs of each step', () => {
    const description = describeModel(parseRunConfig({ task: { name: 'classification' } }));
    const drawn = description
      .split('\n')
      .slice(description.split('\n').findIndex((line) => line.includes('-->')) - 2)
      .slice(0, 5);
    assert.deepEqual(drawn, [
      '                                         y',
      '                                         ^',
      'h0 -> [LSTM] --> [LSTM] --> [LSTM] --> [LSTM]',
      '        ^          ^          ^          ^',
      '        x1         x2        ...         xT',
    ]);
  });
});
