import type { ModelConfig } from '../../../config/schema.ts';
import { ConvolutionalClassifier } from '../../../models/convolutionalClassifier.ts';
import { RecurrentClassifier } from '../../../models/recurrentClassifier.ts';
import type { TokenClassifier } from '../../../models/tokenClassifier.ts';
import type { Generator } from '../../../random/generator.ts';

/** Width of the embedding of a convolutional network that is told none: one-hot vectors would be very wide side by side. */
const EMBEDDING = 64;

/** A network of the shape that a configuration asks for. @param masks draws the masks of dropout */
export function newNetwork(model: ModelConfig, vocabularySize: number, classes: number, masks?: Generator): TokenClassifier {
  if (model.family !== 'convolutional') return new RecurrentClassifier({ ...model, vocabularySize, classes }, masks);
  const { embedding, filters, dropout, pooling } = model;
  const kernelWidths = [...new Set(model.kernelWidths.split(',').map(Number))];
  const shape = { vocabularySize, classes, filters, dropout, kernelWidths, embedding: embedding || EMBEDDING };
  return new ConvolutionalClassifier({ ...shape, pooling: pooling === 'mean' ? 'mean' : 'max' }, masks);
}
