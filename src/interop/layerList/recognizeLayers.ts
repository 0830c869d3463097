import * as z from 'zod';
import { type CellName, cells } from '../../config/cells.ts';
import type { ImportedKind } from '../../config/recognitionChoices.ts';
import type { NamedTensor } from '../../models/weights.ts';
import { phrase, type Text } from '../../phrases/phrase.ts';
import type { PortableShape } from '../portable.ts';
import { secondOfTwo, transposed } from '../arrays.ts';
import { graphKind } from '../modelKinds.ts';
import { notRecognized, type Recognized } from '../recognized.ts';
import { type RecurrentPart, recurrentWeightName } from '../weightNames.ts';
import type { LayerConfig, LayerRecord } from './layerRecord.ts';

/**
 * Recognizes a model in a list of layers of Keras or TensorFlow.js, whose recurrent weights have our order of gates
 * (input, forget, candidate, output; update, reset, candidate).
 */

const CELLS: ReadonlyMap<string, CellName> = new Map([
  ['LSTM', 'lstm'],
  ['GRU', 'gru'],
  ['SimpleRNN', 'rnn'],
]);
/** Layers that change nothing after training. */
const IDLE: ReadonlySet<string> = new Set([
  'InputLayer',
  'Dropout',
  'SpatialDropout1D',
  'GaussianNoise',
  'GaussianDropout',
  'AlphaDropout',
  'ActivityRegularization',
]);
const POOLINGS: ReadonlyMap<string, 'mean' | 'max'> = new Map([
  ['GlobalAveragePooling1D', 'mean'],
  ['GlobalMaxPooling1D', 'max'],
  ['GlobalMaxPool1D', 'max'],
  ['GlobalAvgPool1D', 'mean'],
]);
/** Layers and operations that turn ids into one-hot vectors. */
const ONE_HOT: ReadonlySet<string> = new Set(['CategoryEncoding', 'OneHot']);
/** What the layers of a model can be, for errors. */
const KNOWN =
  'Embedding, CategoryEncoding, OneHot, Masking, LSTM, GRU, SimpleRNN, Bidirectional, Dropout, GlobalAveragePooling1D, GlobalMaxPooling1D, TimeDistributed, Dense, Activation, Softmax';

/** An option that TensorFlow.js may write as null. */
const option = (fallback: boolean) =>
  z
    .boolean()
    .nullish()
    .transform((value) => value ?? fallback);

const recurrentConfig = z.object({
  units: z.int().positive(),
  activation: z.unknown().optional(),
  recurrent_activation: z.unknown().optional(),
  use_bias: option(true),
  return_sequences: option(false),
  go_backwards: option(false),
  stateful: option(false),
  time_major: option(false),
  reset_after: option(false),
});
const wrapped = z.object({ layer: z.object({ class_name: z.string(), config: z.record(z.string(), z.unknown()) }) });
const bidirectionalConfig = wrapped.extend({
  merge_mode: z.string().nullable().default('concat'),
  backward_layer: wrapped.shape.layer.nullish(),
});

type RecurrentConfig = z.output<typeof recurrentConfig>;

/** A recurrent layer of the model, in one direction or both. */
interface RecurrentLayer {
  readonly name: string;
  readonly cell: CellName;
  readonly bidirectional: boolean;
  readonly options: RecurrentConfig;
  readonly activation: PortableShape['activation'];
  readonly weights: readonly NamedTensor[];
}

/** The layers of a model by what they do. */
interface Parts {
  readonly embedding: LayerRecord | undefined;
  readonly oneHot: LayerRecord | undefined;
  readonly masking: LayerRecord | undefined;
  readonly recurrent: readonly RecurrentLayer[];
  readonly pooling: 'mean' | 'max' | undefined;
  readonly output: LayerRecord;
  /** Activation of the outputs. */
  readonly answer: string;
}

