import * as z from 'zod';
import { modelSchema, type RunConfig } from '../../../config/schema.ts';
import { WordVocabulary } from '../../../data/words/vocabulary.ts';
import { FeedForward } from '../../../models/bagOfWords/feedForward.ts';
import { NaiveBayes } from '../../../models/bagOfWords/naiveBayes.ts';
import { TfIdf } from '../../../models/bagOfWords/tfIdf.ts';
import { GenerativeClassifier } from '../../../models/generativeClassifier.ts';
import { HiddenMarkovModel } from '../../../models/hmm/hiddenMarkovModel.ts';
import { RecurrentClassifier } from '../../../models/recurrentClassifier.ts';
import { modelFiles, nativeModelFiles, parseFile, storedWeights } from '../../../models/savedModel.ts';
import type { TokenClassifier } from '../../../models/tokenClassifier.ts';
import { writeVariables } from '../../../models/weights.ts';
import { classProbabilities } from '../../../training/classification.ts';
import { readModelFiles, readModelJson, readModelText } from '../../trainedModel.ts';
import { Bags } from './bags.ts';
import { classificationOf } from './classificationData.ts';
import { newNetwork } from './newNetwork.ts';
import type { TokenAnswers } from './runClassifier.ts';
import { idsOf, sequenceOf } from './tokens.ts';
import { phrase, say } from '../../../phrases/phrase.ts';

/** `task.json` of a classifier. */
export const classifierTask = z.object({
  version: z.literal(1),
  task: z.literal('classification'),
  /** Names of the classes, in the order of the output probabilities. */
  labels: z.array(z.string()).min(2),
  tokens: z.enum(['word', 'character', 'subword']),
  /** A model of an earlier version reads words by the English rules, as it was trained. */
  wordRules: z.enum(['unicode', 'english']).default('english'),
  lowerCase: z.boolean().default(true),
  stripAccents: z.boolean().default(false),
  maximumLength: z.int().positive(),
  /** Minimum probability of each label, if a text may have several. */
  thresholds: z.array(z.number()).optional(),
  model: modelSchema,
  /**
   * Input of the saved layers, if plain TensorFlow.js can open them: token ids `[batch, timeSteps]`, or one-hot vectors
   * `[batch, timeSteps, vocabularySize]`.
   */
  input: z.enum(['ids', 'one-hot']),
});

type SavedTask = z.output<typeof classifierTask>;
type Files = Readonly<Record<string, string | Uint8Array>>;

const FITTED_FILE = 'fitted.json';
const tfIdfSchema = z.array(z.number()).nullable();
const bagSchema = z.object({ model: z.unknown(), inverseDocumentFrequency: tfIdfSchema });
const markovSchema = z.object({ models: z.array(z.unknown()), counts: z.array(z.int().positive()) });

/** Why plain TensorFlow.js cannot open a model whose saved layers would end in a softmax. */
const SEPARATE_LABELS = phrase('The probabilities of its labels are separate ones.');

function taskFile(labels: readonly string[], { task, model }: RunConfig, thresholds?: readonly number[]): SavedTask {
  const { tokens, wordRules, lowerCase, stripAccents, maximumLength } = classificationOf(task);
  return {
    version: 1,
    task: 'classification',
    labels: [...labels],
    tokens,
    wordRules,
    lowerCase,
    stripAccents,
    maximumLength,
    ...(thresholds && { thresholds: [...thresholds] }),
    model,
    input: model.embedding > 0 ? 'ids' : 'one-hot',
  };
}

/**
 * The files of a network with its current weights: a standard LayersModel if plain TensorFlow.js has all its layers,
 * otherwise the weights only.
 * @param thresholds minimum probability of each label, if a text may have several
 */
export async function networkFiles(
  model: TokenClassifier,
  vocabulary: WordVocabulary,
  labels: readonly string[],
  config: RunConfig,
  thresholds?: readonly number[],
): Promise<Files> {
  const task = taskFile(labels, config, thresholds);
  const vocabularyFile = { 'vocabulary.json': JSON.stringify(vocabulary) };
  if (model instanceof RecurrentClassifier && config.model.pooling === 'last' && !thresholds)
    return { ...(await modelFiles(model.network, task)), ...vocabularyFile };
  return {
    ...(await nativeModelFiles(
      model.parameters,
      task,
      say(model.stockObstacle ?? (thresholds ? SEPARATE_LABELS : '')),
    )),
    ...vocabularyFile,
  };
}

