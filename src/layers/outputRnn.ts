import * as tf from '@tensorflow/tfjs';
import type { RecurrentOptions } from './recurrent.ts';
import { SimpleRnn, type SimpleRnnOptions } from './simpleRnn.ts';

/** The layer that makes outputs of hidden states: `kernel [units, width]`, `bias [width]`. */
interface OutputWeights {
  readonly kernel: tf.Tensor2D;
  readonly bias: tf.Tensor1D;
}

export interface OutputRnnOptions extends SimpleRnnOptions {
  readonly output: {
    /** Width of the outputs. */
    readonly width: number;
    /** The weights as they are now. */
    readonly weights: () => OutputWeights;
  };
}

/**
 * A simple recurrent network whose only memory is what it has answered: output-to-hidden recurrence (Goodfellow, Bengio
 * and Courville 2016, "Deep learning", figure 10.4; Jordan 1986). With the outputs before their activation, `o_t = h_t
 * V + c`, a step is `h_t = act(x_t W + o_{t-1} U + b)`. As `o_{t-1} U = h_{t-1} (V U) + c U`, it is that of a network
 * with hidden-to-hidden recurrence whose recurrent kernel is `V U`, of a rank of at most the number of outputs, and
 * whose bias is `b + c U`: two small products, and the fused kernels do the rest. Before the first step the output is
 * that of a hidden state of zeros, `c`.
 */
export class OutputRnn extends SimpleRnn {
  static override readonly className = 'OutputRNN' as never;
  readonly #output: OutputRnnOptions['output'];

  constructor({ output, ...options }: OutputRnnOptions) {
    super(options);
    this.#output = output;
  }

  override get stockObstacle(): string {
    return 'Plain TensorFlow.js has no layer that reads the outputs of the step before.';
  }

  override copy(changes: Partial<RecurrentOptions>): OutputRnn {
    return new OutputRnn({ ...this.options, activation: this.activation, output: this.#output, ...changes });
  }

  protected override get fedBack(): number {
    return this.#output.width;
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
