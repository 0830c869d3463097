import * as z from 'zod';
import { CELL_NAMES, cells } from '../config/cells.ts';
import type { NamedTensor } from '../models/weights.ts';
import { UnusableError } from '../phrases/causes.ts';
import { phrase } from '../phrases/phrase.ts';
import { recurrentWeightName } from './weightNames.ts';

const size = z.int().nonnegative();
/** The largest sizes of the configuration of a run. */
const MOST_LAYERS = 8;
const width = size.max(4096);

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
  layers: size.positive().max(MOST_LAYERS),
  /** Hidden size of each direction. */
  units: width.positive(),
  bidirectional: z.boolean(),
  bias: z.boolean(),
  /** Width to which an LSTM projects its hidden states; 0 without a projection. */
  projection: width,
  /** Activation of a simple RNN. */
  activation: z.enum(['tanh', 'relu', 'linear']),
  /** What a simple RNN reads of the step before. */
  recurrence: z.enum(['hidden', 'output']),
  /** Whether a GRU applies its reset gate after the recurrent product. */
  resetAfter: z.boolean(),
  /** Width of the learned embedding; 0 for one-hot vectors, or for inputs that are vectors. */
  embedding: width,
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

/**
 * Compares the weights with the sizes of a structure, before a network of these sizes takes memory.
 * @throws UnusableError that names a tensor of another shape
 */
export function checkSizes({ shape, tensors }: PortableModel): void {
  const byName = new Map(tensors.map((tensor) => [tensor.name, tensor.shape]));
  for (const [name, expected] of impliedShapes(shape)) {
    const found = byName.get(name);
    if (!found) throw new UnusableError(phrase('config.json does not fit the weights: they have no "{0}".', name));
    if (found.length !== 2 || expected.some((length, axis) => length !== undefined && length !== found[axis]))
      throw new UnusableError(
        phrase(
          'config.json does not fit the weights: "{0}" is [{1}] instead of [{2}].',
          name,
          found.join(', '),
          expected.map((length) => length ?? '?').join(', '),
        ),
      );
  }
}

/** The shapes of the matrices that determine how large a network is; undefined for a length that others determine. */
function* impliedShapes(shape: PortableShape): Iterable<[name: string, shape: readonly (number | undefined)[]]> {
  const { network, cell, layers, units, bidirectional, projection, embedding, inputs, outputs, tied, labels } = shape;
  const isPair = network === 'encoder-decoder';
  const hidden = projection || units;
  const stacks = isPair
    ? [
        { stack: 'encoder_', tokens: inputs, both: bidirectional },
        { stack: 'decoder_', tokens: outputs, both: false },
      ]
    : [{ stack: '', tokens: inputs, both: bidirectional }];
  for (const { stack, tokens, both } of stacks) {
    if (embedding > 0) yield [`${stack}embedding/embeddings`, [tokens, embedding]];
    for (let layer = 0; layer < layers; layer++)
      for (const reverse of both ? [false, true] : [false]) {
        const read = layer === 0 ? embedding || tokens : hidden * (both ? 2 : 1);
        const name = recurrentWeightName({ stack, cell, layer, reverse, part: 'kernel' }, both);
        yield [name, [read, cells[cell].gates * units]];
      }
  }
  if (!tied) yield ['dense/kernel', [undefined, outputs]];
  if (labels > 0) yield ['label_1_h/embeddings', [labels, undefined]];
}
