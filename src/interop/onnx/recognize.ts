import { cells } from '../../config/cells.ts';
import type { ImportedKind, RecognitionChoices } from '../../config/recognitionChoices.ts';
import type { NamedTensor } from '../../models/weights.ts';
import { UnusableError } from '../../phrases/causes.ts';
import { joined, phrase, type Text } from '../../phrases/phrase.ts';
import { blocksInOrder, secondOfTwo, transposed } from '../arrays.ts';
import type { PortableShape } from '../portable.ts';
import { graphKind } from '../modelKinds.ts';
import { AmbiguousError, checkFinite, notRecognized, type Recognized } from '../recognized.ts';
import { type RecurrentPart, recurrentWeightName } from '../weightNames.ts';
import type { Constant } from './constants.ts';
import { evaluate, type GraphFile } from './evaluate.ts';
import { oursInOnnxOrder } from './gateOrder.ts';
import {
  type Content,
  type DenseContent,
  isWhole,
  type Layer,
  sameAtoms,
  type TensorValue,
  type Value,
} from './values.ts';

/** A tensor that the output layer computes. */
type Output = TensorValue & { readonly name: string; readonly content: DenseContent };

/**
 * Recognizes a model of recurrent layers in a graph.
 * @throws UnusableError that names the node that is not understood, AmbiguousError if several outputs fit
 */
export function recognizeOnnx(file: GraphFile, choices: RecognitionChoices): Recognized {
  const { name } = file;
  const output = chosenOutput(evaluate(file), name, choices.output);
  refuseChoices(choices, name);
  const { content } = output;
  const source = layersOf(content.from);
  if (!source) throw notRecognized(name, phrase('no LSTM, GRU or RNN is found before "{0}"', content.node));
  const layers = stackOf(source.layers, name);
  const isEveryStep = content.from.kind === 'hidden';
  if (!isInPlace(output, isEveryStep))
    throw notRecognized(
      name,
      phrase('its output "{0}" is not one list of numbers for each step or sequence', output.name),
    );
  const { shape, weight, bias, kind, kinds } = assembled({ output, layers, isEveryStep, name, chosen: choices.kind });
  const [first] = layers;
  const tensors = [
    ...(first!.input.kind === 'embedded' ? [embeddingTensor(first!.input.table)] : []),
    ...layers.flatMap((layer, at) => layerTensors(layer, at, shape)),
    weight,
    bias,
  ];
  checkFinite(tensors, name);
  return { shape, kind, kinds, tensors, found: describe(shape, { layers, output, kind }), isComplete: true };
}

function chosenOutput(values: ReadonlyMap<string, Value>, name: string, chosen: string | undefined): Output {
  if (chosen !== undefined && !values.has(chosen)) throw notRecognized(name, phrase('it has no output "{0}"', chosen));
  const candidates = [...values].filter(([key]) => chosen === undefined || key === chosen);
  const outputs = candidates.flatMap(([key, value]): Output[] =>
    value.type === 'tensor' && value.content.kind === 'dense' ? [{ ...value, name: key, content: value.content }] : [],
  );
  const [only, ...more] = outputs;
  if (!only) throw notRecognized(name, reasonFor(candidates));
  // Logits and their probabilities are outputs of one layer.
  const rivals = more.filter(({ content }) => content.node !== only.content.node);
  if (rivals.length === 0) return only;
  const names = [only, ...rivals].map((output) => output.name);
  throw new AmbiguousError(
    phrase('"{0}" has several outputs that could be the one: {1}. Choose one.', name, names.join(', ')),
    'output',
    names,
  );
}

function reasonFor(candidates: readonly (readonly [string, Value])[]): Text {
  for (const [, value] of candidates) if (value.type === 'unknown') return value.reason;
  return phrase('it has no output layer (MatMul or Gemm) after its recurrent layers');
}

function refuseChoices({ recurrent, activation, pooling }: RecognitionChoices, name: string): void {
  if (recurrent === undefined && activation === undefined && pooling === undefined) return;
  throw new UnusableError(
    phrase('"{0}" is a graph, which tells its structure: omit the choices, except the output and the kind.', name),
  );
}

