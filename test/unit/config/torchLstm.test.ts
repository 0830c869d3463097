import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import fc from 'fast-check';
import { recurrentLayers } from '../../../src/config/layerSummaries.ts';
import { torchSurplus, totalOf } from '../../../src/config/modelSummary.ts';
import { parseRunConfig } from '../../../src/config/parse.ts';
import { countOf, LSTM_TENSORS, lstmShapes, lstmWeights, type TorchLstm } from '../../../src/config/torchLstm.ts';

interface Fixture {
  readonly arguments: TorchLstm;
  readonly shapes: Readonly<Record<string, number[]>>;
  readonly weights: readonly { readonly name: string; readonly shape: number[] }[];
}

describe('shapes of nn.LSTM', () => {
  it('are those of PyTorch', async () => {
    const path = new URL('../../fixtures/lstmShapes/lstm.json', import.meta.url);
    const fixtures = JSON.parse(await readFile(path, 'utf8')) as Fixture[];
    assert.ok(fixtures.length > 0);
    for (const { arguments: lstm, shapes, weights } of fixtures) {
      const ours = lstmShapes(lstm, { timeSteps: 5, batch: 3 });
      for (const name of LSTM_TENSORS)
        assert.deepEqual(
          ours[name].map(({ size }) => size),
          shapes[name],
          name,
        );
      assert.deepEqual(lstmWeights(lstm), weights);
    }
  });

  it('have 5,920 parameters for LSTM(10, 20, 2), the example of the lecture', () => {
    const lstm = {
      inputSize: 10,
      hiddenSize: 20,
      layers: 2,
      bias: true,
      batchFirst: false,
      bidirectional: false,
      projSize: 0,
    };
    assert.equal(countOf(lstmWeights(lstm)), 5920);
  });

  it('have as many parameters as a model here and its surplus of biases in PyTorch', () => {
    const sizes = fc.record({
      inputSize: fc.integer({ min: 1, max: 9 }),
      hiddenSize: fc.integer({ min: 2, max: 9 }),
      layers: fc.integer({ min: 1, max: 4 }),
      bias: fc.boolean(),
      batchFirst: fc.boolean(),
      bidirectional: fc.boolean(),
      projSize: fc.integer({ min: 0, max: 1 }),
    });
    fc.assert(
      fc.property(sizes, (lstm) => {
        const { model } = parseRunConfig({
          model: {
            embedding: lstm.inputSize,
            units: lstm.hiddenSize,
            layers: lstm.layers,
            bias: lstm.bias,
            bidirectional: lstm.bidirectional,
            projection: lstm.projSize,
          },
        });
        const { fixed } = totalOf(recurrentLayers(model, { reads: 'tokens' }));
        assert.equal(countOf(lstmWeights(lstm)), fixed + torchSurplus(model));
      }),
    );
  });
});
