import assert from 'node:assert/strict';
import fc from 'fast-check';
import { HmmTagger } from '../../../../src/models/hmm/tagger/hmmTagger.ts';
import { Lexicon } from '../../../../src/models/hmm/tagger/lexicon.ts';
import { MostFrequentTag } from '../../../oracle/mostFrequentTag.ts';
import { wordClasses } from '../../../../src/models/hmm/tagger/wordClasses.ts';
import { errorWith } from '../../../harness/facts.ts';

const sum = (values: Float64Array): number => values.reduce((total, value) => total + value, 0);
const tagged = (text: string): { words: string[]; tags: string[] } => {
  const pairs = text.split(' ').map((token) => token.split('/'));
  return { words: pairs.map(([word = '']) => word), tags: pairs.map(([, tag = '']) => tag) };
};
const sentences = [
  'the/D dog/N barks/V',
  'the/D cat/N sleeps/V',
  'a/D walking/A dog/N sees/V the/D cat/N',
  'dogs/N see/V a/D sleeping/A cat/N',
  'Rex/P barks/V',
  'Tom/P sees/V Rex/P',
].map(tagged);

const anySentences = fc.array(
  fc
    .array(
      fc.record({
        word: fc.oneof(fc.constantFrom('__proto__', 'constructor', 'Ab', 'ab'), fc.string({ minLength: 1 })),
        tag: fc.constantFrom('N', 'V', '__proto__'),
      }),
      { minLength: 1, maxLength: 6 },
    )
    .map((tokens) => ({ words: tokens.map(({ word }) => word), tags: tokens.map(({ tag }) => tag) })),
  { minLength: 1, maxLength: 8 },
);

describe('hidden Markov tagger', () => {
  it('tags known words by their context, and unknown words by their shape and suffix too', () => {
    const tagger = HmmTagger.fit(sentences);
    assert.deepEqual(tagger.tags, ['A', 'D', 'N', 'P', 'V']);
    assert.deepEqual(tagger.tag(['the', 'dog', 'sleeps']), ['D', 'N', 'V']);
    assert.deepEqual(tagger.tag(['Bob', 'sees', 'a', 'jumping', 'frog']), ['P', 'V', 'D', 'A', 'N']);
    assert.equal(tagger.isKnown('dog'), true);
    assert.equal(tagger.isKnown('frog'), false);
  });

  it('gives one tag for each word and probabilities that sum to one, for any words', () => {
    const tagger = HmmTagger.fit(sentences);
    fc.assert(
      fc.property(fc.array(fc.string()), (words) => {
        const tags = tagger.tag(words);
        assert.equal(tags.length, words.length);
        const probabilities = tagger.probabilities(words);
        words.forEach((_, t) => {
          const row = probabilities.subarray(t * tagger.states, (t + 1) * tagger.states);
          assert.ok(Math.abs(sum(row) - 1) < 1e-9);
          assert.ok(row.every((probability) => probability > 0));
        });
      }),
    );
  });

  it('is the same after saving and loading, for any words', () => {
    fc.assert(
      fc.property(anySentences, fc.array(fc.string()), (training, words) => {
        const tagger = HmmTagger.fit(training);
        const loaded = HmmTagger.fromJSON(JSON.parse(JSON.stringify(tagger)));
        for (const sentence of [words, ...training.map((one) => one.words)]) {
          assert.deepEqual(loaded.probabilities(sentence), tagger.probabilities(sentence));
        }
      }),
    );
  });

  it('rejects sentences without one tag for each word, no training data, and files that are not a tagger', () => {
    assert.throws(() => HmmTagger.fit([]), RangeError);
    assert.throws(() => HmmTagger.fit([{ words: ['a', 'b'], tags: ['N'] }]), errorWith({ name: 'RangeError' }, 2, 1));
    const json = HmmTagger.fit(sentences).toJSON();
    assert.throws(() => HmmTagger.fromJSON({ ...json, initial: [1] }), Error);
    assert.throws(() => HmmTagger.fromJSON({ ...json, words: [] }), Error);
    assert.throws(() => HmmTagger.fromJSON({ ...json, version: 2 }), /version/);
  });
});

describe('most frequent tag', () => {
  it('is that of the word, or that of words seen once for an unknown word', () => {
    const baseline = new MostFrequentTag(['saw/N', 'saw/V it/P', 'saw/V it/P', 'Rex/N'].map(tagged));
    assert.deepEqual(baseline.tag(['it', 'saw', '__proto__']), ['P', 'V', 'N']);
    assert.throws(() => new MostFrequentTag([]), RangeError);
  });
});

describe('lexicon of a tagger', () => {
  it('classifies a word by its shape and its suffixes, which are never the entire word', () => {
    assert.deepEqual(wordClasses('Re-running'), ['Xx-x', 'Xx-x g', 'Xx-x ng', 'Xx-x ing', 'Xx-x ning']);
    assert.deepEqual(wordClasses('USA'), ['XX', 'XX a', 'XX sa']);
    assert.deepEqual(wordClasses('3,500'), ['d.d', 'd.d 0', 'd.d 00', 'd.d 500', 'd.d ,500']);
    assert.deepEqual(wordClasses('x'), ['x']);
  });

  it('moves the estimate toward the counts of one class after another', () => {
    // "on" occurs twelve times and is not rare, so only "Hi" contributes to shapes.
    const lexicon = new Lexicon(
      new Map([
        ['on', Float64Array.of(12, 0)],
        ['Hi', Float64Array.of(0, 4)],
      ]),
      2,
    );
    const toward = (probability: number, count: number, total: number): number => (count + probability) / (total + 1);
    const prior = 4 / 16;
    assert.equal(lexicon.prior[1], prior);
    const rare = toward(prior, 4, 4);
    assert.equal(lexicon.tagProbabilities('up')[1], rare);
    const capital = toward(rare, 4, 4);
    assert.equal(lexicon.tagProbabilities('Up')[1], capital);
    const ending = toward(capital, 4, 4);
    assert.equal(lexicon.tagProbabilities('Ti')[1], ending);
    assert.equal(lexicon.tagProbabilities('Hi')[1], toward(toward(ending, 4, 4), 4, 4));
    assert.equal(lexicon.tagProbabilities('ON')[1], toward(rare, 0, 12));
  });
});
