import * as tf from '@tensorflow/tfjs';
import type { RunConfig } from '../../../config/schema.ts';
import { Epochs } from '../../../data/labeled/epochs.ts';
import { padSequences } from '../../../data/labeled/sequenceBatcher.ts';
import type { WordVocabulary } from '../../../data/words/vocabulary.ts';
import type { WordVectors } from '../../../data/words/wordVectors.ts';
import type { TokenClassifier } from '../../../models/tokenClassifier.ts';
import { spreadItems } from '../../../probes/probed.ts';
import { classificationLoss, classProbabilities, dropWords } from '../../../training/classification.ts';
import { probedClassifier } from '../../../training/probedClassifier.ts';
import { SequenceTrainer } from '../../../training/sequenceTrainer.ts';
import type { TrainingTask } from '../../../training/trainingTask.ts';
import { carryWeights, tokenAxisOf } from '../../../models/carryWeights.ts';
import type { InitialModel } from '../../initial/initialModel.ts';
import { networkTask } from '../networkTask.ts';
import {
  type ClassificationConfig,
  type ClassificationData,
  type ClassifiedText,
  countsOf,
} from './classificationData.ts';
import { trainedNetwork } from './newNetwork.ts';
import { networkFiles } from './savedClassifier.ts';
import { validating } from './validating.ts';

/** What a network begins with, besides random weights. */
export interface NetworkStart {
  /** Vectors of its words. */
  readonly vectors: WordVectors | undefined;
  /** A language model or a classifier with the same recurrent layers. */
  readonly initial: InitialModel | undefined;
}

/** A recurrent or convolutional classifier, and its training. */
export function networkClassifier(
  data: ClassificationData,
  vocabulary: WordVocabulary,
  config: RunConfig,
  start: NetworkStart,
): TrainingTask {
  const { training, seed } = config;
  const { model, task, masks, idsOf } = trainedNetwork(data, vocabulary, config);
  const classOf = new Map(data.labels.map((label, index) => [label, index]));
  const encode = (text: ClassifiedText) => ({ ids: idsOf(text), label: classOf.get(text.label) ?? 0 });
  const texts = data.train.map(encode);
  const epochs = new Epochs(texts, { batchSize: training.batchSize, seed, lengthOf: ({ ids }) => ids.length });
  const weights = classWeights(data, task);
  const loss = (batch: readonly { ids: Int32Array; label: number }[], options: { training?: boolean }) => {
    const padded = {
      ...padSequences(
        batch.map(({ ids }) => ids),
        vocabulary.paddingId,
      ),
      labels: Int32Array.from(batch, ({ label }) => label),
    };
    return classificationLoss(model, dropWords(padded, task.wordDropout, masks), weights, options);
  };
  const loop = new SequenceTrainer(model, epochs, loss, training);
  const validation = data.validation.map(encode);
  const answers = validating(data, async (yieldNow) =>
    classProbabilities(
      model,
      validation.map(({ ids }) => ids),
      vocabulary.paddingId,
      { yieldNow },
    ),
  );
  const network = networkTask(model, loop, config);
  return {
    ...network,
    initialize() {
      network.initialize();
      begin(start, model, vocabulary, data.labels, config);
    },
    ...answers,
    modelFiles: () => networkFiles(model, vocabulary, data.labels, config),
    ...(model.layers.length > 0 && {
      probed: probedClassifier(model, spreadItems(validation), vocabulary.paddingId),
    }),
  };
}

/** Class weights that give each class the same total weight; their mean over the texts is 1. */
function classWeights(
  { train, labels }: ClassificationData,
  { classWeights: kind }: ClassificationConfig,
): number[] | undefined {
  if (kind === 'none') return undefined;
  return countsOf(train, labels).map((count) => train.length / (labels.length * count));
}

/** The id in the initial model of a word of a classifier; undefined for one that it does not have. */
export function wordsOfInitial({ task, tokens }: InitialModel): (word: string) => number | undefined {
  const ids = new Map<string, number>();
  for (const [id, token] of tokens.entries()) {
    // Tokens of a language model of words are as they are written, with the space before them.
    const form = task === 'language-model' && token.trim() !== '' ? token.trim().toLowerCase() : token;
    if (!ids.has(form)) ids.set(form, id);
  }
  const exact = new Map(tokens.map((token, id) => [token, id]));
  return (word) => exact.get(word) ?? ids.get(word);
}

/** Replaces random weights by those that a network begins with. */
export function begin(
  { vectors, initial }: NetworkStart,
  model: TokenClassifier,
  vocabulary: WordVocabulary,
  labels: readonly string[],
  config: RunConfig,
): void {
  if (initial) beginWith(initial, model, vocabulary, labels, config);
  if (vectors) startFrom(vectors, model);
}

/** Writes the weights of the initial model; the outputs too, if they are of the same classes. */
function beginWith(
  initial: InitialModel,
  { parameters }: TokenClassifier,
  { words }: WordVocabulary,
  labels: readonly string[],
  { model }: RunConfig,
): void {
  const sameClasses = initial.labels.join('\n') === labels.join('\n');
  carryWeights(
    parameters,
    { stored: initial.weights, from: initial.tokens },
    {
      to: words,
      idOf: wordsOfInitial(initial),
      tokenAxis: tokenAxisOf(model, false),
      isOwn: (name) => !sameClasses && /^(?:dense|attention)\//.test(name),
    },
  );
}

/** Writes the pretrained vectors into the rows of their words; the other rows keep their initial values. */
function startFrom({ vectors, dimensions }: WordVectors, { parameters }: TokenClassifier): void {
  const table = parameters.find(({ name }) => name === 'embedding/embeddings')?.variable;
  if (!table) return;
  const [rows, width] = table.shape as [number, number];
  const isKnown = Uint8Array.from({ length: rows }, (_, row) =>
    Number(vectors.subarray(row * dimensions, (row + 1) * dimensions).some((value) => value !== 0)),
  );
  tf.tidy(() => {
    const known = tf.tensor2d(isKnown, [rows, 1], 'bool');
    const given = tf.tensor2d(padded(vectors, rows * width), [rows, width]);
    table.assign(tf.where(known, given, table as tf.Tensor as tf.Tensor2D));
  });
}

/** Rows after those of the words, such as padding, have no vector. */
function padded(vectors: Float32Array, length: number): Float32Array {
  const values = new Float32Array(length);
  values.set(vectors);
  return values;
}
