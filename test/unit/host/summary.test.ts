import assert from 'node:assert/strict';
import { parseRunConfig } from '../../../src/config/parse.ts';
import type { RunConfigInput } from '../../../src/config/schema.ts';
import { summarize, summarizeTraining } from '../../../src/host/runs/summary.ts';

describe('a configuration in a line', () => {
  const models: [config: RunConfigInput, words: string][] = [
    [{}, 'LSTM 1 x 100, one-hot, T=50, B=16, seed 1'],
    [{ model: { cell: 'gru', layers: 2 } }, 'GRU 2 x 100, one-hot, T=50, B=16, seed 1'],
    [{ model: { cell: 'rnn', embedding: 8 }, seed: 3 }, 'RNN 1 x 100, embedding 8, T=50, B=16, seed 3'],
    [{ data: { sequenceLength: 100, stride: 20 } }, 'LSTM 1 x 100, one-hot, T=100 every 20, B=16, seed 1'],
    [{ model: { cell: 'rnn', activation: 'relu' } }, 'RNN (relu) 1 x 100, one-hot, T=50, B=16, seed 1'],
  ];
  for (const [config, words] of models) {
    it(`names the model: ${words}`, () => assert.equal(summarize(parseRunConfig(config)), words));
  }

  const trainings: [config: NonNullable<RunConfigInput['training']>, words: string][] = [
    [{}, 'Adam 0.005, clip norm 1, 5000 steps, backend auto'],
    [{ optimizer: 'sgd', learningRate: 0.1, clipNorm: 0 }, 'SGD 0.1, no clipping, 5000 steps, backend auto'],
    [
      { optimizer: 'sgd', momentum: 0.9, clipValue: 2, seconds: 60 },
      'SGD 0.005, momentum 0.9, clip norm 1, clip value 2, 5000 steps or 60 s, backend auto',
    ],
  ];
  for (const [training, words] of trainings) {
    it(`names the training: ${words}`, () => assert.equal(summarizeTraining(parseRunConfig({ training })), words));
  }
});
