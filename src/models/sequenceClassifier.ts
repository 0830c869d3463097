import * as tf from '@tensorflow/tfjs';
import { Bidirectional } from '../layers/bidirectional.ts';
import { Dropout } from '../layers/dropout.ts';
import { glorotUniform, orthogonalRows } from '../layers/initializers.ts';
import { Lstm } from '../layers/lstm.ts';
import { attentionShares, equalShares, poolByShares, type Pooling } from '../layers/pooling.ts';
import { RecurrentStack } from '../layers/recurrentStack.ts';
import type { SequenceOptions } from '../layers/sequenceLayer.ts';
import type { Generator } from '../random/generator.ts';
import type { Parameter } from './languageModel.ts';

/** What fixes the shapes of a sequence classifier. */
export interface ClassifierShape {
  /** Width of the inputs: of the word vectors. */
  readonly inputs: number;
  /** Hidden size of each direction. */
  readonly units: number;
  readonly pooling: Pooling;
  readonly classes: number;
}

export interface ClassifierForward {
  /** `[batch, classes]` */
  readonly logits: tf.Tensor2D;
  /** The share of each step in the answer, `[timeSteps, batch]`; undefined where the last states alone are read. */
  readonly shares: tf.Tensor2D | undefined;
}

export interface ClassifierOptions extends Pick<SequenceOptions, 'tapsOf'> {
  /** Whether dropout is on. */
  readonly training?: boolean;
}

/** Width of the hidden layer that scores steps for attention pooling. */
const ATTENTION = 64;

/**
 * A many-to-one classifier of sequences of vectors: a bidirectional LSTM (Graves and Schmidhuber 2005), pooling over
 * its hidden states, and a dense layer to the logits of the classes. Padding never changes an answer.
 */
export class SequenceClassifier {
  readonly shape: ClassifierShape;
  readonly #bidirectional: Bidirectional;
  readonly #stack: RecurrentStack;
  readonly #own: readonly Parameter[];
  readonly #dropout: Dropout | undefined;

  /** @param dropout of the pooled vector; nothing is dropped without it */
  constructor(shape: ClassifierShape, dropout?: { rate: number; generator: Generator }) {
    this.shape = shape;
    this.#dropout = dropout && new Dropout({ name: 'dropout', ...dropout });
    this.#bidirectional = new Bidirectional({ name: 'bidirectional', layer: new Lstm({ name: 'lstm', units: shape.units }) });
    this.#bidirectional.build([null, null, shape.inputs]);
    this.#stack = new RecurrentStack([this.#bidirectional]);
    const width = 2 * shape.units;
    const attention: [string, number[]][] = [
      ['attention/kernel', [width, ATTENTION]],
      ['attention/bias', [ATTENTION]],
      ['attention/query', [ATTENTION, 1]],
    ];
    const dense: [string, number[]][] = [
      ['dense/kernel', [width, shape.classes]],
      ['dense/bias', [shape.classes]],
    ];
    this.#own = [...(shape.pooling === 'attention' ? attention : []), ...dense].map(([name, size]) => ({
      name,
      variable: tf.tidy(() => tf.variable(tf.zeros(size))),
    }));
  }

  /** Draws the initial weights: glorot-uniform kernels, orthogonal recurrent kernels, zero biases but for the forget gate's. */
  initialize(generator: Generator, forgetBias = 1): void {
    const { units } = this.shape;
    for (const { name, variable } of this.parameters) {
      const [rows, columns = 1] = variable.shape as [number, number?];
      const kind = name.slice(name.lastIndexOf('/') + 1);
      const size = rows * columns;
      const values =
        kind === 'recurrent_kernel'
          ? orthogonalRows(rows, columns, generator)
          : kind !== 'bias'
            ? glorotUniform(rows, columns, generator)
            : name.includes('lstm')
              ? new Float32Array(size).fill(forgetBias, units, 2 * units)
              : new Float32Array(size);
      tf.tidy(() => {
        variable.assign(tf.tensor(values, variable.shape));
      });
    }
  }

  /** The trainable tensors: of both directions, of the pooling, of the dense layer. */
  get parameters(): readonly Parameter[] {
    const recurrent = this.#bidirectional.trainableWeights.map((weight) => ({
      name: weight.originalName,
      variable: weight.read() as tf.Variable,
    }));
    return [...recurrent, ...this.#own];
  }

  /**
   * @param x inputs `[timeSteps, batch, inputs]`; what stands past the end of a sequence is not read
   * @param lengths steps of each sequence, `[batch]` int32, at least 1
   */
  forward(x: tf.Tensor3D, lengths: tf.Tensor1D, { tapsOf, training = false }: ClassifierOptions = {}): ClassifierForward {
    const states = this.#stack.zeroState(x.shape[1]);
    const { h, states: after } = this.#stack.sequence(x, states, { lengths, tapsOf });
    const shares = this.#shares(h, lengths);
    const pooled = shares ? poolByShares(h, shares) : lastStates(after[0]);
    const dense = tf.matMul(training && this.#dropout ? this.#dropout.drop(pooled) : pooled, this.#weight('dense/kernel'));
    return { logits: tf.add(dense, this.#weight('dense/bias')), shares };
  }

  dispose(): void {
    for (const { variable } of this.parameters) variable.dispose();
  }

  #shares(h: tf.Tensor3D, lengths: tf.Tensor1D): tf.Tensor2D | undefined {
    switch (this.shape.pooling) {
      case 'attention':
        return attentionShares(h, lengths, {
          kernel: this.#weight('attention/kernel'),
          bias: this.#weight('attention/bias'),
          query: this.#weight('attention/query'),
        });
      case 'mean':
        return equalShares(h.shape[0], lengths);
      case 'last':
        return undefined;
    }
  }

  #weight<T extends tf.Tensor>(name: string): T {
    const parameter = this.#own.find((candidate) => candidate.name === name);
    if (!parameter) throw new Error(`The classifier has no weight "${name}".`);
    return parameter.variable as tf.Tensor as T;
  }
}

/** The state after the last word of the forward direction beside that after the first word of the backward one. */
function lastStates(state: ReturnType<RecurrentStack['zeroState']>[number] | undefined): tf.Tensor2D {
  if (!state || !('forward' in state)) throw new Error('The classifier needs the states of both directions.');
  return tf.concat2d([state.forward.h, state.backward.h], 1);
}
