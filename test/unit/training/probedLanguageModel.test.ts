import assert from 'node:assert/strict';
import * as tf from '@tensorflow/tfjs';
import { referenceBackend } from '../../../src/backends/reference.ts';
import { modelSchema } from '../../../src/config/schema.ts';
import { TokenSequence } from '../../../src/data/tokenSequence.ts';
import { LanguageModel } from '../../../src/models/languageModel.ts';
import { gradientFlow } from '../../../src/probes/gradientFlow.ts';
import { allLosses, lastLosses } from '../../../src/probes/lossWeights.ts';
import { MAX_PROBED } from '../../../src/probes/probed.ts';
import { Generator } from '../../../src/random/generator.ts';
import { probedLanguageModel, spreadWindows } from '../../../src/training/probedLanguageModel.ts';

const VOCABULARY = 6;
const tokens = (length: number): TokenSequence =>
  TokenSequence.of(Array.from({ length }, (_, place) => (place * place + place) % VOCABULARY));

describe('windows of a probe', () => {
  it('are spread from the start of the text to its end', () => {
    const text = tokens(10_000);
    const { ids, batch, timeSteps } = spreadWindows([text], 50);
    assert.deepEqual([batch, timeSteps], [MAX_PROBED, 50]);
    const column = (b: number) => Array.from({ length: timeSteps + 1 }, (_, t) => ids[t * batch + b]);
    const part = (from: number) => Array.from({ length: 51 }, (_, t) => ((from + t) * (from + t + 1)) % VOCABULARY);
    assert.deepEqual(column(0), part(0));
    assert.deepEqual(column(batch - 1), part(10_000 - 51));
  });

  it('overlap in a short text, and are fewer in a shorter one', () => {
    assert.deepEqual([spreadWindows([tokens(120)], 50).batch, spreadWindows([tokens(60)], 50).batch], [MAX_PROBED, 10]);
    const all = spreadWindows([tokens(20)], 50);
    assert.deepEqual([all.batch, all.timeSteps], [1, 19]);
  });
});

describe('a probe from the carried state', () => {
  let model: LanguageModel;

  before(async () => {
    await referenceBackend.load({ home: '', tensorflowPath: '' });
    const config = modelSchema.parse({ cell: 'lstm', units: 8, layers: 2, forgetBias: 3 });
    model = new LanguageModel({ ...config, vocabularySize: VOCABULARY }, Generator.forPurpose(1, 'masks'));
    model.initialize(Generator.forPurpose(1, 'weights'), config);
  });

  after(() => model.dispose());

  it('has the losses of the longer window that includes what was carried over', async () => {
    const text = tokens(40);
    const carried = probedLanguageModel(model, spreadWindows([text], 10, true));
    const whole = probedLanguageModel(model, spreadWindows([text], 39));
    const [ofCarried, ofWhole] = await Promise.all(
      [carried, whole].map(async (probed) => gradientFlow(probed, { sequences: [0], weights: allLosses(probed) })),
    );
    assert.deepEqual([carried.lengths, whole.lengths], [[10], [39]]);
    const last = [...(ofWhole?.losses ?? [])].slice(-10);
    for (const [step, loss] of [...(ofCarried?.losses ?? [])].entries())
      assert.ok(Math.abs(loss - (last[step] ?? NaN)) < 1e-5, `step ${step}`);
  });

  it('has the same gradient by lag as that window, and none beyond its own', async () => {
    const text = tokens(40);
    const of = async (carried: boolean) => {
      const probed = probedLanguageModel(model, spreadWindows([text], carried ? 10 : 39, carried));
      return gradientFlow(probed, { sequences: [0], weights: lastLosses(probed, false) });
    };
    const [carried, whole] = [await of(true), await of(false)];
    for (const [index, direction] of carried.directions.entries()) {
      const [curve, longer] = [direction.h[0]!, whole.directions[index]!.h[0]!];
      assert.equal(curve.length, 11);
      // The last value is that of the state before the first step, where h alone takes part.
      for (let lag = 0; lag < 10; lag++) assert.ok(Math.abs(curve[lag]! / longer[lag]! - 1) < 1e-3, `lag ${lag}`);
    }
  });

  it('leaves no tensors behind', async () => {
    const probed = probedLanguageModel(model, spreadWindows([tokens(300)], 10, true));
    const before = tf.memory().numTensors;
    await gradientFlow(probed, {
      sequences: [0, 5],
      weights: lastLosses({ ...probed, lengths: [10, 10] }, false),
      outputs: true,
    });
    assert.equal(tf.memory().numTensors, before);
  });
});
