import { ConfigError } from '../../../config/parse.ts';
import type { RunConfig } from '../../../config/schema.ts';
import { countWords, vocabularyOf } from '../../../data/words/frequentWords.ts';
import { type WordVectors, readWordVectors } from '../../../data/words/wordVectors.ts';
import type { WordVocabulary } from '../../../data/words/vocabulary.ts';
import { formatCount } from '../../../format/count.ts';
import { NaiveBayes } from '../../../models/bagOfWords/naiveBayes.ts';
import type { Baselines } from '../../../protocol/events.ts';
import { Generator } from '../../../random/generator.ts';
import { classificationLoss } from '../../../training/classification.ts';
import { SequenceTrainer } from '../../../training/sequenceTrainer.ts';
import type { TrainingTask } from '../../../training/trainingTask.ts';
import { describeInitial, type InitialModel } from '../../initial/initialModel.ts';
import { subwordsOf } from '../../initial/subwords.ts';
import { type DataFiles, fromFiles } from '../dataFiles.ts';
import type { LoadedTask, TaskKind } from '../taskKind.ts';
import { Bags } from './bags.ts';
import {
  type ClassificationData,
  classificationOf,
  countsOf,
  readClassificationData,
  separatorOf,
} from './classificationData.ts';
import { bagClassifier, markovClassifier } from './fittedFamilies.ts';
import { multiLabelBaselines, multiLabelClassifier } from './multiLabelFamily.ts';
import { networkClassifier, type NetworkStart, wordsOfInitial } from './networkFamily.ts';
import { newNetwork } from './newNetwork.ts';
import { openClassifier } from './storedClassifier.ts';
import { type TokenRules, type Tokens, tokenize } from './tokens.ts';
import { unknownNotices } from './unknownTokens.ts';
import { phrase, type Text } from '../../../phrases/phrase.ts';

/** Classifies texts. */
export const classification: TaskKind = {
  ...fromFiles(loaded),
  open: openClassifier,
  timedLoop({ model: shape, inputs, outputs = 2, timeSteps, batchSize }) {
    const model = newNetwork(shape, inputs, outputs, Generator.forPurpose(1, 'measured masks'));
    model.initialize(Generator.forPurpose(1, 'measure'), shape);
    const batch = {
      ids: Int32Array.from({ length: timeSteps * batchSize }, (_, place) => place % inputs),
      lengths: new Int32Array(batchSize).fill(timeSteps),
      labels: Int32Array.from({ length: batchSize }, (_, place) => place % outputs),
      timeSteps,
      batch: batchSize,
    };
    const same = { batchSize, next: () => batch, position: null, seek: () => undefined };
    return new SequenceTrainer(model, same, (each, options) => classificationLoss(model, each, undefined, options));
  },
};

async function loaded(
  files: DataFiles,
  config: RunConfig,
  { name, folder, initial }: { name: string; folder?: string; initial?: InitialModel | undefined },
): Promise<LoadedTask> {
  const { task, model, training } = config;
  const own = classificationOf(task);
  const subwords = own.tokens === 'subword' ? await subwordsOf(folder, initial) : undefined;
  const data = await readClassificationData(files, config, subwords?.tokenizer);
  const { train, validation, labels, notices } = data;
  const isNetwork = model.family === 'recurrent' || model.family === 'convolutional';
  const vocabulary =
    subwords ??
    vocabularyOf(countWords(train.map(({ forms }) => forms)), {
      minCount: own.minimumCount,
      maxSize: own.maximumVocabulary,
    });
  const vectors = folder === undefined && isNetwork ? await pretrained(config, vocabulary) : undefined;
  return {
    name,
    batchSize: isNetwork ? training.batchSize : train.length,
    shape: isNetwork
      ? {
          task: 'classification',
          model,
          timeSteps: meanLength(data),
          batchSize: training.batchSize,
          inputs: vocabulary.size,
          outputs: labels.length,
        }
      : null,
    text: null,
    facts: [
      phrase('{0} texts for training, {1} for validation', formatCount(train.length), formatCount(validation.length)),
      phrase(
        '{0} classes: {1}',
        labels.length,
        [...labels.slice(0, 20), ...(labels.length > 20 ? ['...'] : [])].join(', '),
      ),
      VOCABULARIES[own.tokens](formatCount(vocabulary.size)),
      ...(isNetwork ? [phrase('padded batches, masked by length')] : []),
      ...(vectors ? [phrase('word vectors for {0} of them', formatCount(vectors.found))] : []),
    ],
    notices: [
      ...initialNotices(initial, vocabulary),
      ...notices,
      ...unknownNotices(data, vocabulary, own),
      ...vectorNotices(vectors),
    ],
    baselines: () =>
      Promise.resolve(separatorOf(config) === '' ? baselinesOf(data, config) : multiLabelBaselines(data)),
    create: () => ({
      ...create(data, vocabulary, config, { vectors, initial }),
      passage: (tokens) => passageOf(data, { ...own, tokenizer: vocabulary.tokenizer }, tokens),
    }),
  };
}

