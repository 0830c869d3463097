import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { deflateRawSync } from 'node:zlib';
import { backendNamed } from '../../../src/backends/registry.ts';
import { bundledSentiment, loadBundledSentiment } from '../../../src/sentiment/bundled.ts';
import { explain } from '../../../src/sentiment/explain.ts';
import { MODEL_FILE, type SentimentModel } from '../../../src/sentiment/sentimentModel.ts';
import { readTrainingData } from '../../../scripts/sentiment/trainingData.ts';
import { templateExamples } from '../../../scripts/sentiment/examples.ts';
import { readOpinionSentences } from '../../../scripts/sentiment/opinionData.ts';
import { recipe } from '../../../scripts/sentiment/recipe.ts';
import { tokenizeWords } from '../../../src/data/words/tokenizer.ts';
import { classificationMetrics } from '../../../src/training/classificationMetrics.ts';
import { neutral, opinions } from './neutral.ts';
import { type LabeledSentence, negations, table } from './sentences.ts';

const data = fileURLToPath(new URL('../../../../shared/data/', import.meta.url));

describe('bundled sentiment model', () => {
  let model: SentimentModel;
  before(async () => {
    await backendNamed('wasm').load({ home: '', tensorflowPath: '', threads: 1 });
    model = await loadBundledSentiment();
  });
  after(async () => {
    model.dispose();
    await backendNamed('reference').load({ home: '', tensorflowPath: '' });
  });

  /** Number of correct answers, and the sentences with wrong answers. */
  async function rightOf(sentences: readonly LabeledSentence[]): Promise<{ right: number; wrong: string }> {
    const answers = await model.classify(sentences.map(({ text }) => text));
    const wrong = sentences.filter(({ label }, index) => answers[index]?.label !== label);
    return { right: sentences.length - wrong.length, wrong: wrong.map(({ text }) => text).join('\n') };
  }

  it('is refused with a flipped bit', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'sequence-lab-test-'));
    try {
      await cp(bundledSentiment, folder, { recursive: true });
      const bytes = await readFile(join(folder, MODEL_FILE));
      for (const place of [0, bytes.length >> 1, bytes.length - 1]) {
        bytes[place]! ^= 1;
        await writeFile(join(folder, MODEL_FILE), bytes);
        await assert.rejects(loadBundledSentiment(folder), { name: 'Error' });
        bytes[place]! ^= 1;
      }
    } finally {
      await rm(folder, { recursive: true });
    }
  });

  it('classifies at least 56 of 60 short sentences with negation, contrast and intensifiers correctly', async () => {
    assert.equal(table.length, 60);
    const { right, wrong } = await rightOf(table);
    assert.ok(right >= 56, `${right} are right; wrong:\n${wrong}`);
  });

  it('classifies at least 15 of 20 negations in unseen forms correctly', async () => {
    assert.equal(negations.length, 20);
    const { right, wrong } = await rightOf(negations);
    assert.ok(right >= 15, `${right} are right; wrong:\n${wrong}`);
  });

  it('distinguishes "not seen" from "not good"', async () => {
    const [first, second] = await model.classify([
      'The movie my friend has not seen is good.',
      'The movie my friend has seen is not good.',
    ]);
    assert.deepEqual([first?.label, second?.label], ['positive', 'negative']);
  });

  it('gives at most 10 of 100 neutral sentences that it was not trained on a firm answer', async () => {
    assert.equal(new Set(neutral).size, 100);
    const answers = await model.classify(neutral);
    const firm = neutral.filter((_, index) => !answers[index]?.unsure);
    assert.ok(firm.length <= 10, firm.join('\n'));
    assert.ok(answers.every(({ label, unsure, doubts }) => label !== '' && unsure === doubts.length > 0));
  });

  it('gives at least 20 of 24 opinions about many subjects a firm answer', async () => {
    const answers = await model.classify(opinions);
    const unsure = opinions.filter((_, index) => answers[index]?.unsure);
    assert.ok(opinions.length - unsure.length >= 20, unsure.join('\n'));
  });

  it('reads opinions from emoji, and none from mentions and links', async () => {
    const answers = await model.classify(['😍', '👍', '👎', '😡', '@lovely', 'https://great.example/best', '@a @b']);
    assert.deepEqual(
      answers.map(({ label, unsure }) => (unsure ? 'unsure' : label)),
      ['positive', 'positive', 'negative', 'negative', 'unsure', 'unsure', 'unsure'],
    );
  });

  it('has contributions that add up to the log odds of the probability', async () => {
    const texts = [...table, ...negations].map(({ text }) => text);
    texts.push('not good', 'A great film.', texts.slice(0, 20).join(' '));
    for (const text of texts) {
      const { probability, logOdds, baseline, words } = await explain(model, text);
      const sum = words.reduce((all, { contribution }) => all + contribution, baseline);
      assert.ok(Math.abs(sum - Math.log(probability / (1 - probability))) < 1e-3, `${text}: ${sum}, ${probability}`);
      assert.ok(Math.abs(sum - logOdds) < 1e-3);
    }
  }).timeout(120_000);

  it('attributes a negative answer to the words of the negative clause', async () => {
    const { label, words } = await explain(
      model,
      'The acting is superb, but the script is a mess and I was bored to tears.',
    );
    const contribution = (word: string) => words.find(({ text }) => text === word)?.contribution ?? NaN;
    assert.equal(label, 'negative');
    assert.ok(contribution('superb') < 0 && contribution('mess') > 0 && contribution('bored') > 0);
  });

  it('counts "not" as evidence for the negative class', async () => {
    const { label, words } = await explain(model, 'The food was not good.');
    assert.equal(label, 'negative');
    assert.ok((words.find(({ text }) => text === 'not')?.contribution ?? NaN) > 0);
  });

  it('ignores case, apostrophes and the spaces of tokenized text', async () => {
    const [plain, loud, typographic, tokenized] = await model.classify([
      "It isn't good, is it?",
      "IT ISN'T GOOD, IS IT?",
      'It isn’t good, is it?',
      "it is n't good , is it ?",
    ]);
    assert.deepEqual([loud, typographic, tokenized], [plain, plain, plain]);
  });

  it('takes at most 6.5 MB in the compressed package', async () => {
    assert.ok(deflateRawSync(await readFile(join(bundledSentiment, MODEL_FILE))).length < 6.5e6);
  });

  describe('on real texts', function () {
    before(function () {
      if (existsSync(data)) return;
      console.log(`        skipped: no folder of real texts at ${data}`);
      this.skip();
    });

    it('was not trained on the sentences above', async () => {
      const { films, sentences } = await readTrainingData(data);
      const training = [...films, ...sentences];
      const seeds = Array.from({ length: recipe.members }, (_, member) => recipe.seed + member);
      const templates = seeds.flatMap((seed) =>
        templateExamples(training, { epochs: recipe.epochs, count: recipe.templates, seed }).flat(),
      );
      const key = (text: string): string =>
        tokenizeWords(text)
          .map(({ form }) => form)
          .filter((form) => /\w/.test(form))
          .join(' ');
      const seen = new Set([...training, ...templates].map(({ text }) => key(text)));
      assert.deepEqual(
        [...table, ...negations].filter(({ text }) => seen.has(key(text))),
        [],
      );
      const written = await readOpinionSentences();
      const trained = new Set([...written.neutral, ...written.opinions].map(key));
      assert.ok(written.neutral.length >= 200);
      assert.deepEqual(
        [...neutral, ...opinions].filter((text) => key(text) !== '' && (trained.has(key(text)) || seen.has(key(text)))),
        [],
      );
    }).timeout(60_000);

    const targets = { 'sst2/dev': 0.852, 'mr/dev': 0.845, 'uci-sentences, a fifth': 0.89 } as const;
    for (const [name, accuracy] of Object.entries(targets)) {
      it(`has an accuracy of at least ${accuracy} and a calibration error of at most 0.05 on ${name}`, async () => {
        const examples = (await readTrainingData(data)).evaluation[name as keyof typeof targets];
        const answers = await model.classify(examples.map(({ text }) => text));
        const metrics = classificationMetrics(
          answers.map(({ probabilities }) => probabilities),
          examples.map(({ label }) => label),
        );
        assert.ok(metrics.accuracy >= accuracy && metrics.calibrationError <= 0.05, JSON.stringify(metrics));
        const unsure = answers.filter((answer) => answer.unsure).length / answers.length;
        assert.ok(unsure <= 0.15, `${unsure} of the opinions are unsure`);
      }).timeout(60_000);
    }
  });
});
