import assert from 'node:assert/strict';
import fc from 'fast-check';
import { fitBaselines } from '../../../../src/data/baselines.ts';
import { TokenSequence } from '../../../../src/data/tokenSequence.ts';
import { GenerativeClassifier } from '../../../../src/models/generativeClassifier.ts';
import { ABSENT, NgramCounts } from '../../../../src/models/ngrams/ngramCounts.ts';
import { NgramModel } from '../../../../src/models/ngrams/ngramModel.ts';
import { Generator } from '../../../../src/random/generator.ts';
import { errorWith } from '../../../harness/facts.ts';

const sum = (values: Iterable<number>): number => [...values].reduce((total, value) => total + value, 0);
const near = (actual: number, expected: number): void =>
  assert.ok(Math.abs(actual - expected) <= 1e-9 * Math.max(1, Math.abs(expected)), `${actual} is not ${expected}`);
const letters = (text: string): number[] => Array.from(text, (letter) => letter.charCodeAt(0) % 32);

const VOCABULARY = 4;
const token = fc.nat(VOCABULARY - 1);
const corpus = fc.array(fc.array(token, { maxLength: 30 }), { maxLength: 4 });
const order = fc.integer({ min: 1, max: 4 });

describe('n-gram counts', () => {
  it('are the number of places where an n-gram stands', () => {
    fc.assert(
      fc.property(corpus, order, fc.array(token, { minLength: 1, maxLength: 4 }), (sequences, longest, ngram) => {
        const counts = new NgramCounts({ order: longest, vocabularySize: VOCABULARY });
        for (const sequence of sequences) counts.add(sequence);
        const standsAt = (sequence: number[]): number =>
          sequence.filter(
            (_, at) => at + ngram.length <= sequence.length && ngram.every((id, i) => sequence[at + i] === id),
          ).length;
        const expected = ngram.length <= longest ? sum(sequences.map(standsAt)) : 0;
        assert.equal(counts.count(counts.find(ngram)), expected);
        assert.equal(counts.find(ngram) === ABSENT, expected === 0);
      }),
    );
  });

  it('count no new n-gram beyond the limit, go on with the others, and still give probabilities that sum to one', () => {
    const counts = new NgramCounts({ order: 2, vocabularySize: 9, maxNgrams: 3 });
    counts.add([1, 2, 3, 1, 2]);
    assert.deepEqual(
      [[1], [2], [1, 2], [3]].map((ngram) => counts.count(counts.find(ngram))),
      [2, 2, 2, 0],
    );
    const model = NgramModel.fromJSON(counts.toJSON());
    near(sum(model.distribution([1])), 1);
  });

  it('refuse tokens that are not in the vocabulary', () => {
    assert.throws(
      () => NgramModel.fit([[0, 4]], { order: 2, vocabularySize: 4 }),
      errorWith({ name: 'RangeError' }, 4),
    );
    assert.throws(() => NgramModel.fit([], { order: 0, vocabularySize: 4 }), RangeError);
  });
});