/** How many weights a layer has, so that they can be given to it. @returns undefined for layers that are not known */
export function weightCount({ className, config }: LayerConfig): number | undefined {
  const bias = config['use_bias'] === false ? 0 : 1;
  if (CELLS.has(className)) return 2 + bias;
  if (className === 'Dense') return 1 + bias;
  if (className === 'Embedding') return 1;
  if (IDLE.has(className) || POOLINGS.has(className) || OTHERS.has(className)) return 0;
  const inner = wrapped.safeParse(config).data?.layer;
  if (!inner || (className !== 'Bidirectional' && className !== 'TimeDistributed')) return undefined;
  const count = weightCount({ className: inner.class_name, name: '', module: '', config: inner.config });
  return count === undefined ? undefined : (className === 'Bidirectional' ? 2 : 1) * count;
}

const OTHERS: ReadonlySet<string> = new Set([...ONE_HOT, 'Masking', 'Activation', 'Softmax']);

/**
 * Recognizes a model whose layers read ids, one-hot vectors or vectors: an embedding if there is one, recurrent layers, a
 * pooling of their hidden states, and a dense layer.
 * @param name name of the file, for errors
 * @param chosen what the user says that the model is for
 * @throws UnusableError that names a layer that is missing or unknown, or an option that cannot be computed
 */
export function recognizeLayers(list: readonly LayerRecord[], name: string, chosen?: ImportedKind): Recognized {
  const parts = partsOf(list, name);
  const { embedding, oneHot, recurrent, pooling, output, answer } = parts;
  const [first] = recurrent;
  const last = recurrent.at(-1);
  if (!first || !last) throw notRecognized(name, phrase('it has no layer of the class LSTM, GRU or SimpleRNN'));
  const { cell, bidirectional, options, activation } = first;
  for (const layer of recurrent) checkEqual(layer, first, name);
  recurrent.slice(0, -1).forEach((layer) => {
    if (!layer.options.return_sequences)
      throw notRecognized(
        name,
        phrase('"{0}" returns its last hidden state only, and another recurrent layer reads it', layer.name),
      );
  });
  const { units, reset_after: resetAfter } = options;
  const isStepwise = last.options.return_sequences && pooling === undefined;
  if (!last.options.return_sequences && pooling !== undefined)
    throw notRecognized(name, phrase('"{0}" returns its last hidden state only, which is pooled', last.name));
  const table = embedding?.weights[0];
  const width = table ? table.shape[1] : first.weights[0]?.shape[0];
  const inputs = table ? table.shape[0] : width;
  const given = output.weights[0]?.shape[1];
  if (width === undefined || inputs === undefined || given === undefined)
    throw notRecognized(name, phrase('its weights are no matrices'));
  const { kind, kinds, network, inputKind, isBinary } = graphKind(
    {
      reads: embedding || oneHot ? 'ids' : 'vectors',
      isStepwise,
      end: endOf(answer, output.name, name),
      outputs: given,
      output: output.name,
      pooling: pooling ?? 'last',
      ...{ inputs, bidirectional },
    },
    name,
    chosen,
  );
  const { kernel, constant } = classesOf(output, isBinary, name);
  const outputs = isBinary ? 2 : given;
  const bias = recurrent.some((layer) => layer.options.use_bias);
  const shape: PortableShape = {
    network,
    ...{ cell, layers: recurrent.length, units, bidirectional, bias, projection: 0 },
    ...{ activation, recurrence: 'hidden', resetAfter: cell === 'gru' && resetAfter },
    embedding: table ? width : 0,
    ...{ inputKind, inputs, outputs },
    ...{ pooling: pooling ?? 'last', attention: 'none', tied: false, labels: 0 },
  };
  const recurrentTensors = recurrent.flatMap((layer, index) =>
    namedWeights(layer, index, { shape, width: index === 0 ? width : (bidirectional ? 2 : 1) * units, name }),
  );
  const expected = [(bidirectional ? 2 : 1) * units, outputs];
  checkShape(kernel, expected, output.name, name);
  if (table) checkShape(table, [inputs, width], embedding.name, name);
  const tensors = [
    ...(table ? [{ ...table, name: 'embedding/embeddings' }] : []),
    ...recurrentTensors,
    { ...kernel, name: 'dense/kernel' },
    { ...constant, name: 'dense/bias' },
  ];
  return { shape, kind, kinds, tensors, found: describe(shape, parts, { kind, isStepwise }), isComplete: true };
}

