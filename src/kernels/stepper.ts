import * as tf from '@tensorflow/tfjs';
import type { RnnActivation } from './contract.ts';

/**
 * Networks that run one step at a time, as a text is written token by token. The kernels of whole sequences prepare their
 * weights again in each call, and every tensor has a cost, so that a step of one token takes many times as long as its
 * products.
 */

/** A cell whose kernels a stepper may have, with its attributes. */
export type SteppedCell =
  | { readonly cell: 'lstm' }
  | { readonly cell: 'gru'; readonly resetAfter: boolean }
  | { readonly cell: 'rnn'; readonly activation: RnnActivation };

/** A recurrent layer, with its weights as in `contract.ts`. */
export interface SteppedLayer {
  readonly cell: SteppedCell;
  readonly kernel: tf.Tensor2D;
  readonly recurrentKernel: tf.Tensor2D;
  readonly bias: tf.Tensor;
  /** Maps the hidden states to the outputs, `[units, outputs]`; undefined if they are the outputs. */
  readonly projection?: tf.Tensor2D | undefined;
}

/** A network over token ids. */
export interface SteppedNetwork {
  /** Embedding `[tokens, width]`; undefined for one-hot vectors. */
  readonly table: tf.Tensor2D | undefined;
  /** The recurrent layers, first layer first. */
  readonly layers: readonly SteppedLayer[];
  /** The output layer, `[width, outputs]` and `[outputs]`. */
  readonly output: { readonly kernel: tf.Tensor2D; readonly bias: tf.Tensor1D };
}

/** States of the layers, first layer first: `h`, and `c` of an LSTM, each `[rows, units]`. */
export type SteppedStates = readonly (readonly tf.Tensor2D[])[];

/** A network with the states after its last step. */
export interface Stepper {
  /**
   * Advances by one token.
   * @param ids a token for each row
   * @param from for each row, the row of the last step whose state it continues; without it, every row continues itself
   * @returns outputs before the activation `[rows, outputs]`, valid until the next step
   */
  step(ids: Int32Array, from?: readonly number[]): Float32Array;
  dispose(): void;
}

/** Creates the stepper of a backend. It keeps the weights, and copies the states. @param rows maximum number of rows */
type CreateStepper = (network: SteppedNetwork, states: SteppedStates, rows: number) => Stepper;

const steppers = new Map<string, CreateStepper>();

/** Makes the steppers of a backend available. */
export function registerStepper(backend: string, create: CreateStepper): void {
  steppers.set(backend, create);
}

/**
 * Creates a stepper on the current backend; undefined if that has none, or no memory for the packed weights: kernels that
 * run one after the other need less.
 */
export function createStepper(...[network, states, rows]: Parameters<CreateStepper>): Stepper | undefined {
  try {
    return steppers.get(tf.getBackend())?.(network, states, rows);
  } catch (error) {
    if (error instanceof RangeError) return undefined;
    throw error;
  }
}
