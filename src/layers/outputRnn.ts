import * as tf from '@tensorflow/tfjs';
import type { RecurrentOptions } from './recurrent.ts';
import { SimpleRnn, type SimpleRnnOptions } from './simpleRnn.ts';
import { phrase, type Text } from '../phrases/phrase.ts';

/** Weights of the output layer: `kernel [units, width]`, `bias [width]`. */
interface OutputWeights {
  readonly kernel: tf.Tensor2D;
  readonly bias: tf.Tensor1D;
}

export interface OutputRnnOptions extends SimpleRnnOptions {
  readonly output: {
    /** Width of the outputs. */
    readonly width: number;
    /** Returns the current weights. */
    readonly weights: () => OutputWeights;
  };
}

/**
 * Simple recurrent layer with output-to-hidden recurrence: its only memory is its last output (Goodfellow, Bengio and
 * Courville 2016, "Deep learning", figure 10.4; Jordan 1986). With the outputs before their activation,
 * `o_t = h_t V + c`, a step is `h_t = act(x_t W + o_{t-1} U + b)`. Since `o_{t-1} U = h_{t-1} (V U) + c U`, this equals
 * hidden-to-hidden recurrence with the recurrent kernel `V U`, whose rank is at most the number of outputs, and the
 * bias `b + c U`. The layer computes these two small products and runs the fused kernels. The output before the first
 * step is that of a zero hidden state, `c`.
 */
export class OutputRnn extends SimpleRnn {
  static override readonly className = 'OutputRNN' as never;
  readonly #output: OutputRnnOptions['output'];

  constructor({ output, ...options }: OutputRnnOptions) {
    super(options);
    this.#output = output;
  }

  override get stockObstacle(): Text {
    return phrase('Plain TensorFlow.js has no layer that reads the outputs of the step before.');
  }

  override copy(changes: Partial<RecurrentOptions>): OutputRnn {
    return new OutputRnn({ ...this.options, activation: this.activation, output: this.#output, ...changes });
  }

  protected override get fedBack(): number {
    return this.#output.width;
  }

  override get recurrentFactor(): 'output' {
    return 'output';
  }

  override recurrentWeight(): tf.Tensor2D {
    return tf.matMul(this.#output.weights().kernel, this.storedRecurrentKernel);
  }

  protected override biasWeight(): tf.Tensor {
    const { bias } = this.#output.weights();
    const constant = tf.squeeze(tf.matMul(tf.expandDims(bias, 0), this.storedRecurrentKernel), [0]);
    return tf.add(super.biasWeight(), constant);
  }
}