/** @throws UnusableError for a layer that is not known, and for one that is not where it is read */
function partsOf(list: readonly LayerRecord[], name: string): Parts {
  let embedding: LayerRecord | undefined;
  let oneHot: LayerRecord | undefined;
  let masking: LayerRecord | undefined;
  let pooling: 'mean' | 'max' | undefined;
  let output: LayerRecord | undefined;
  let answer: string | undefined;
  const recurrent: RecurrentLayer[] = [];
  for (const layer of list) {
    const { className } = layer;
    const isFirst = recurrent.length === 0;
    const own = recurrentLayer(layer, name);
    if (IDLE.has(className)) continue;
    else if (className === 'Embedding' && isFirst && !embedding && !oneHot) embedding = layer;
    else if (ONE_HOT.has(className) && isFirst && !embedding && !oneHot && isOneHot(layer)) oneHot = layer;
    else if (className === 'Masking' && isFirst && !masking) masking = layer;
    else if (own && !pooling && !output) recurrent.push(own);
    else if (POOLINGS.has(className) && !isFirst && !pooling && !output) pooling = POOLINGS.get(className);
    else if (denseIn(layer) && !isFirst && !output) {
      output = denseIn(layer);
      const given = activationName(output?.config['activation'] ?? 'linear');
      answer = given === 'linear' ? undefined : given;
    } else if ((className === 'Activation' || className === 'Softmax') && output && answer === undefined)
      answer = className === 'Softmax' ? 'softmax' : activationName(layer.config['activation']);
    else if (denseIn(layer) && output)
      throw notRecognized(
        name,
        phrase('the layer "{0}" is a second layer after the recurrent ones; one is known', layer.name),
      );
    else
      throw notRecognized(
        name,
        phrase('the layer "{0}" of the class "{1}" is not known there. Known are: {2}', layer.name, className, KNOWN),
      );
  }
  if (!output) throw notRecognized(name, phrase('it has no layer of the class Dense after its recurrent layers'));
  return { embedding, oneHot, masking, recurrent, pooling, output, answer: answer ?? 'linear' };
}

/** Whether a layer gives one vector for each id, and no counts of several ids. */
function isOneHot({ className, config }: LayerRecord): boolean {
  return className === 'OneHot' || config['output_mode'] === 'one_hot';
}

/** A dense layer, also one that is applied to each step; undefined for another layer. */
function denseIn(layer: LayerRecord): LayerRecord | undefined {
  if (layer.className === 'Dense') return layer;
  if (layer.className !== 'TimeDistributed') return undefined;
  const inner = wrapped.safeParse(layer.config).data?.layer;
  return inner?.class_name === 'Dense' ? { ...layer, config: inner.config } : undefined;
}

/** A recurrent layer, in one direction or both; undefined for another layer. @throws UnusableError for its options */
function recurrentLayer(layer: LayerRecord, name: string): RecurrentLayer | undefined {
  const both = layer.className === 'Bidirectional' ? bidirectionalConfig.safeParse(layer.config).data : undefined;
  const className = both ? both.layer.class_name : layer.className;
  const cell = CELLS.get(className);
  if (cell === undefined) return undefined;
  const refuse = (reason: Text): never => {
    throw notRecognized(name, reason);
  };
  const config = both ? both.layer.config : layer.config;
  const options = recurrentConfig.safeParse(config).data;
  if (!options) return refuse(phrase('the options of the layer "{0}" cannot be read', layer.name));
  if (both && both.merge_mode !== 'concat')
    refuse(
      phrase('the layer "{0}" joins its directions by "{1}"; "concat" is known', layer.name, String(both.merge_mode)),
    );
  if (both?.backward_layer && optionsOf(both.backward_layer) !== optionsOf(both.layer))
    refuse(phrase('the directions of the layer "{0}" have different options', layer.name));
  if (options.go_backwards)
    refuse(phrase('the layer "{0}" reads backwards (go_backwards), without another direction', layer.name));
  if (options.time_major) refuse(phrase('the layer "{0}" reads the steps before the batch (time_major)', layer.name));
  const activation = activationName(options.activation === undefined ? 'tanh' : options.activation);
  const gates = activationName(options.recurrent_activation === undefined ? 'sigmoid' : options.recurrent_activation);
  if (cell !== 'rnn' && gates !== 'sigmoid')
    refuse(
      gates === 'hardsigmoid'
        ? phrase(
            'the gates of the layer "{0}" are a hard_sigmoid, the default of TensorFlow.js and of Keras 1 and 2; gates here are a sigmoid. Train it with the recurrent activation "sigmoid"',
            layer.name,
          )
        : phrase('the gates of the layer "{0}" have the activation "{1}"; "sigmoid" is known', layer.name, gates),
    );
  const known = cell === 'rnn' ? RNN_ACTIVATIONS : (['tanh'] as const);
  const found = known.find((each) => each === activation);
  if (found === undefined)
    return refuse(
      phrase('the layer "{0}" has the activation "{1}"; known are: {2}', layer.name, activation, known.join(', ')),
    );
  const { name: title, weights } = layer;
  return { name: title, cell, bidirectional: both !== undefined, options, activation: found, weights };
}

