import assert from 'node:assert/strict';
import * as tf from '@tensorflow/tfjs';
import fc from 'fast-check';
import { referenceBackend } from '../../../src/backends/reference.ts';
import { tokenizeWords } from '../../../src/data/words/tokenizer.ts';
import { answerText, explain, MAX_EXPLAINED } from '../../../src/sentiment/explain.ts';
import { LONGEST_PIECE, piecesOf, readWords } from '../../../src/sentiment/pieces.ts';
import { SentimentModel } from '../../../src/sentiment/sentimentModel.ts';
import { anyText } from '../data/helpers.ts';
import { tinyParts, withOpinion } from './tiny.ts';

const KNOWN = 'a good film , not a bad one at all . it was so dull !';
const ROUNDING = 1e-5;

const close = (actual: readonly number[], expected: readonly number[]): void => {
  assert.equal(actual.length, expected.length);
  actual.forEach((value, index) =>
    assert.ok(Math.abs(value - expected[index]!) < ROUNDING, `${actual.join()} is not ${expected.join()}`),
  );
};

const text = fc.oneof(
  fc.array(fc.constantFrom(...KNOWN.split(' '), 'elsewhere'), { maxLength: 12 }).map((words) => words.join(' ')),
  anyText({ maxLength: 30 }),
);

describe('classifying texts', () => {
  let model: SentimentModel;
  before(async () => {
    await referenceBackend.load({ home: '', tensorflowPath: '' });
    model = new SentimentModel(await tinyParts(KNOWN, ['negative', 'neutral', 'positive']));
  });
  after(() => model.dispose());

  it('gives the same answer for a text alone and in a batch, for any lengths and order', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(text, { minLength: 1, maxLength: 6 }), async (texts) => {
        const together = await model.classify(texts);
        for (const [index, each] of texts.entries()) {
          const [alone] = await model.classify([each]);
          close(together[index]?.probabilities ?? [], alone?.probabilities ?? []);
        }
      }),
      { seed: 5, numRuns: 20 },
    );
  });

  it('returns probabilities and the most likely label, and leaks no tensors', async () => {
    const before = tf.memory().numTensors;
    await fc.assert(
      fc.asyncProperty(text, async (each) => {
        const [answer] = await model.classify([each]);
        assert.ok(answer);
        assert.ok(Math.abs(answer.probabilities.reduce((sum, value) => sum + value, 0) - 1) < 1e-9);
        assert.equal(answer.probability, Math.max(...answer.probabilities));
        assert.equal(answer.probability, answer.probabilities[model.labels.indexOf(answer.label)]);
      }),
      { seed: 6, numRuns: 30 },
    );
    assert.equal(tf.memory().numTensors, before);
  });

  const strange: [name: string, text: string][] = [
    ['nothing', ''],
    ['white space', ' \n '],
    ['emoji', '😀👍🏽👩‍👩‍👧'],
    ['a text from right to left', 'هذا الفيلم جيد جدا وأنا أحبه'],
    ['code', 'for (let i = 0; i < 10; i++) { console.log(`x${i}`); }'],
    ['Chinese', '这部电影很好看。'],
    ['words that it does not know', 'flibber dee zonk wuggle'],
  ];
  for (const [name, each] of strange) {
    it(`accepts ${name}, and is unsure`, async () => {
      const answer = await explain(model, each);
      assert.equal(answer.unsure, true);
      assert.equal(answer.words.length, answer.wordCount);
    });
  }

  it('lists each unknown word once, and the number of words', async () => {
    const [answer] = await model.classify(['A good zonk, zonk wuggle.']);
    assert.deepEqual(answer?.unknownWords, ['zonk', 'wuggle']);
    assert.equal(answer?.wordCount, 7);
  });

  it('detects other languages', async () => {
    const language = async (each: string) => (await model.classify([each]))[0]?.language;
    assert.equal(await language('This is a good film and I liked it'), 'english');
    assert.equal(await language('Das ist ein sehr guter Film und ich mag ihn'), 'other');
    assert.equal(await language("C'est un film que je ne recommande pas du tout"), 'other');
    assert.equal(await language('La comida estaba muy buena y el servicio es excelente'), 'other');
    assert.equal(await language('Этот фильм мне очень понравился'), 'other');
    assert.equal(await language('😀'), 'unknown');
  });

  it('stops when it is aborted', async () => {
    const texts = Array.from({ length: 500 }, (_, index) => `a good film ${index}`);
    const abort = new AbortController();
    const running = model.classify(texts, { signal: abort.signal, onProgress: () => abort.abort(new Error('enough')) });
    await assert.rejects(running, /enough/);
  });

  it('reports its progress', async () => {
    const seen: number[] = [];
    await model.classify(
      Array.from({ length: 150 }, () => 'a good film'),
      { onProgress: (done, all) => seen.push(done / all) },
    );
    assert.deepEqual(
      seen,
      [...seen].sort((a, b) => a - b),
    );
    assert.equal(seen.at(-1), 1);
  });
});

