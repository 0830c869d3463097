import assert from 'node:assert/strict';
import { fitNbsvm } from '../../../scripts/sentiment/baselines.ts';
import { ngramParts } from '../../../scripts/sentiment/ngramParts.ts';
import { fitCombination } from '../../../scripts/sentiment/calibrate.ts';
import { referenceBackend } from '../../../src/backends/reference.ts';
import { tokenizeWords } from '../../../src/data/words/tokenizer.ts';
import { Generator } from '../../../src/random/generator.ts';
import { probabilitiesOf } from '../../../src/sentiment/calibration.ts';
import { Ngrams } from '../../../src/sentiment/ngrams.ts';
import { SentimentModel } from '../../../src/sentiment/sentimentModel.ts';
import { tinyParts } from './tiny.ts';

const KNOWN = 'good bad film not a dull fine and or the';
const examples = [
  { text: 'a good film', label: 1 },
  { text: 'not a bad film', label: 1 },
  { text: 'a bad film', label: 0 },
  { text: 'not a good film', label: 0 },
];

describe('n-gram classifier', () => {
  before(() => referenceBackend.load({ home: '', tensorflowPath: '' }));

  it('adds the weights of the distinct words and pairs, times the factor, to the log odds of the networks', async () => {
    const parts = await tinyParts(KNOWN);
    const { table } = parts;
    const nbsvm = fitNbsvm(examples);
    const ngrams = ngramParts(nbsvm, 2, table);
    const size = table.trained.scales.length;
    const isTrained = (form: string): boolean => {
      const id = table.vocabulary.idOf(form);
      return id > 0 && id < size;
    };
    const plain = new SentimentModel(parts);
    const combined = new SentimentModel({ ...parts, ngrams });
    for (const text of ['a good film', 'not a good good film', 'bad zonk film', 'fine', 'zonk', '']) {
      const forms = tokenizeWords(text).map(({ form }) => form);
      const features = new Set([...forms, ...forms.slice(1).map((form, index) => `${forms[index] ?? ''} ${form}`)]);
      const known = [...features].filter((feature) => feature.split(' ').every(isTrained));
      const expected = 2 * known.reduce((sum, feature) => sum + (nbsvm.weights.get(feature) ?? 0), nbsvm.bias);
      const ids = table.vocabulary.encode(tokenizeWords(text));
      assert.ok(Math.abs(new Ngrams(ngrams, size).logOdds(ids) - expected) < 0.05, text);
      const [[a = NaN, b = NaN] = []] = await plain.logits([ids]);
      const [[c = NaN, d = NaN] = []] = await combined.logits([ids]);
      assert.ok(Math.abs(d - c - (b - a) - expected) < 0.05 && Math.abs(c + d - a - b) < 1e-5, text);
    }
    plain.dispose();
    combined.dispose();
  });

  it('is combined by the factor that fits held-out texts', () => {
    const generator = Generator.forPurpose(3, 'scores');
    const texts = Array.from({ length: 1500 }, () => {
      const [logit, score] = [generator.nextNormal(), generator.nextNormal()];
      const label = Number(generator.nextUniform() < probabilitiesOf([0, logit + 1.5 * score], 1)[1]!);
      return { logits: [0, logit], score, label, words: 10, weight: 1 };
    });
    assert.ok(Math.abs(fitCombination(texts).factor - 1.5) <= 0.5);
  });
});
