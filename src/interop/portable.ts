import * as z from 'zod';
import { CELL_NAMES } from '../config/cells.ts';
import type { NamedTensor } from '../models/weights.ts';

const size = z.int().nonnegative();

/**
 * What determines the shapes of the weights of a model, and how they are used: `config.json` of an export. The schema
 * checks one that is imported.
 */
export const portableShape = z.object({
  /**
   * How the network is put together: an output at every step (language models, taggers), one output for a sequence
   * (classifiers, forecasters), an encoder with a decoder, or a language model that starts from a label.
   */
  network: z.enum(['every-step', 'last-step', 'encoder-decoder', 'conditioned']),
  cell: z.enum(CELL_NAMES),
  layers: size.positive(),
  /** Hidden size of each direction. */
  units: size.positive(),
  bidirectional: z.boolean(),
  bias: z.boolean(),
  /** Width to which an LSTM projects its hidden states; 0 without a projection. */
  projection: size,
  /** Activation of a simple RNN. */
  activation: z.enum(['tanh', 'relu', 'linear']),
  /** What a simple RNN reads of the step before. */
  recurrence: z.enum(['hidden', 'output']),
  /** Whether a GRU applies its reset gate after the recurrent product. */
  resetAfter: z.boolean(),
  /** Width of the learned embedding; 0 for one-hot vectors, or for inputs that are vectors. */
  embedding: size,
  inputKind: z.enum(['ids', 'vectors']),
  /** Number of input symbols (of an encoder: source symbols), or width of the input vectors. */
  inputs: size.positive(),
  /** Number of output symbols, classes or numbers. */
  outputs: size.positive(),
  /** How a model with one output for a sequence reduces its hidden states. */
  pooling: z.enum(['last', 'mean', 'max', 'attention']),
  /** Attention of a decoder. */
  attention: z.enum(['none', 'dot', 'additive']),
  /** Whether the kernel of the output layer is the transposed embedding. */
  tied: z.boolean(),
  /** Number of labels of a conditioned model; 0 for others. */
  labels: size,
  /** Whether the probabilities of classes are separate ones (a sigmoid of each output); one distribution if omitted. */
  separate: z.boolean().optional(),
});

export type PortableShape = Readonly<z.output<typeof portableShape>>;

/** A model with its weights, under the names and in the layout of `model/` of a run. */
export interface PortableModel {
  readonly shape: PortableShape;
  readonly tensors: readonly NamedTensor[];
}