describe('segments of a text', () => {
  it('contain every word once, in order, within the maximum number of words', () => {
    const long = fc
      .array(fc.constantFrom('good', 'bad', 'film.', 'Well!', "isn't", 'a', '…', '\n\n', 'Dr.'), { maxLength: 400 })
      .map((words) => words.join(' '));
    fc.assert(
      fc.property(long, (each) => {
        const pieces = piecesOf(each);
        let end = 0;
        for (const piece of pieces) {
          assert.ok(piece.words.length > 0 && piece.words.length <= LONGEST_PIECE);
          assert.ok(piece.start >= end && piece.end <= each.length);
          assert.ok(piece.words.every((word) => word.start >= piece.start && word.end <= piece.end));
          end = piece.end;
        }
        assert.equal(pieces.flatMap(({ words }) => words).length, tokenizeWords(each).length);
      }),
    );
  });

  it('are the whole of a short text, and the sentences of a long one', () => {
    assert.equal(piecesOf('Good. Bad. Ugly!').length, 1);
    const sentence = 'The quick brown fox jumps over the lazy dog and runs away. ';
    assert.deepEqual(
      piecesOf(sentence.repeat(8)).map(({ words }) => words.length),
      new Array<number>(8).fill(13),
    );
  });
});

describe('opinions', () => {
  before(() => referenceBackend.load({ home: '', tensorflowPath: '' }));

  it('are a degree on either side of 0.5 by the threshold, and a doubt below it; the label stays', async () => {
    const parts = await tinyParts(KNOWN);
    const text = 'a good film';
    const answers = [];
    for (const each of [parts, await withOpinion(parts, -100), await withOpinion(parts, 100)]) {
      const model = new SentimentModel(each);
      answers.push(await explain(model, text));
      model.dispose();
    }
    const [none, all, neutral] = answers;
    assert.equal(none?.opinion, null);
    assert.ok((all?.opinion ?? NaN) > 0.5 && (neutral?.opinion ?? NaN) < 0.5);
    assert.deepEqual(
      answers.map(({ doubts }) => doubts.includes('neutral')),
      [false, false, true],
    );
    assert.ok(neutral?.unsure && neutral.sentences[0]?.unsure);
    assert.deepEqual([all?.probabilities, neutral?.probabilities], [none?.probabilities, none?.probabilities]);
  });

  it('are read from emoji, but not from links and mentions', () => {
    const forms = (text: string) => readWords(text).map(({ form }) => form);
    assert.deepEqual(forms('lunch 😍👎🏽 ❤️'), ['lunch', 'love', 'bad', '🏽', 'love']);
    assert.deepEqual(forms('😷'), ['😷']);
    assert.deepEqual(forms('@great_place, see https://great.example/best?x=1 or www.best.org now'), [
      ',',
      'see',
      'or',
      'now',
    ]);
    assert.deepEqual(forms('write to good.man@best.org'), ['write', 'to']);
    assert.deepEqual(forms('two @ 5 dollars'), ['two', '@', '5', 'dollars']);
    const text = 'so @good 😍 it is';
    for (const { start, end, form } of readWords(text)) {
      if (form !== 'love') assert.equal(text.slice(start, end), form);
    }
  });
});