/** What both directions of a layer have in common, as a text. */
function optionsOf({ class_name: className, config }: z.output<typeof wrapped>['layer']): string {
  const options = recurrentConfig.safeParse(config).data;
  return JSON.stringify([className, { ...options, go_backwards: undefined }]);
}

const RNN_ACTIVATIONS = ['tanh', 'relu', 'linear'] as const;

const functionSchema = z
  .object({ module: z.literal('builtins'), class_name: z.literal('function'), config: z.string() })
  .transform(({ config }) => config);
const classSchema = z.object({ class_name: z.string() }).transform(({ class_name: className }) => className);

/**
 * The name of an activation: a text such as `hard_sigmoid` or `hardSigmoid`, or an object with a class name, or with the
 * name of a function of Keras.
 */
function activationName(value: unknown): string {
  if (value === null) return 'linear';
  const named = z.union([functionSchema, classSchema]).safeParse(value).data ?? value;
  return typeof named === 'string' ? named.replaceAll('_', '').toLowerCase() : 'unknown';
}

/** All recurrent layers of a network here have the same cell, width and directions. */
function checkEqual(layer: RecurrentLayer, first: RecurrentLayer, name: string): void {
  const facts = ({ cell, bidirectional, options, activation }: RecurrentLayer) =>
    [cell, options.units, bidirectional, activation, cell === 'gru' && options.reset_after].join();
  if (facts(layer) !== facts(first))
    throw notRecognized(
      name,
      phrase(
        'the recurrent layers "{0}" and "{1}" differ in cell, units, directions or activation; equal ones are known',
        first.name,
        layer.name,
      ),
    );
}

/** The weights of a recurrent layer under our names. A layer without a bias in a network with biases gets zeros. */
function namedWeights(
  { name: title, cell, bidirectional, options, weights }: RecurrentLayer,
  layer: number,
  { shape, width, name }: { readonly shape: PortableShape; readonly width: number; readonly name: string },
): NamedTensor[] {
  const columns = cells[cell].gates * shape.units;
  const biasShape = shape.resetAfter ? [2, columns] : [columns];
  const directions = bidirectional ? [false, true] : [false];
  const count = weights.length / directions.length;
  return directions.flatMap((reverse, direction) => {
    const [kernel, recurrent, bias] = weights.slice(direction * count, (direction + 1) * count);
    const named = (part: RecurrentPart, tensor: NamedTensor | undefined, expected: readonly number[]): NamedTensor => {
      checkShape(tensor, expected, `${title}/${part}`, name);
      return { ...tensor, name: recurrentWeightName({ stack: '', cell, layer, reverse, part }, bidirectional) };
    };
    const zeros = { name: '', shape: biasShape, values: new Float32Array(biasShape.reduce((a, b) => a * b, 1)) };
    return [
      named('kernel', kernel, [width, columns]),
      named('recurrent_kernel', recurrent, [shape.units, columns]),
      ...(shape.bias ? [named('bias', options.use_bias ? bias : zeros, biasShape)] : []),
    ];
  });
}