/** The layers below an output layer, the first one first. */
function layersOf(content: Content): { readonly layers: readonly Layer[] } | undefined {
  const layers: Layer[] = [];
  let below = content;
  while ('layer' in below) {
    layers.unshift(below.layer);
    below = below.layer.input;
  }
  return layers.length > 0 ? { layers } : undefined;
}

/** @throws UnusableError for layers that differ in more than the width of their inputs */
function stackOf(layers: readonly Layer[], name: string): readonly Layer[] {
  const [first, ...others] = layers;
  const traits = ({ cell, units, directions, activation, resetAfter }: Layer) =>
    [cell, units.size, directions?.size, activation, resetAfter].join();
  if (first?.isReverse && !first.directions)
    throw notRecognized(name, phrase('its recurrent layer "{0}" reads from the end only', first.node));
  for (const other of others)
    if (traits(other) !== traits(first!) || (other.isReverse && !other.directions))
      throw notRecognized(
        name,
        phrase('its recurrent layers "{0}" and "{1}" differ in their cell or their size', first!.node, other.node),
      );
  return layers;
}

/** Whether the axes of an output are the batch, the steps if it has one for each, and the outputs. */
function isInPlace({ axes, content }: Output, isEveryStep: boolean): boolean {
  if (!isWhole(content, axes.at(-1) ?? [])) return false;
  if (!isEveryStep || !('layer' in content.from)) return true;
  const { time } = content.from.layer;
  return (
    time.size === 1 ||
    axes
      .slice(0, -1)
      .flat()
      .some((atom) => sameAtoms([atom], [time]))
  );
}

interface Assembled {
  readonly shape: PortableShape;
  readonly weight: NamedTensor;
  readonly bias: NamedTensor;
  readonly kind: ImportedKind | undefined;
  readonly kinds: readonly ImportedKind[];
}

function assembled({
  output,
  layers,
  isEveryStep,
  name,
  chosen,
}: {
  readonly output: Output;
  readonly layers: readonly Layer[];
  readonly isEveryStep: boolean;
  readonly name: string;
  readonly chosen: ImportedKind | undefined;
}): Assembled {
  const first = layers[0]!;
  const { content } = output;
  const { input } = first;
  const width = first.weights.W.dims[2]!;
  const inputs = input.kind === 'embedded' ? input.table.dims[0]! : width;
  const pooling = content.from.kind === 'pooled' ? content.from.pooling : 'last';
  if (pooling === 'sum')
    throw notRecognized(name, phrase('its output "{0}" reads the sum of the hidden states', output.name));
  const bidirectional = first.directions !== undefined;
  const given = content.kernel.dims[1]!;
  const { kind, kinds, network, inputKind, isBinary } = graphKind(
    {
      reads: input.kind === 'input' ? 'vectors' : 'ids',
      isStepwise: isEveryStep,
      end: ENDS[content.end],
      outputs: given,
      output: output.name,
      ...{ inputs, bidirectional, pooling },
    },
    name,
    chosen,
  );
  const { weight, bias } = denseTensors(content, isBinary);
  const shape: PortableShape = {
    network,
    cell: first.cell,
    layers: layers.length,
    units: first.units.size,
    bidirectional,
    bias: layers.some(({ weights }) => weights.B !== undefined),
    projection: 0,
    activation: first.activation,
    recurrence: 'hidden',
    resetAfter: first.resetAfter,
    embedding: input.kind === 'embedded' ? width : 0,
    inputKind,
    ...{ inputs, outputs: isBinary ? 2 : given, pooling },
    ...{ attention: 'none', tied: false, labels: 0 },
  };
  return { shape, weight, bias, kind, kinds };
}

const ENDS = { none: 'linear', softmax: 'softmax', 'log-softmax': 'softmax', sigmoid: 'sigmoid' } as const;

