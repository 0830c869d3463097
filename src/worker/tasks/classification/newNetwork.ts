import { CONVOLUTIONAL_EMBEDDING, widthsOf } from '../../../config/modelSummary.ts';
import type { ModelConfig, RunConfig } from '../../../config/schema.ts';
import type { WordVocabulary } from '../../../data/words/vocabulary.ts';
import { ConvolutionalClassifier } from '../../../models/convolutionalClassifier.ts';
import { RecurrentClassifier } from '../../../models/recurrentClassifier.ts';
import type { TokenClassifier } from '../../../models/tokenClassifier.ts';
import { Generator } from '../../../random/generator.ts';
import {
  type ClassificationConfig,
  type ClassificationData,
  type ClassifiedText,
  classificationOf,
} from './classificationData.ts';
import { idsOf } from './tokens.ts';

/** A network that is trained, and what its training needs. */
interface TrainedNetwork {
  readonly model: TokenClassifier;
  readonly task: ClassificationConfig;
  /** Draws the masks of dropout and of omitted words; undefined without either. */
  readonly masks: Generator | undefined;
  /** Ids of the tokens of a text. */
  readonly idsOf: (text: ClassifiedText) => Int32Array;
}

/** The network of a configuration for the labels of some texts, with random weights. */
export function trainedNetwork(
  { labels }: ClassificationData,
  vocabulary: WordVocabulary,
  { model: shape, task: config, seed }: RunConfig,
): TrainedNetwork {
  const task = classificationOf(config);
  const masks = shape.dropout > 0 || task.wordDropout > 0 ? Generator.forPurpose(seed, 'dropout') : undefined;
  return {
    model: newNetwork(shape, vocabulary.size, labels.length, masks),
    task,
    masks,
    idsOf: ({ forms }) => idsOf(vocabulary, forms),
  };
}

/** A network of the configured shape. @param masks draws the masks of dropout */
export function newNetwork(
  model: ModelConfig,
  vocabularySize: number,
  classes: number,
  masks?: Generator,
): TokenClassifier {
  if (model.family !== 'convolutional') return new RecurrentClassifier({ ...model, vocabularySize, classes }, masks);
  const { embedding, filters, dropout, pooling } = model;
  const kernelWidths = widthsOf(model.kernelWidths);
  const shape = {
    vocabularySize,
    classes,
    filters,
    dropout,
    kernelWidths,
    embedding: embedding || CONVOLUTIONAL_EMBEDDING,
  };
  return new ConvolutionalClassifier({ ...shape, pooling: pooling === 'mean' ? 'mean' : 'max' }, masks);
}
