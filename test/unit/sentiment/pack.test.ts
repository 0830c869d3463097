import assert from 'node:assert/strict';
import * as tf from '@tensorflow/tfjs';
import { referenceBackend } from '../../../src/backends/reference.ts';
import { padSequences } from '../../../src/data/labeled/sequenceBatcher.ts';
import { tokenizeWords } from '../../../src/data/words/tokenizer.ts';
import { WordVocabulary } from '../../../src/data/words/vocabulary.ts';
import { TextClassifier } from '../../../src/models/textClassifier.ts';
import { Generator } from '../../../src/random/generator.ts';
import { learnedTensors, packClassifier } from '../../../src/sentiment/pack.ts';
import { SentimentModel } from '../../../src/sentiment/sentimentModel.ts';

describe('packing a trained classifier', () => {
  before(() => referenceBackend.load({ home: '', tensorflowPath: '' }));

  it('keeps its answers up to rounding of the word vectors, and adds words', async () => {
    const generator = Generator.forPurpose(9, 'weights');
    const vocabulary = WordVocabulary.of(['good', 'bad', 'film']);
    const dimensions = 4;
    const vectors = (words: number) => Float32Array.from({ length: words * dimensions }, () => generator.nextNormal());
    const pretrained = vectors(vocabulary.size);
    const shape = { vocabularySize: vocabulary.size, dimensions, units: 3, pooling: 'attention', classes: 3 } as const;
    const model = new TextClassifier(shape, pretrained);
    model.initialize(generator);
    for (const { variable } of model.parameters) {
      tf.tidy(() => {
        variable.assign(
          tf.add(
            variable,
            tf.tensor(
              Float32Array.from({ length: variable.size }, () => 0.3 * generator.nextNormal()),
              variable.shape,
            ),
          ),
        );
      });
    }
    const others = { words: ['elsewhere'], vectors: vectors(1) };
    const labels = ['a', 'b', 'c'];
    const learned = await learnedTensors(model);
    const context = {
      shape,
      labels,
      temperature: { base: 0, perLogWord: 0 },
      vocabulary,
      adaptedWords: 3,
      pretrained,
      others,
    };
    const packed = new SentimentModel(packClassifier([learned], context));

    const ids = ['good film', 'bad', 'a bad bad film'].map((text) => vocabulary.encode(tokenizeWords(text)));
    const { timeSteps, batch, lengths, ids: padded } = padSequences(ids, vocabulary.paddingId);
    const expected = tf.tidy(() =>
      model.forward(tf.tensor2d(padded, [timeSteps, batch], 'int32'), tf.tensor1d(lengths, 'int32')).logits.arraySync(),
    );
    const actual = await packed.logits(ids);
    actual.flat().forEach((logit, index) => assert.ok(Math.abs(logit - expected.flat()[index]!) < 0.15));
    assert.deepEqual((await packed.classify(['good elsewhere nowhere']))[0]?.unknownWords, ['nowhere']);
    const twice = new SentimentModel(packClassifier([learned, learned], context));
    assert.deepEqual(await twice.logits(ids), actual, 'the mean of two equal models');
    for (const each of [model, packed, twice]) each.dispose();
  });
});