describe('n-gram language model', () => {
  it('gives probabilities that sum to one after any context', () => {
    fc.assert(
      fc.property(corpus, order, fc.array(token, { maxLength: 6 }), (sequences, longest, context) => {
        const model = NgramModel.fit(sequences, { order: longest, vocabularySize: VOCABULARY });
        const distribution = model.distribution(context);
        near(sum(distribution), 1);
        distribution.forEach((probability, id) => {
          assert.ok(probability > 0);
          assert.equal(probability, model.probability(context, id));
        });
      }),
    );
  });

  it('of order 2 is the bigram that a network is held against, and of order 1 the unigram', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(token, { minLength: 1, maxLength: 40 }), token, token, async (text, previous, next) => {
        const baselines = await fitBaselines(TokenSequence.of(text), VOCABULARY);
        const [unigram, bigram] = [1, 2].map((longest) =>
          NgramModel.fit([text], { order: longest, vocabularySize: VOCABULARY }),
        );
        near(unigram?.probability([previous], next) ?? NaN, baselines.unigramProbability(next));
        near(bigram?.probability([previous], next) ?? NaN, baselines.bigramProbability(previous, next));
      }),
    );
  });

  it('scores a sequence as the product of its tokens', () => {
    const model = NgramModel.fit([letters('the cat sat on the mat')], { order: 3, vocabularySize: 32 });
    const [t = 0, h = 0, e = 0] = letters('the');
    near(
      Math.exp(model.logLikelihood([t, h, e])),
      model.probability([], t) * model.probability([t], h) * model.probability([t, h], e),
    );
    assert.equal(model.logLikelihood([]), 0);
  });

  it('learns more from longer contexts on text with structure', () => {
    const text = letters('the cat sat on the mat and then the rat sat on the cat '.repeat(9));
    const losses = [1, 2, 3, 4].map(
      (longest) => -NgramModel.fit([text], { order: longest, vocabularySize: 32 }).logLikelihood(text),
    );
    losses.slice(1).forEach((loss, index) => assert.ok(loss < (losses[index] ?? NaN), losses.join()));
  });

  it('writes the same with the same seed, and what it has read', () => {
    const model = NgramModel.fit([letters('abcabcabcabc'.repeat(20))], { order: 3, vocabularySize: 32 });
    const write = (seed: number): Int32Array => model.sample(letters('ab'), 60, Generator.forPurpose(seed, 'sample'));
    assert.deepEqual(write(1), write(1));
    const [, b = 0, c = 0] = letters('abc');
    const afterB = write(2).filter((_, at, all) => all[at - 1] === b);
    assert.ok(afterB.filter((id) => id === c).length > 0.8 * afterB.length);
  });

  it('is the same after saving and loading, also when the tables have grown', () => {
    const text = Array.from({ length: 6000 }, (_, i) => (i * i + (i >> 3)) % 97);
    const model = NgramModel.fit([text], { order: 3, vocabularySize: 97 });
    const loaded = NgramModel.fromJSON(JSON.parse(JSON.stringify(model)));
    assert.equal(loaded.logLikelihood(text), model.logLikelihood(text));
    assert.throws(() => NgramModel.fromJSON({ ...model.toJSON(), vocabularySize: 9 }), Error);
    assert.throws(() => NgramModel.fromJSON({ ...model.toJSON(), counts: [] }), Error);
  });
});

describe('classification by one model a class', () => {
  const classes = [
    ['anna', 'hanna', 'nan'],
    ['bob', 'bobo'],
  ].map((names) => names.map(letters));
  const models = classes.map((names) => NgramModel.fit(names, { order: 2, vocabularySize: 32 }));

  it("is Bayes' rule", () => {
    const classifier = new GenerativeClassifier(models, [3, 1]);
    const joint = models.map((model, index) => [3 / 4, 1 / 4][index]! * Math.exp(model.logLikelihood(letters('bn'))));
    classifier
      .probabilities(letters('bn'))
      .forEach((probability, index) => near(probability, (joint[index] ?? NaN) / sum(joint)));
  });

  it('tells names apart, and long ones too, whose probabilities a double cannot hold', () => {
    const classifier = new GenerativeClassifier(models, [3, 2]);
    assert.ok((classifier.probabilities(letters('annan'))[0] ?? 0) > 0.9);
    assert.ok((classifier.probabilities(letters('bobbob'.repeat(200)))[1] ?? 0) > 0.9);
  });

  it('needs one model a class, and a class that could have the sequence', () => {
    assert.throws(() => new GenerativeClassifier(models, [1]), errorWith({ name: 'RangeError' }, 2, 1));
    const never = new GenerativeClassifier([{ logLikelihood: () => -Infinity }], [1]);
    assert.throws(() => never.probabilities([1]), RangeError);
  });
});