/** The size of a vocabulary by the kind of its tokens. */
const VOCABULARIES: Readonly<Record<Tokens, (size: string) => Text>> = {
  word: (size) => phrase('vocabulary of {0} words', size),
  subword: (size) => phrase('vocabulary of {0} subwords', size),
  character: (size) => phrase('vocabulary of {0} characters', size),
};

/** The first text of the validation part, up to a number of tokens. */
function passageOf({ validation }: ClassificationData, own: TokenRules, most: number): string {
  const text = validation[0]?.text ?? '';
  return text.slice(0, tokenize(text, own)[most - 1]?.end ?? text.length);
}

function create(
  data: ClassificationData,
  vocabulary: WordVocabulary,
  config: RunConfig,
  start: NetworkStart,
): TrainingTask {
  const several = separatorOf(config) !== '';
  switch (config.model.family) {
    case 'recurrent':
    case 'convolutional':
      return (several ? multiLabelClassifier : networkClassifier)(data, vocabulary, config, start);
    case 'bag-of-words':
    case 'naive-bayes':
      return bagClassifier(data, Bags.of(data.train, classificationOf(config.task), config.model), config);
    case 'hidden-markov':
      return markovClassifier(data, vocabulary, config);
  }
}

function initialNotices(initial: InitialModel | undefined, { words }: WordVocabulary): Text[] {
  if (!initial) return [];
  const idOf = wordsOfInitial(initial);
  return [describeInitial(initial, words.filter((word) => idOf(word) !== undefined).length, words.length)];
}

/** @throws ConfigError if the width of the vectors differs from that of the embedding */
async function pretrained({ task, model }: RunConfig, vocabulary: WordVocabulary): Promise<WordVectors | undefined> {
  const path = classificationOf(task).wordVectors;
  if (path === '') return undefined;
  const vectors = await readWordVectors({ kind: 'file', path }, vocabulary.words);
  if (vectors.dimensions === model.embedding) return vectors;
  throw new ConfigError(
    phrase(
      'model.embedding: {0} is not the width of the vectors in "{1}", {2}.',
      model.embedding,
      path,
      vectors.dimensions,
    ),
    { fields: ['model.embedding'] },
  );
}

function vectorNotices(vectors: WordVectors | undefined): Text[] {
  const [first] = vectors?.problems ?? [];
  return first
    ? [
        phrase(
          '{0} rows of the word vectors were skipped. The first is line {1}: {2}.',
          vectors?.problems.length ?? 0,
          first.line,
          first.reason,
        ),
      ]
    : [];
}

/** Baselines: a uniform guess, the frequency of classes, and naive Bayes on single tokens. */
function baselinesOf(data: ClassificationData, { task, model }: RunConfig): Baselines {
  const { train, validation, labels } = data;
  const counts = countsOf(train, labels);
  const bags = Bags.of(train, classificationOf(task), { ...model, ngrams: 1, features: 'counts' });
  const classOf = new Map(labels.map((label, index) => [label, index]));
  const classes = train.map(({ label }) => classOf.get(label) ?? 0);
  const bayes = NaiveBayes.fit(
    train.map(({ forms }) => bags.bag(forms)),
    classes,
    { classes: labels.length, columns: bags.columns, smoothing: 1 },
  );
  const mean = (lossOf: (text: ClassificationData['train'][number], label: number) => number) =>
    validation.reduce((sum, text) => sum + lossOf(text, classOf.get(text.label) ?? 0), 0) / validation.length;
  return {
    uniform: Math.log(labels.length),
    'frequency of classes': mean((_, label) => -Math.log((counts[label] ?? 0) / train.length)),
    'naive Bayes': mean(
      ({ forms }, label) => -Math.log(Math.max(1e-15, bayes.probabilities(bags.bag(forms))[label] ?? 0)),
    ),
  };
}

/** Typical number of tokens in a text, used to time steps. */
function meanLength({ train }: ClassificationData): number {
  return Math.max(1, Math.round(train.reduce((sum, { forms }) => sum + forms.length, 0) / train.length));
}
