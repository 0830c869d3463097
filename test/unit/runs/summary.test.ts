import assert from 'node:assert/strict';
import { parseRunConfig } from '../../../src/config/parse.ts';
import type { RunConfigInput } from '../../../src/config/schema.ts';
import { summarize, summarizeTraining } from '../../../src/runs/summary.ts';
import { assertNames, names, type Fact } from '../../harness/facts.ts';

describe('summary of a configuration', () => {
  const models: [config: RunConfigInput, ...facts: Fact[]][] = [
    [{}, 'LSTM 1x100', 'T=50', 'B=16', 1],
    [{ model: { cell: 'gru', layers: 2 } }, 'GRU 2x100'],
    [{ model: { cell: 'rnn', embedding: 8 }, seed: 3 }, 'RNN 1x100', 8, 3],
    [{ data: { sequenceLength: 100, stride: 20 } }, 'LSTM 1x100', 'T=100', 20],
    [{ model: { cell: 'rnn', activation: 'relu' } }, 'RNN', 'relu', '1x100'],
  ];
  for (const [config, ...facts] of models) {
    it(`names the model: ${facts.join(', ')}`, () => assertNames(summarize(parseRunConfig(config)), ...facts));
  }

  const trainings: [config: NonNullable<RunConfigInput['training']>, ...facts: Fact[]][] = [
    [{}, 'Adam 0.005', 1, 5000, 'auto'],
    [{ optimizer: 'sgd', learningRate: 0.1, clipNorm: 0 }, 'SGD 0.1', 5000, 'auto'],
    [{ optimizer: 'sgd', momentum: 0.9, clipValue: 2, seconds: 60 }, 'SGD 0.005', 0.9, 1, 2, 5000, '60 s', 'auto'],
  ];
  for (const [training, ...facts] of trainings) {
    it(`names the training: ${facts.join(', ')}`, () =>
      assertNames(summarizeTraining(parseRunConfig({ training })), ...facts));
  }

  it('names only settings that apply', () => {
    const summary = (config: RunConfigInput) => summarize(parseRunConfig(config)).length;
    assert.ok(summary({ task: { name: 'adding' } }) < summary({}), 'no encoding of characters');
    assert.ok(!names(summarizeTraining(parseRunConfig({ training: { clipNorm: 0 } })), 1));
  });
});