/** @throws UnusableError for a weight that is missing or of another shape */
function checkShape(
  tensor: NamedTensor | undefined,
  expected: readonly number[],
  weight: string,
  name: string,
): asserts tensor is NamedTensor {
  if (tensor?.shape.join() === expected.join()) return;
  throw notRecognized(
    name,
    phrase('"{0}" is [{1}] instead of [{2}]', weight, tensor?.shape.join(', ') ?? '', expected.join(', ')),
  );
}

/** How the outputs end. @throws UnusableError for other activations */
function endOf(answer: string, title: string, name: string): 'linear' | 'softmax' | 'sigmoid' {
  if (answer === 'linear' || answer === 'softmax' || answer === 'sigmoid') return answer;
  throw notRecognized(
    name,
    phrase('its output "{0}" has the activation "{1}"; softmax, sigmoid and linear are known', title, answer),
  );
}

/** Kernel and bias of the output layer. @param isBinary whether its output is the logit of the second of two classes */
function classesOf(
  { name: title, weights, config }: LayerRecord,
  isBinary: boolean,
  name: string,
): { readonly kernel: NamedTensor; readonly constant: NamedTensor } {
  const [kernel, bias] = weights;
  const useBias = config['use_bias'] !== false;
  const [width = 0, outputs = 0] = kernel?.shape ?? [];
  checkShape(kernel, [width, outputs], `${title}/kernel`, name);
  if (useBias) checkShape(bias, [outputs], `${title}/bias`, name);
  const constant = useBias && bias ? bias : { name: '', shape: [outputs], values: new Float32Array(outputs) };
  if (!isBinary) return { kernel, constant };
  return {
    kernel: { ...kernel, shape: [width, 2], values: transposed(secondOfTwo(kernel.values), 2, width) },
    constant: { ...constant, shape: [2], values: secondOfTwo(constant.values) },
  };
}

function describe(shape: PortableShape, parts: Parts, taken: Taken): Text[] {
  const { embedding, masking, recurrent, output, answer } = parts;
  const { cell, layers, units, inputs, bidirectional } = shape;
  const names = recurrent.map(({ name }) => name).join(', ');
  return [
    embedding
      ? phrase('embedding "{0}": {1} tokens, {2} numbers each', embedding.name, inputs, shape.embedding)
      : shape.inputKind === 'ids'
        ? phrase('inputs: one-hot vectors of {0} tokens', inputs)
        : phrase('inputs: vectors of {0} numbers', inputs),
    bidirectional
      ? phrase('recurrent layers "{0}": {1}, {2} layers of {3} units in both directions', names, cell, layers, units)
      : phrase('recurrent layers "{0}": {1}, {2} layers of {3} units', names, cell, layers, units),
    phrase('output "{0}": {1} numbers ({2})', output.name, output.weights[0]?.shape[1] ?? 0, answer),
    ...(masking || embedding?.config['mask_zero'] === true
      ? [phrase('masks padding, which texts here do not have')]
      : []),
    ...recurrent
      .filter(({ options }) => options.stateful)
      .map(({ name }) => phrase('"{0}" is stateful: each text here begins with a state of zeros', name)),
    kindOf(shape, taken),
  ];
}

interface Taken {
  readonly kind: ImportedKind | undefined;
  readonly isStepwise: boolean;
}

function kindOf(shape: PortableShape, { kind, isStepwise }: Taken): Text {
  if (kind === undefined) return phrase('nothing tells what its vectors are');
  if (shape.network === 'last-step')
    return shape.inputKind === 'vectors'
      ? phrase('taken for a model of numbers, which reads a sequence of vectors')
      : phrase('taken for a classifier of whole texts, which reads the hidden states by pooling "{0}"', shape.pooling);
  if (kind !== 'language-model') return phrase('taken for a tagger: an output for each token');
  return isStepwise
    ? phrase('taken for a language model: the outputs are the next tokens')
    : phrase('taken for a language model: the output after the last step is the next token');
}
