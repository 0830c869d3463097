import * as tf from '@tensorflow/tfjs';
import { Dropout } from '../layers/dropout.ts';
import type { Generator } from '../random/generator.ts';
import type { Parameter } from './weights.ts';
import {
  type ClassifierForward,
  type ClassifierOptions,
  SequenceClassifier,
  type ClassifierShape,
} from './sequenceClassifier.ts';
import { WordEmbedding } from './wordEmbedding.ts';

export interface TextClassifierShape extends Omit<ClassifierShape, 'inputs'> {
  readonly vocabularySize: number;
  /** Width of the pretrained word vectors. */
  readonly dimensions: number;
}

/** Dropout rates (Srivastava et al. 2014). */
export interface TextClassifierDropout {
  /** Rate for the word vectors. */
  readonly inputs: number;
  /** Rate for the pooled hidden states. */
  readonly pooled: number;
  readonly generator: Generator;
}

export interface TextForwardOptions extends ClassifierOptions {
  /**
   * Added to the word vectors, `[timeSteps, batch, 2 * dimensions]`. Adversarial training differentiates by it and sets
   * its value.
   */
  readonly shift?: tf.Tensor3D;
}

/** Text classifier: word vectors in two channels, and a sequence classifier over them. */
export class TextClassifier {
  readonly shape: TextClassifierShape;
  readonly embedding: WordEmbedding;
  readonly sequence: SequenceClassifier;
  /** Generator of the dropout masks; its state is part of a checkpoint. Undefined without dropout. */
  readonly masks: Generator | undefined;
  readonly #dropout: Dropout | undefined;

  /** @param pretrained word vectors `[vocabularySize, dimensions]`, row-major */
  constructor(shape: TextClassifierShape, pretrained: Float32Array, dropout?: TextClassifierDropout) {
    const { vocabularySize, dimensions, ...rest } = shape;
    this.shape = shape;
    this.masks = dropout?.generator;
    this.embedding = new WordEmbedding(pretrained, [vocabularySize, dimensions]);
    const ofPooled = dropout && { rate: dropout.pooled, generator: dropout.generator };
    this.sequence = new SequenceClassifier({ ...rest, inputs: this.embedding.width }, ofPooled);
    this.#dropout =
      dropout && new Dropout({ name: 'input_dropout', rate: dropout.inputs, generator: dropout.generator });
  }

  initialize(generator: Generator): void {
    this.sequence.initialize(generator);
  }

  get parameters(): readonly Parameter[] {
    return [...this.embedding.parameters, ...this.sequence.parameters];
  }

  /**
   * @param ids `[timeSteps, batch]` int32
   * @param lengths number of steps of each sequence, `[batch]` int32, at least 1
   */
  forward(ids: tf.Tensor2D, lengths: tf.Tensor1D, { shift, ...options }: TextForwardOptions = {}): ClassifierForward {
    const embedded = this.embedding.embed(ids);
    const vectors = shift ? tf.add<tf.Tensor3D>(embedded, shift) : embedded;
    const x = options.training && this.#dropout ? this.#dropout.drop(vectors) : vectors;
    return this.sequence.forward(x, lengths, options);
  }

  dispose(): void {
    this.embedding.dispose();
    this.sequence.dispose();
  }
}
