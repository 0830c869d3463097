import * as tf from '@tensorflow/tfjs';
import { convolutionPool, embeddingLookup } from '../kernels/ops.ts';
import { Dropout } from '../layers/dropout.ts';
import type { Generator } from '../random/generator.ts';
import { type Initialization, initializeWeights } from './initialize.ts';
import type { ForwardOptions, TokenClassifier } from './tokenClassifier.ts';
import type { Parameter } from './weights.ts';
import { phrase } from '../phrases/phrase.ts';

export interface ConvolutionalShape {
  readonly vocabularySize: number;
  /** Width of the learned embedding, at least 1. */
  readonly embedding: number;
  /** Widths of the filters in tokens. */
  readonly kernelWidths: readonly number[];
  /** Number of filters of each width. */
  readonly filters: number;
  readonly pooling: 'mean' | 'max';
  readonly classes: number;
  /** Dropout rate of the pooled values. */
  readonly dropout: number;
}

/**
 * Convolutional text classifier (Kim 2014, "Convolutional neural networks for sentence classification"): embedding,
 * convolutions over a few neighboring tokens with ReLU, the maximum or mean of each filter over time, a dense layer.
 */
export class ConvolutionalClassifier implements TokenClassifier {
  readonly layers = [];
  readonly shape: ConvolutionalShape;
  readonly parameters: readonly Parameter[];
  readonly masks: Generator | undefined;
  readonly stockObstacle = phrase('Plain TensorFlow.js has no convolution that ignores padding.');
  readonly #dropout: Dropout | undefined;

  /** @param masks generator of the dropout masks; omitted: no dropout */
  constructor(shape: ConvolutionalShape, masks?: Generator) {
    const { vocabularySize, embedding, kernelWidths, filters, classes, dropout } = shape;
    this.shape = shape;
    this.masks = masks;
    const sizes: [name: string, size: number[]][] = [
      ['embedding/embeddings', [vocabularySize, embedding]],
      ...kernelWidths.flatMap((width): [string, number[]][] => [
        [`convolution_${width}/kernel`, [width * embedding, filters]],
        [`convolution_${width}/bias`, [filters]],
      ]),
      ['dense/kernel', [filters * kernelWidths.length, classes]],
      ['dense/bias', [classes]],
    ];
    this.parameters = sizes.map(([name, size]) => ({ name, variable: tf.tidy(() => tf.variable(tf.zeros(size))) }));
    this.#dropout =
      masks && dropout > 0 ? new Dropout({ name: 'dropout', rate: dropout, generator: masks }) : undefined;
  }

  initialize(generator: Generator, initialization: Initialization): void {
    initializeWeights({ parameters: this.parameters, layers: [] }, generator, initialization);
  }

  get parameterCount(): number {
    return this.parameters.reduce((sum, { variable }) => sum + variable.size, 0);
  }

  logits(ids: tf.Tensor2D, lengths: tf.Tensor1D, { training = false }: ForwardOptions = {}): tf.Tensor2D {
    const { kernelWidths, pooling } = this.shape;
    const x = embeddingLookup({ table: this.#weight('embedding/embeddings'), ids });
    const filters = kernelWidths.map((width) => ({
      kernel: this.#weight<tf.Tensor2D>(`convolution_${width}/kernel`),
      bias: this.#weight<tf.Tensor1D>(`convolution_${width}/bias`),
    }));
    const pooled = convolutionPool({ x, lengths, filters }, { pooling });
    const used = training && this.#dropout ? this.#dropout.drop(pooled) : pooled;
    return tf.add(tf.matMul(used, this.#weight('dense/kernel')), this.#weight('dense/bias'));
  }

  dispose(): void {
    for (const { variable } of this.parameters) variable.dispose();
  }

  #weight<T extends tf.Tensor>(name: string): T {
    const parameter = this.parameters.find((candidate) => candidate.name === name);
    if (!parameter) throw new Error(`The model has no weight "${name}".`);
    return parameter.variable as tf.Tensor as T;
  }
}