/** The weights of the output layer. @param isBinary whether its output is the logit of the second of two classes */
function denseTensors({ kernel, bias }: DenseContent, isBinary: boolean): Pick<Assembled, 'weight' | 'bias'> {
  const [width = 0, outputs = 0] = kernel.dims;
  const values = Float32Array.from(kernel.values);
  const constant = bias ?? new Float32Array(outputs);
  if (!isBinary)
    return {
      weight: { name: 'dense/kernel', shape: [width, outputs], values },
      bias: { name: 'dense/bias', shape: [outputs], values: constant },
    };
  return {
    weight: { name: 'dense/kernel', shape: [width, 2], values: transposed(secondOfTwo(values), 2, width) },
    bias: { name: 'dense/bias', shape: [2], values: secondOfTwo(constant) },
  };
}

function embeddingTensor({ dims, values }: Constant): NamedTensor {
  return { name: 'embedding/embeddings', shape: dims, values: Float32Array.from(values) };
}

/** The weights of a layer under our names. */
function layerTensors({ weights, units }: Layer, layer: number, shape: PortableShape): NamedTensor[] {
  const { cell, bidirectional } = shape;
  const rows = cells[cell].gates * units.size;
  return (bidirectional ? [false, true] : [false]).flatMap((reverse, direction) => {
    const named = (part: RecurrentPart, sizes: readonly number[], values: Float32Array): NamedTensor => ({
      name: recurrentWeightName({ stack: '', cell, layer, reverse, part }, bidirectional),
      shape: sizes,
      values,
    });
    const matrix = (part: 'kernel' | 'recurrent_kernel', { dims, values }: Constant) => {
      const columns = dims[2]!;
      const own = Float32Array.from(values.subarray(direction * rows * columns, (direction + 1) * rows * columns));
      return named(part, [columns, rows], transposed(blocksInOrder(own, oursInOnnxOrder(cell)), rows, columns));
    };
    const result = [matrix('kernel', weights.W), matrix('recurrent_kernel', weights.R)];
    if (!shape.bias) return result;
    const both = weights.B?.values ?? new Float32Array(4 * rows);
    const half = (place: number) => {
      const start = (2 * direction + place) * rows;
      return blocksInOrder(Float32Array.from(both.subarray(start, start + rows)), oursInOnnxOrder(cell));
    };
    const [read, recurrent] = [half(0), half(1)];
    if (cell !== 'gru' || !shape.resetAfter)
      return [
        ...result,
        named(
          'bias',
          [rows],
          read.map((value, at) => value + recurrent[at]!),
        ),
      ];
    return [...result, named('bias', [2, rows], Float32Array.from([...read, ...recurrent]))];
  });
}

function describe(
  shape: PortableShape,
  {
    layers,
    output,
    kind,
  }: { readonly layers: readonly Layer[]; readonly output: Output; readonly kind: ImportedKind | undefined },
): Text[] {
  const first = layers[0]!;
  const { input } = first;
  const nodes = layers.map(({ node }) => node).join(', ');
  return [
    inputOf(input, shape),
    shape.bidirectional
      ? phrase(
          'recurrent layers "{0}": {1}, {2} layers of {3} units in both directions',
          nodes,
          shape.cell,
          shape.layers,
          shape.units,
        )
      : phrase('recurrent layers "{0}": {1}, {2} layers of {3} units', nodes, shape.cell, shape.layers, shape.units),
    joined(
      [phrase('output "{0}": {1} numbers', output.content.node, output.content.kernel.dims[1]!), endOf(output.content)],
      ', ',
    ),
    kindOf(shape, kind),
  ];
}

function inputOf(input: Content, { inputs, embedding, inputKind }: PortableShape): Text {
  if (input.kind === 'embedded')
    return phrase('embedding "{0}": {1} tokens, {2} numbers each', input.node, inputs, embedding);
  return inputKind === 'ids'
    ? phrase('inputs: one-hot vectors of {0} tokens', inputs)
    : phrase('inputs: vectors of {0} numbers', inputs);
}

function endOf({ end }: DenseContent): Text | undefined {
  if (end === 'none') return undefined;
  return end === 'sigmoid' ? phrase('read as the probability of the second class') : phrase('read before the softmax');
}

function kindOf({ network, pooling }: PortableShape, kind: ImportedKind | undefined): Text {
  if (network === 'last-step') return phrase('one output for a sequence, by pooling "{0}"', pooling);
  return kind === 'language-model'
    ? phrase('taken for a language model: the outputs are the next tokens')
    : phrase('an output at every step');
}
