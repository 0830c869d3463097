import assert from 'node:assert/strict';
import * as tf from '@tensorflow/tfjs';
import { referenceBackend } from '../../../../src/backends/reference.ts';
import { InputError } from '../../../../src/data/inputError.ts';
import { LECTURE_EMBEDDING, LECTURE_TEXTS, textLessonContract } from '../../../../src/protocol/lessons/texts.ts';
import { workBagOfWords } from '../../../../src/worker/course/bagOfWords.ts';
import { workOrder } from '../../../../src/worker/course/order.ts';
import { workPipeline } from '../../../../src/worker/course/pipeline.ts';

describe('lesson on bags of words', () => {
  const lecture = { texts: LECTURE_TEXTS, labels: [0, 1, 0] as (0 | 1)[], steps: 200, learningRate: 1 };

  it('has the design matrix of the lecture for its three sentences', () => {
    const result = workBagOfWords(lecture);
    assert.deepEqual(textLessonContract.workBagOfWords.result.parse(result), result);
    assert.equal(result.columns.join(' '), 'and is one shining sun sweet the two weather');
    assert.deepEqual(
      result.bags,
      [
        [0, 1, 0, 1, 1, 0, 1, 0, 0],
        [0, 1, 0, 0, 0, 1, 1, 0, 1],
        [2, 3, 2, 1, 1, 1, 2, 1, 1],
      ].flat(),
    );
  });

  it('learns the labels of the lecture from a guess', () => {
    const { losses, probabilities, lowestLoss } = workBagOfWords(lecture);
    assert.equal(losses.length, 201);
    assert.equal(losses[0], Math.LN2);
    assert.ok((losses.at(-1) ?? 1) < 0.1, String(losses.at(-1)));
    assert.deepEqual(probabilities.map(Math.round), lecture.labels);
    assert.equal(lowestLoss, 0);
  });

  it('follows the gradient: one step from zero weights', () => {
    const { weights, bias } = workBagOfWords({ texts: ['a a b', 'b'], labels: [1, 0], steps: 1, learningRate: 1 });
    assert.deepEqual([...weights, bias], [0.5, 0, 0]);
  });

  it('cannot distinguish sentences with the same words', () => {
    const { losses, probabilities, lowestLoss } = workBagOfWords({
      texts: ['seen is not good', 'not seen is good'],
      labels: [1, 0],
      steps: 100,
      learningRate: 1,
    });
    assert.equal(lowestLoss, Math.LN2);
    assert.equal(losses.at(-1), Math.LN2);
    assert.deepEqual(probabilities, [0.5, 0.5]);
  });

  it('rejects missing labels and texts without words', () => {
    assert.throws(() => workBagOfWords({ ...lecture, labels: [0] }), { code: 'no-labels' });
    assert.throws(() => workBagOfWords({ ...lecture, texts: ['?', '!', '.'] }), { code: 'empty' });
  });
});

describe('lesson on the word pipeline', () => {
  const lecture = {
    texts: LECTURE_TEXTS,
    embedding: Object.fromEntries(Object.entries(LECTURE_EMBEDDING).map(([word, row]) => [word, [...row]])),
    text: 0,
  };

  it('has the vocabulary and the indices of the lecture for its three sentences', () => {
    const result = workPipeline(lecture);
    assert.deepEqual(textLessonContract.workPipeline.result.parse(result), result);
    assert.equal(
      result.vocabulary.map((word, id) => `${word}${id}`).join(' '),
      '<unk>0 and1 is2 one3 shining4 sun5 sweet6 the7 two8 weather9 <pad>10',
    );
    assert.deepEqual(
      result.ids.map((ids) => ids.join(' ')),
      ['7 5 2 4', '7 9 2 6', '7 5 2 4 7 9 2 6 1 3 1 3 2 8'],
    );
    assert.equal(result.timeSteps, 14);
    assert.deepEqual(result.padded.slice(0, 14), [7, 5, 2, 4, ...new Array<number>(10).fill(10)]);
  });

  it('has the row of the lecture as the product of the first one-hot vector and the embedding matrix', () => {
    const { oneHot, product, lookup } = workPipeline(lecture);
    assert.deepEqual(oneHot.slice(0, 11), [0, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0]);
    assert.deepEqual(product.slice(0, 4), [7.1, 2.5, 1.5, 1.5]);
    assert.deepEqual(product, lookup);
    assert.deepEqual(product.slice(4, 8), LECTURE_EMBEDDING.sun);
  });

  it('uses the numbers of the user, and the same random row for a word in every text', () => {
    const typed = workPipeline({ texts: ['cat dog'], embedding: { dog: [1, 2, 3, 4] }, text: 0 });
    assert.deepEqual(typed.lookup.slice(4), [1, 2, 3, 4]);
    const other = workPipeline({ texts: ['ant bee cat'], embedding: {}, text: 0 });
    assert.deepEqual(other.lookup.slice(8), typed.lookup.slice(0, 4));
  });

  it('embeds the chosen text', () => {
    const { product } = workPipeline({ ...lecture, text: 1 });
    assert.deepEqual(product.slice(4, 8), LECTURE_EMBEDDING.weather);
  });

  it('rejects texts without words', () =>
    assert.throws(() => workPipeline({ texts: ['...', ''], embedding: {}, text: 0 }), InputError));
});

describe('lesson on word order', () => {
  before(() => referenceBackend.load({ home: '', tensorflowPath: '' }));

  const has = 'The movie my friend has not seen is good';
  const hasNot = 'The movie my friend has seen is not good';

  it('shows the same bag of words and different states', async () => {
    const tensors = tf.memory().numTensors;
    const result = await workOrder({ texts: [has, hasNot] });
    assert.equal(tf.memory().numTensors, tensors);
    assert.deepEqual(textLessonContract.workOrder.result.parse(result), result);
    const { columns, bags, distances } = result;
    assert.deepEqual(bags.slice(0, columns.length), bags.slice(columns.length));
    assert.equal(distances[0], 0);
    assert.ok((distances[1] ?? 0) > 0.01, String(distances));
  });

  it('shows equal states while the words are equal', async () => {
    const { states, units } = await workOrder({ texts: [has, hasNot] });
    const [a = [], b = []] = states;
    assert.deepEqual(a.slice(0, 5 * units), b.slice(0, 5 * units));
    assert.notDeepEqual(a.slice(5 * units, 6 * units), b.slice(5 * units, 6 * units));
  });

  it('takes any number of sentences, and names the one without words', async () => {
    assert.equal((await workOrder({ texts: ['good'] })).states.length, 1);
    assert.equal((await workOrder({ texts: ['a b', 'b a', 'a b'] })).distances[2], 0);
    await assert.rejects(workOrder({ texts: ['good', '...'] }), { name: 'InputError', message: /2/ });
  });
});
