import assert from 'node:assert/strict';
import * as tf from '@tensorflow/tfjs';
import { referenceBackend } from '../../../src/backends/reference.ts';
import { modelSchema } from '../../../src/config/schema.ts';
import { TokenSequence } from '../../../src/data/tokenSequence.ts';
import { LanguageModel } from '../../../src/models/languageModel.ts';
import { Generator } from '../../../src/random/generator.ts';
import { forgettingCost } from '../../../src/training/forgettingCost.ts';
import { probedLanguageModel, spreadWindows } from '../../../src/training/probedLanguageModel.ts';

const WINDOW = 12;

describe('the cost of forgetting', () => {
  let model: LanguageModel;
  const generator = Generator.forPurpose(4, 'text to forget');
  const text = TokenSequence.of(Array.from({ length: 50 }, () => generator.nextBelow(5)));

  before(async () => {
    await referenceBackend.load({ home: '', tensorflowPath: '' });
    const config = modelSchema.parse({ cell: 'lstm', units: 8, forgetBias: 4, recurrentGain: 2 });
    model = new LanguageModel({ ...config, vocabularySize: 5 }, Generator.forPurpose(1, 'masks'));
    model.initialize(Generator.forPurpose(1, 'weights'), config);
  });

  after(() => model.dispose());

  it('is the loss of the last token given fewer of the tokens before it', async () => {
    const losses = async (window: number, from: number): Promise<Float32Array> => {
      const probed = probedLanguageModel(model, spreadWindows([text.view(from, text.length)], window));
      const all = probed.lengths.map((_, index) => index);
      const each = tf.tidy(() => probed.losses(all, model.zeroState(all.length), () => undefined));
      const rows = await each.data<'float32'>();
      each.dispose();
      return rows.subarray((window - 1) * all.length);
    };
    const cost = await forgettingCost(model, [text], WINDOW, 3);
    const mean = (values: Float32Array) => values.reduce((sum, value) => sum + value, 0) / values.length;
    assert.deepEqual([cost.context, cost.positions], [3, text.length - WINDOW]);
    assert.ok(Math.abs(cost.full - mean(await losses(WINDOW, 0))) < 1e-5);
    // The last tokens of the longer windows are those of the shorter ones that begin nine tokens later.
    assert.ok(Math.abs(cost.cut - mean(await losses(3, WINDOW - 3))) < 1e-5);
    assert.ok(cost.error > 0 && Math.abs(cost.cut - cost.full) > 1e-4);
  });

  it('is zero for the whole window', async () => {
    const { cut, full, error } = await forgettingCost(model, [text], WINDOW, WINDOW);
    assert.equal(cut, full);
    assert.equal(error, 0);
  });

  it('leaves no tensors behind', async () => {
    const before = tf.memory().numTensors;
    await forgettingCost(model, [text], WINDOW, 3);
    assert.equal(tf.memory().numTensors, before);
  });
});
