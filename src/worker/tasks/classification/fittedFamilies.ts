import { markovStates } from '../../../config/modelKind.ts';
import type { RunConfig } from '../../../config/schema.ts';
import type { WordVocabulary } from '../../../data/words/vocabulary.ts';
import { FeedForward } from '../../../models/bagOfWords/feedForward.ts';
import { fitNetwork } from '../../../models/bagOfWords/fit.ts';
import { NaiveBayes } from '../../../models/bagOfWords/naiveBayes.ts';
import { GenerativeClassifier } from '../../../models/generativeClassifier.ts';
import { baumWelchStep } from '../../../models/hmm/baumWelch.ts';
import { randomHmm } from '../../../models/hmm/estimate.ts';
import type { HiddenMarkovModel } from '../../../models/hmm/hiddenMarkovModel.ts';
import type { ReportBlock } from '../../../protocol/report.ts';
import { Generator } from '../../../random/generator.ts';
import { type FittingStep, Iterated } from '../../../training/iterated.ts';
import type { TrainingTask } from '../../../training/trainingTask.ts';
import type { Bags } from './bags.ts';
import { type ClassificationData, countsOf } from './classificationData.ts';
import { bagFiles, markovFiles } from './savedClassifier.ts';
import { sequenceOf } from './tokens.ts';
import { validating } from './validating.ts';
import { phrase } from '../../../phrases/phrase.ts';

/** Iterations end when the relative decrease of the loss is smaller. */
const MIN_RELATIVE_DECREASE = 1e-5;
/** Number of tokens shown for each class. */
const SHOWN_TOKENS = 12;

/** Classes as numbers, in the order of the texts. */
function classesOf({ labels }: ClassificationData, texts: ClassificationData['train']): Int32Array {
  const classOf = new Map(labels.map((label, index) => [label, index]));
  return Int32Array.from(texts, ({ label }) => classOf.get(label) ?? 0);
}

/**
 * Bag-of-words classifier: naive Bayes in one step, or logistic regression or a perceptron, fitted with a quasi-Newton
 * method.
 */
export function bagClassifier(data: ClassificationData, bags: Bags, config: RunConfig): TrainingTask {
  const { model, seed } = config;
  const vectors = data.train.map(({ forms }) => bags.bag(forms));
  const classes = classesOf(data, data.train);
  const shape = { columns: bags.columns, classes: data.labels.length, hiddenUnits: model.hidden };
  let fitted: NaiveBayes | FeedForward | undefined;
  const probabilities = (forms: readonly string[]): number[] => {
    if (!fitted) throw new Error('The model has not been fitted yet.');
    return Array.from(fitted.probabilities(bags.bag(forms)));
  };
  const loop = new Iterated({
    items: data.train.length,
    *run(): globalThis.Generator<FittingStep, void> {
      if (model.family === 'naive-bayes') {
        fitted = NaiveBayes.fit(vectors, classes, {
          classes: shape.classes,
          columns: shape.columns,
          smoothing: model.smoothing,
        });
        yield {
          loss: meanLoss(
            data.train.map(({ forms }) => probabilities(forms)),
            classes,
          ),
          gradientNorm: NaN,
        };
        return;
      }
      const start = FeedForward.initial(shape, Generator.forPurpose(seed, 'weights'));
      let before = Infinity;
      for (const { network, loss, gradientNorm } of fitNetwork(start, vectors, classes, model.penalty)) {
        fitted = network;
        if (before !== Infinity) yield { loss, gradientNorm };
        if (before - loss < MIN_RELATIVE_DECREASE * loss && before !== Infinity) return;
        before = loss;
      }
    },
  });
  const answers = validating(
    data,
    async (yieldNow) => {
      await yieldNow();
      return data.validation.map(({ forms }) => probabilities(forms));
    },
    () => [strongestTokens(data, bags, probabilities)],
  );
  return {
    loop,
    parameterCount:
      model.family === 'naive-bayes'
        ? shape.classes * (shape.columns + 1)
        : FeedForward.initial(shape, Generator.forPurpose(seed, 'weights')).parameters.length,
    stockObstacle: phrase('A bag-of-words model has no TensorFlow.js layers.'),
    initialize: () => undefined,
    ...answers,
    modelFiles: () => Promise.resolve(fitted ? bagFiles(fitted, bags, data.labels, config) : {}),
    dispose: () => undefined,
  };
}

