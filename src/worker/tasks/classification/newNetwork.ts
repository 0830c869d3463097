import { CONVOLUTIONAL_EMBEDDING, widthsOf } from '../../../config/modelSummary.ts';
import type { ModelConfig } from '../../../config/schema.ts';
import { ConvolutionalClassifier } from '../../../models/convolutionalClassifier.ts';
import { RecurrentClassifier } from '../../../models/recurrentClassifier.ts';
import type { TokenClassifier } from '../../../models/tokenClassifier.ts';
import type { Generator } from '../../../random/generator.ts';

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