describe('explanation of an answer', () => {
  let model: SentimentModel;
  before(async () => {
    await referenceBackend.load({ home: '', tensorflowPath: '' });
    model = new SentimentModel(await tinyParts(KNOWN));
  });
  after(() => model.dispose());

  it('ends with the answer for the whole text, and matches the classification', async () => {
    for (const each of ['A good film, not a bad one!', `${'It was so dull. A good film. '.repeat(12)}`]) {
      const [answer] = await model.classify([each]);
      const explanation = await explain(model, each);
      close(explanation.probabilities, answer?.probabilities ?? []);
      close(explanation.running.at(-1) ?? [], explanation.probabilities);
      assert.equal(explanation.running.length, explanation.words.length);
      for (const { text, start, end } of explanation.words) assert.equal(each.slice(start, end), text);
    }
  });

  it('has the answer that comes without it', async () => {
    for (const each of ['A good film, not a bad one!', 'zonk', '', 'It was so dull. A good film. '.repeat(12)]) {
      const answer = await answerText(model, each);
      const explanation = await explain(model, each);
      assert.deepEqual(
        answer,
        Object.fromEntries(Object.keys(answer).map((key) => [key, Reflect.get(explanation, key)])),
      );
    }
  });

  it('contains the answer for every prefix', async () => {
    const each = 'It was so dull, a bad film';
    const { words, running } = await explain(model, each);
    const prefixes = await model.classify(words.map(({ end }) => each.slice(0, end)));
    prefixes.forEach(({ probabilities }, index) => close(running[index] ?? [], probabilities));
  });

  it('gives an unknown word a contribution of zero', async () => {
    const { words } = await explain(model, 'a good zonk');
    assert.deepEqual(
      words.map(({ known }) => known),
      [true, true, false],
    );
    assert.ok(Math.abs(words[2]?.contribution ?? NaN) < ROUNDING);
  });

  it('has contributions that add up to the log odds with the baseline, for any number of classes', async () => {
    const other = new SentimentModel(await tinyParts(KNOWN, ['negative', 'neutral', 'positive']));
    for (const each of [model, other]) {
      await fc.assert(
        fc.asyncProperty(text, async (sample) => {
          const { logOdds, baseline, words, probability } = await explain(each, sample);
          const sum = words.reduce((all, { contribution }) => all + contribution, baseline);
          assert.ok(Math.abs(sum - logOdds) < 1e-3, `${sum} is not ${logOdds}`);
          assert.ok(Math.abs(logOdds - Math.log(probability / (1 - probability))) < 1e-6);
        }),
        { seed: 3, numRuns: 8, examples: [['It was so dull. A good film. '.repeat(9)]] },
      );
    }
    other.dispose();
  }).timeout(120_000);

  it('measures the baseline and leave-one-out on calibrated log odds', async () => {
    const { words, label, logOdds, baseline } = await explain(model, 'a bad film');
    const odds = async (sample: string) => {
      const [answer] = await model.classify([sample]);
      const p = answer?.probabilities[model.labels.indexOf(label)] ?? NaN;
      return Math.log(p / (1 - p));
    };
    assert.ok(Math.abs(baseline - (await odds('zonk zonk zonk'))) < ROUNDING);
    assert.ok(Math.abs((words[1]?.leaveOneOut ?? NaN) - (logOdds - (await odds('a zonk film')))) < ROUNDING);
  });

  it('accepts ten thousand words, explains the first ones, and counts the others', async () => {
    const each = 'It was dull, a bad film. '.repeat(1250);
    const explanation = await explain(model, each);
    assert.equal(explanation.wordCount, 10_000);
    assert.ok(explanation.words.length <= MAX_EXPLAINED && explanation.words.length > MAX_EXPLAINED - LONGEST_PIECE);
    assert.equal(explanation.words.length + explanation.wordsLeftOut, 10_000);
    assert.equal(explanation.sentences.length, 1250);
  }).timeout(120_000);
});
