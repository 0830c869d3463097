import type { CellName } from '../config/cells.ts';
import type { NamedTensor } from '../models/weights.ts';

/**
 * How a network of recurrent layers is put together: an output at every step (language models, taggers), one output for
 * a sequence (classifiers, forecasters), an encoder with a decoder, or a language model that starts from a label.
 */
export type NetworkKind = 'every-step' | 'last-step' | 'encoder-decoder' | 'conditioned';

/** What determines the shapes of the weights of a model, and how they are used: `config.json` of an export. */
export interface PortableShape {
  readonly network: NetworkKind;
  readonly cell: CellName;
  readonly layers: number;
  /** Hidden size of each direction. */
  readonly units: number;
  readonly bidirectional: boolean;
  readonly bias: boolean;
  /** Width to which an LSTM projects its hidden states; 0 without a projection. */
  readonly projection: number;
  /** Activation of a simple RNN. */
  readonly activation: 'tanh' | 'relu' | 'linear';
  /** What a simple RNN reads of the step before. */
  readonly recurrence: 'hidden' | 'output';
  /** Whether a GRU applies its reset gate after the recurrent product. */
  readonly resetAfter: boolean;
  /** Width of the learned embedding; 0 for one-hot vectors, or for inputs that are vectors. */
  readonly embedding: number;
  readonly inputKind: 'ids' | 'vectors';
  /** Number of input symbols (of an encoder: source symbols), or width of the input vectors. */
  readonly inputs: number;
  /** Number of output symbols, classes or numbers. */
  readonly outputs: number;
  /** How a model with one output for a sequence reduces its hidden states. */
  readonly pooling: 'last' | 'mean' | 'max' | 'attention';
  /** Attention of a decoder. */
  readonly attention: 'none' | 'dot' | 'additive';
  /** Whether the kernel of the output layer is the transposed embedding. */
  readonly tied: boolean;
  /** Number of labels of a conditioned model; 0 for others. */
  readonly labels: number;
}

/** A model with its weights, under the names and in the layout of `model/` of a run. */
export interface PortableModel {
  readonly shape: PortableShape;
  readonly tensors: readonly NamedTensor[];
}
