import * as tf from '@tensorflow/tfjs';
import { Bidirectional } from '../layers/bidirectional.ts';
import { Dropout } from '../layers/dropout.ts';
import { Lstm } from '../layers/lstm.ts';
import { poolSequences, type Pooling } from '../layers/pooling.ts';
import type { SequenceOptions } from '../layers/sequenceLayer.ts';
import type { Generator } from '../random/generator.ts';
import { initializeWeights } from './initialize.ts';
import type { Parameter } from './weights.ts';

/** Configuration that determines the weight shapes of a sequence classifier. */
export interface ClassifierShape {
  /** Width of the inputs. */
  readonly inputs: number;
  /** Hidden size of each direction. */
  readonly units: number;
  readonly pooling: Pooling;
  readonly classes: number;
}

export interface ClassifierForward {
  /** `[batch, classes]` */
  readonly logits: tf.Tensor2D;
  /** Pooling weight of each step, `[timeSteps, batch]`; undefined for pooling `last`. */
  readonly weights: tf.Tensor2D | undefined;
}

export interface ClassifierOptions extends Pick<SequenceOptions, 'tapsOf'> {
  /** True if dropout is on. */
  readonly training?: boolean;
}

const INITIALIZATION = {
  kernelInitializer: 'glorot-uniform',
  recurrentInitializer: 'orthogonal',
  recurrentGain: 1,
  standardDeviation: 0,
  forgetBias: 1,
} as const;

/**
 * Many-to-one classifier of vector sequences: a bidirectional LSTM (Graves and Schmidhuber 2005), pooling over its
 * hidden states, and a dense layer that returns the logits of the classes. Padding never changes the result.
 */
export class SequenceClassifier {
  readonly shape: ClassifierShape;
  readonly #bidirectional: Bidirectional;
  readonly #own: readonly Parameter[];
  readonly #dropout: Dropout | undefined;

  /** @param dropout rate and generator for the pooled vector; omitted: no dropout */
  constructor(shape: ClassifierShape, dropout?: { rate: number; generator: Generator }) {
    const { inputs, units, pooling, classes } = shape;
    this.shape = shape;
    this.#dropout = dropout && new Dropout({ name: 'dropout', ...dropout });
    this.#bidirectional = new Bidirectional({ name: 'bidirectional', layer: new Lstm({ name: 'lstm', units }) });
    this.#bidirectional.build([null, null, inputs]);
    const sizes: [name: string, size: number[]][] = [
      ['attention/forward_query', [units, 1]],
      ['attention/backward_query', [units, 1]],
      ['dense/kernel', [2 * units, classes]],
      ['dense/bias', [classes]],
    ];
    this.#own = sizes
      .filter(([name]) => pooling === 'attention' || !name.startsWith('attention'))
      .map(([name, size]) => ({ name, variable: tf.tidy(() => tf.variable(tf.zeros(size))) }));
  }

  /** Draws the initial weights. Attention weights stay zero, so that all steps initially have the same weight. */
  initialize(generator: Generator): void {
    initializeWeights({ parameters: this.parameters, layers: [this.#bidirectional] }, generator, INITIALIZATION);
  }

  /** Trainable tensors of both directions, the pooling and the dense layer, in this order. */
  get parameters(): readonly Parameter[] {
    const recurrent = this.#bidirectional.trainableWeights.map((weight) => ({
      name: weight.originalName,
      variable: weight.read() as tf.Variable,
    }));
    return [...recurrent, ...this.#own];
  }

  /**
   * @param x inputs `[timeSteps, batch, inputs]`; values past the end of a sequence are ignored
   * @param lengths number of steps of each sequence, `[batch]` int32, at least 1
   */
  forward(
    x: tf.Tensor3D,
    lengths: tf.Tensor1D,
    { tapsOf, training = false }: ClassifierOptions = {},
  ): ClassifierForward {
    // The directions are concatenated after pooling: concatenating every step would copy all hidden states.
    const { forward, backward } = this.#bidirectional;
    const options = { lengths, tapsOf };
    const directions = [forward, backward].map((layer) => layer.sequence(x, layer.zeroState(x.shape[1]), options));
    const { pooled, weights } = this.#pool(directions, lengths);
    const used = training && this.#dropout ? this.#dropout.drop(pooled) : pooled;
    return { logits: tf.add(tf.matMul(used, this.#weight('dense/kernel')), this.#weight('dense/bias')), weights };
  }

  dispose(): void {
    for (const { variable } of this.parameters) variable.dispose();
  }

  #pool(
    directions: readonly { h: tf.Tensor3D; state: { h: tf.Tensor2D } }[],
    lengths: tf.Tensor1D,
  ): { pooled: tf.Tensor2D; weights?: tf.Tensor2D } {
    const h = directions.map((direction) => direction.h);
    switch (this.shape.pooling) {
      case 'attention':
        return poolSequences(
          h,
          lengths,
          ['forward', 'backward'].map((name) => this.#weight(`attention/${name}_query`)),
        );
      case 'mean':
        return poolSequences(h, lengths);
      case 'last':
        return {
          pooled: tf.concat2d(
            directions.map(({ state }) => state.h),
            1,
          ),
        };
    }
  }

  #weight<T extends tf.Tensor>(name: string): T {
    const parameter = this.#own.find((candidate) => candidate.name === name);
    if (!parameter) throw new Error(`The classifier has no weight "${name}".`);
    return parameter.variable as tf.Tensor as T;
  }
}