export function bagFiles(
  fitted: NaiveBayes | FeedForward,
  { vocabulary, tfIdf }: Bags,
  labels: readonly string[],
  config: RunConfig,
): Files {
  const saved = { model: fitted, inverseDocumentFrequency: tfIdf ? [...tfIdf.inverseDocumentFrequency] : null };
  return { [FITTED_FILE]: JSON.stringify(saved), ...described(vocabulary, labels, config) };
}

export function markovFiles(
  models: readonly HiddenMarkovModel[],
  counts: readonly number[],
  vocabulary: WordVocabulary,
  labels: readonly string[],
  config: RunConfig,
): Files {
  return { [FITTED_FILE]: JSON.stringify({ models, counts }), ...described(vocabulary, labels, config) };
}

function described(vocabulary: WordVocabulary, labels: readonly string[], config: RunConfig): Files {
  return {
    'vocabulary.json': JSON.stringify(vocabulary),
    'task.json': JSON.stringify(taskFile(labels, config), undefined, 2),
  };
}

/** Classifier of a run, and its network if it has one. */
export interface SavedClassifier {
  readonly answers: TokenAnswers;
  readonly vocabulary: WordVocabulary;
  readonly network: TokenClassifier | undefined;
}

/** @throws Error that says what is missing or damaged */
export async function loadClassifier(runFolder: string): Promise<SavedClassifier> {
  const task = parseFile(classifierTask, await readModelText(runFolder, 'task.json'), 'task.json');
  const vocabulary = WordVocabulary.fromJSON(await readModelJson(runFolder, 'vocabulary.json'));
  const { labels, maximumLength, thresholds } = task;
  const known = {
    labels,
    rules: { ...task, tokenizer: vocabulary.tokenizer },
    maximumLength,
    thresholds,
    knows: (form: string) => vocabulary.idOf(form) !== 0,
  };
  if (task.model.family === 'recurrent' || task.model.family === 'convolutional') {
    const network = newNetwork({ ...task.model, dropout: 0 }, vocabulary.size, labels.length);
    writeVariables(network.parameters, storedWeights(await readModelFiles(runFolder)));
    const answers: TokenAnswers = {
      ...known,
      probabilities: (texts, options) =>
        classProbabilities(
          network,
          texts.map((forms) => idsOf(vocabulary, forms)),
          vocabulary.paddingId,
          { ...options, separately: thresholds !== undefined },
        ),
      dispose: () => network.dispose(),
    };
    return { answers, vocabulary, network };
  }
  const classify = await fittedAnswers(task, vocabulary, await readModelText(runFolder, FITTED_FILE));
  const answers: TokenAnswers = {
    ...known,
    probabilities(texts, { signal } = {}) {
      signal?.throwIfAborted();
      return Promise.resolve(texts.map(classify));
    },
    dispose: () => undefined,
  };
  return { answers, vocabulary, network: undefined };
}

async function fittedAnswers(
  { model, tokens }: SavedTask,
  vocabulary: WordVocabulary,
  text: string,
): Promise<(forms: readonly string[]) => number[]> {
  if (model.family === 'hidden-markov') {
    const { models, counts } = parseFile(markovSchema, text, FITTED_FILE);
    const classifier = new GenerativeClassifier(
      models.map((each) => HiddenMarkovModel.fromJSON(each)),
      counts,
    );
    return (forms) => Array.from(classifier.probabilities(sequenceOf(vocabulary, forms)));
  }
  const saved = parseFile(bagSchema, text, FITTED_FILE);
  const { inverseDocumentFrequency: rarity } = saved;
  const bags = new Bags(vocabulary, rarity ? new TfIdf(Float64Array.from(rarity)) : undefined, {
    tokens,
    longest: model.ngrams,
  });
  const fitted = model.family === 'naive-bayes' ? NaiveBayes.fromJSON(saved.model) : FeedForward.fromJSON(saved.model);
  return (forms) => Array.from(fitted.probabilities(bags.bag(forms)));
}
