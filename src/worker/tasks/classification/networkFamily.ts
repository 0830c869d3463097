import * as tf from '@tensorflow/tfjs';
import type { RunConfig } from '../../../config/schema.ts';
import { Epochs } from '../../../data/labeled/epochs.ts';
import { padSequences } from '../../../data/labeled/sequenceBatcher.ts';
import type { WordVocabulary } from '../../../data/words/vocabulary.ts';
import type { WordVectors } from '../../../data/words/wordVectors.ts';
import type { TokenClassifier } from '../../../models/tokenClassifier.ts';
import { spreadItems } from '../../../probes/probed.ts';
import { Generator } from '../../../random/generator.ts';
import { classificationLoss, classProbabilities, dropWords } from '../../../training/classification.ts';
import { probedClassifier } from '../../../training/probedClassifier.ts';
import { SequenceTrainer } from '../../../training/sequenceTrainer.ts';
import type { TrainingTask } from '../../../training/trainingTask.ts';
import { networkTask } from '../networkTask.ts';
import {
  type ClassificationConfig,
  type ClassificationData,
  type ClassifiedText,
  classificationOf,
  countsOf,
} from './classificationData.ts';
import { newNetwork } from './newNetwork.ts';
import { networkFiles } from './savedClassifier.ts';
import { idsOf } from './tokens.ts';
import { validating } from './validating.ts';

/** A recurrent or convolutional classifier, and its training. */
export function networkClassifier(
  data: ClassificationData,
  vocabulary: WordVocabulary,
  config: RunConfig,
  vectors: WordVectors | undefined,
): TrainingTask {
  const { model: shape, training, seed } = config;
  const task = classificationOf(config.task);
  const masks = shape.dropout > 0 || task.wordDropout > 0 ? Generator.forPurpose(seed, 'dropout') : undefined;
  const model = newNetwork(shape, vocabulary.size, data.labels.length, masks);
  const classOf = new Map(data.labels.map((label, index) => [label, index]));
  const encode = ({ forms, label }: ClassifiedText) => ({
    ids: idsOf(vocabulary, forms),
    label: classOf.get(label) ?? 0,
  });
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
      if (vectors) startFrom(vectors, model);
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

/** Writes the pretrained vectors into the rows of their words; the other rows keep their initial values. */
export function startFrom({ vectors, dimensions }: WordVectors, { parameters }: TokenClassifier): void {
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