/** One hidden Markov model per class, fitted with Baum-Welch; Bayes' rule gives the class. */
export function markovClassifier(
  data: ClassificationData,
  vocabulary: WordVocabulary,
  config: RunConfig,
): TrainingTask {
  const { model, seed } = config;
  const states = markovStates(model);
  const shape = { states, symbols: vocabulary.size };
  const counts = countsOf(data.train, data.labels);
  const sequences = data.labels.map((label) =>
    data.train.filter((text) => text.label === label).map(({ forms }) => sequenceOf(vocabulary, forms)),
  );
  const tokens = sequences.flat().reduce((sum, sequence) => sum + sequence.length, 0);
  let models: readonly HiddenMarkovModel[] = [];
  const classify = (forms: readonly string[]): number[] =>
    Array.from(new GenerativeClassifier(models, counts).probabilities(sequenceOf(vocabulary, forms)));
  const loop = new Iterated({
    items: data.train.length,
    *run(): globalThis.Generator<FittingStep, void> {
      models = data.labels.map((label) => randomHmm(shape, Generator.forPurpose(seed, `states of ${label}`)));
      let before = Infinity;
      for (;;) {
        const steps = models.map((each, index) =>
          baumWelchStep(each, sequences[index] ?? [], model.smoothing / shape.symbols),
        );
        const loss = -steps.reduce((sum, { logLikelihood }) => sum + logLikelihood, 0) / tokens;
        models = steps.map((step) => step.model);
        yield { loss, gradientNorm: NaN };
        if (before - loss < MIN_RELATIVE_DECREASE * loss) return;
        before = loss;
      }
    },
  });
  const answers = validating(data, async (yieldNow) => {
    const probabilities: number[][] = [];
    for (const { forms } of data.validation) {
      probabilities.push(classify(forms));
      if (probabilities.length % 100 === 0) await yieldNow();
    }
    return probabilities;
  });
  return {
    loop,
    parameterCount: data.labels.length * states * (1 + states + shape.symbols),
    stockObstacle: phrase('A hidden Markov model has no TensorFlow.js layers.'),
    initialize: () => undefined,
    ...answers,
    modelFiles: () =>
      Promise.resolve(models.length > 0 ? markovFiles(models, counts, vocabulary, data.labels, config) : {}),
    dispose: () => undefined,
  };
}

function meanLoss(probabilities: readonly (readonly number[])[], classes: ArrayLike<number>): number {
  return (
    -probabilities.reduce((sum, each, index) => sum + Math.log(Math.max(1e-15, each[classes[index]!] ?? 0)), 0) /
    probabilities.length
  );
}

/** The single tokens that give each class its highest probabilities. */
function strongestTokens(
  { labels }: ClassificationData,
  { vocabulary }: Bags,
  probabilities: (forms: readonly string[]) => number[],
): ReportBlock {
  const alone = vocabulary.words.slice(1, -1).map((word) => ({ word, each: probabilities(word.split(' ')) }));
  const rows = labels.map((label, index) => {
    const sorted = alone.toSorted((a, b) => (b.each[index] ?? 0) - (a.each[index] ?? 0));
    return [
      label,
      sorted
        .slice(0, SHOWN_TOKENS)
        .map(({ word }) => JSON.stringify(word))
        .join(' '),
    ];
  });
  return {
    kind: 'table',
    title: phrase('Strongest tokens'),
    columns: [phrase('class'), phrase('tokens')],
    rows,
    note: phrase('Tokens of the vocabulary that, as a text on their own, give the class its highest probabilities.'),
  };
}
