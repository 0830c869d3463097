import { cells, type CellName } from '../../config/cells.ts';
import type { NamedTensor } from '../../models/weights.ts';
import { phrase, type Text } from '../../phrases/phrase.ts';
import { blocksInOrder, product, transposed } from '../arrays.ts';
import type { PortableModel, PortableShape } from '../portable.ts';
import { type RecurrentPart, recurrentWeightName } from '../weightNames.ts';
import { GraphBuilder } from './graphBuilder.ts';

/**
 * Models as ONNX graphs with its layers LSTM, GRU and RNN. Their matrices are `[directions, gates * units, inputs]`. A GRU
 * has both kinds of reset gates there (`linear_before_reset`). A simple RNN that reads its last output equals one that
 * reads its hidden state, with the product of both matrices (see `OutputRnn`).
 */

/** Our block of gates for each block of ONNX: input, output, forget, candidate; update, reset, candidate. */
const GATE_ORDER: Readonly<Record<CellName, readonly number[]>> = { lstm: [0, 3, 1, 2], gru: [0, 1, 2], rnn: [0] };
const OPERATORS: Readonly<Record<CellName, string>> = { lstm: 'LSTM', gru: 'GRU', rnn: 'RNN' };
const ACTIVATIONS: Readonly<Record<PortableShape['activation'], string>> = {
  tanh: 'Tanh',
  relu: 'Relu',
  // a * x + b with a = 1 and b = 0.
  linear: 'Affine',
};

const [BATCH, TIME] = ['batch', 'time'] as const;

/** Why a model cannot be written as ONNX; undefined if it can. */
export function onnxObstacle({ projection }: PortableShape): Text | undefined {
  return projection > 0 ? phrase('The LSTM of ONNX has no projection (model.projection).') : undefined;
}

/** The ONNX files of a model, by their names. */
export function onnxFiles(model: PortableModel): Readonly<Record<string, Uint8Array<ArrayBuffer>>> {
  const network = new OnnxNetwork(model);
  switch (model.shape.network) {
    case 'every-step':
      return { 'model.onnx': network.stepwise() };
    case 'last-step':
      return { 'model.onnx': network.classifier() };
    case 'conditioned':
      return { 'model.onnx': network.stepwise(), 'initial.onnx': network.initialStates() };
    case 'encoder-decoder':
      return { 'encoder.onnx': network.encoder(), 'decoder.onnx': network.decoder() };
  }
}

/** A state of a layer, such as its hidden state after the first step. */
type States = readonly { readonly h: string; readonly c?: string | undefined }[];

interface StackOptions {
  /** Empty, `encoder_` or `decoder_`. */
  readonly stack: string;
  readonly bidirectional: boolean;
  /** States before the first step, each `[1, batch, units]`; zeros if omitted. */
  readonly states?: States | undefined;
  /** Steps of each sequence, `[batch]`; all if omitted. */
  readonly lengths?: string | undefined;
}

interface StackResult {
  /** Hidden states of the last layer, `[time, batch, directions * units]`. */
  readonly h: string;
  /** States after the last step, each `[directions, batch, units]`. */
  readonly states: States;
}

class OnnxNetwork {
  readonly #shape: PortableShape;
  readonly #tensors: ReadonlyMap<string, NamedTensor>;

  constructor({ shape, tensors }: PortableModel) {
    this.#shape = shape;
    this.#tensors = new Map(tensors.map((tensor) => [tensor.name, tensor]));
  }

  /** Ids to logits of each step; in one direction with the states before and after, in both with the lengths. */
  stepwise(): Uint8Array<ArrayBuffer> {
    const { bidirectional, inputs } = this.#shape;
    const graph = new GraphBuilder();
    const ids = graph.input('ids', 'int64', [BATCH, TIME]);
    const given = bidirectional
      ? { lengths: graph.input('lengths', 'int32', [BATCH]) }
      : { states: this.#stateInputs(graph) };
    const { h, states } = this.#stack(graph, this.#read(graph, ids, '', inputs), {
      stack: '',
      bidirectional,
      ...given,
    });
    this.#answer(graph, graph.node('Transpose', [h], { perm: [1, 0, 2] }), [BATCH, TIME]);
    if (!bidirectional) this.#stateOutputs(graph, states);
    return graph.encode('network');
  }

  /** Ids or vectors, and lengths, to one answer for each sequence. */
  classifier(): Uint8Array<ArrayBuffer> {
    const { inputKind, inputs, bidirectional, pooling } = this.#shape;
    const graph = new GraphBuilder();
    const given =
      inputKind === 'ids'
        ? graph.input('ids', 'int64', [BATCH, TIME])
        : graph.input('vectors', 'float32', [BATCH, TIME, inputs]);
    const lengths = graph.input('lengths', 'int32', [BATCH]);
    const x =
      inputKind === 'ids'
        ? this.#read(graph, given, '', inputs)
        : graph.node('Transpose', [given], { perm: [1, 0, 2] });
    const { h, states } = this.#stack(graph, x, { stack: '', bidirectional, lengths });
    const last = states.at(-1)!.h;
    const pooled =
      pooling === 'last'
        ? joinedDirections(graph, last)
        : this.#pooled(graph, graph.node('Transpose', [h], { perm: [1, 0, 2] }), lengths);
    this.#answer(graph, pooled, [BATCH]);
    return graph.encode('network');
  }

  /** Labels to the states that a text of each begins with. */
  initialStates(): Uint8Array<ArrayBuffer> {
    const graph = new GraphBuilder();
    const labels = graph.input('labels', 'int64', [BATCH]);
    const states = this.#layers().map((layer) => {
      const state = (part: string) => {
        const table = graph.tensor(this.#weight(`label_${layer + 1}_${part}/embeddings`));
        return graph.node('Unsqueeze', [graph.node('Gather', [table, labels]), graph.integers(0)]);
      };
      return { h: state('h'), ...(this.#shape.cell === 'lstm' && { c: state('c') }) };
    });
    this.#stateOutputs(graph, states);
    return graph.encode('initial');
  }

  /** Sources and lengths to the states of the decoder, and the states that attention reads. */
  encoder(): Uint8Array<ArrayBuffer> {
    const { bidirectional, inputs, attention, units } = this.#shape;
    const graph = new GraphBuilder();
    const ids = graph.input('sources', 'int64', [BATCH, 'sourceTime']);
    const lengths = graph.input('lengths', 'int32', [BATCH]);
    const x = this.#read(graph, ids, 'encoder_', inputs);
    const { h, states } = this.#stack(graph, x, { stack: 'encoder_', bidirectional, lengths });
    this.#stateOutputs(graph, bidirectional ? this.#bridged(graph, states) : states);
    if (attention !== 'none') {
      const first = graph.node('Transpose', [h], { perm: [1, 0, 2] });
      const memory = bidirectional ? this.#times(graph, first, 'attention_memory/kernel') : first;
      graph.output('memory', memory, [BATCH, 'sourceTime', units]);
    }
    return graph.encode('encoder');
  }

  /** Targets, states and what attention reads, to logits of each step and states. */
  decoder(): Uint8Array<ArrayBuffer> {
    const { outputs, attention, units } = this.#shape;
    const graph = new GraphBuilder();
    const ids = graph.input('targets', 'int64', [BATCH, TIME]);
    const states = this.#stateInputs(graph);
    const x = this.#read(graph, ids, 'decoder_', outputs);
    const { h, states: after } = this.#stack(graph, x, { stack: 'decoder_', bidirectional: false, states });
    let read = graph.node('Transpose', [h], { perm: [1, 0, 2] });
    if (attention !== 'none') {
      const memory = graph.input('memory', 'float32', [BATCH, 'sourceTime', units]);
      const lengths = graph.input('lengths', 'int32', [BATCH]);
      read = this.#attended(graph, read, memory, lengths);
    }
    this.#answer(graph, read, [BATCH, TIME]);
    this.#stateOutputs(graph, after);
    return graph.encode('decoder');
  }

  #layers(): readonly number[] {
    return Array.from({ length: this.#shape.layers }, (_, layer) => layer);
  }

  #weight(name: string): NamedTensor {
    const tensor = this.#tensors.get(name);
    if (!tensor) throw new RangeError(`The model has no weight "${name}".`);
    return tensor;
  }

  /** Ids `[batch, time]` as vectors `[time, batch, width]`: embedded or one-hot. */
  #read(graph: GraphBuilder, ids: string, stack: string, size: number): string {
    const turned = graph.node('Transpose', [ids], { perm: [1, 0] });
    if (this.#shape.embedding > 0)
      return graph.node('Gather', [graph.tensor(this.#weight(`${stack}embedding/embeddings`)), turned]);
    const values = graph.weight('off_on', [2], Float32Array.of(0, 1));
    return graph.node('OneHot', [turned, graph.integer(size), values], { axis: 2 });
  }

  #stack(graph: GraphBuilder, x: string, options: StackOptions): StackResult {
    const states: { h: string; c?: string }[] = [];
    let h = x;
    for (const layer of this.#layers()) {
      const { cell } = this.#shape;
      const before = options.states?.[layer];
      const inputs = [
        h,
        ...this.#recurrentWeights(graph, layer, options),
        options.lengths ?? '',
        before?.h ?? '',
        ...(cell === 'lstm' ? [before?.c ?? ''] : []),
      ];
      while (inputs.at(-1) === '') inputs.pop();
      const [sequence = '', last = '', c] = graph.nodeWith(
        OPERATORS[cell],
        inputs,
        this.#attributes(options.bidirectional),
        cell === 'lstm' ? 3 : 2,
      );
      states.push({ h: last, ...(c !== undefined && { c }) });
      // `[time, directions, batch, units]` to `[time, batch, directions * units]`.
      const turned = graph.node('Transpose', [sequence], { perm: [0, 2, 1, 3] });
      h = graph.node('Reshape', [turned, graph.integers(0, 0, -1)]);
    }
    return { h, states };
  }

  #attributes(bidirectional: boolean) {
    const { cell, units, resetAfter, activation } = this.#shape;
    const directions = bidirectional ? 2 : 1;
    const activations = Array.from({ length: directions }, () => ACTIVATIONS[activation]);
    return {
      hidden_size: units,
      direction: bidirectional ? 'bidirectional' : 'forward',
      ...(cell === 'gru' && { linear_before_reset: resetAfter ? 1 : 0 }),
      ...(cell === 'rnn' && { activations }),
      ...(cell === 'rnn' &&
        activation === 'linear' && {
          activation_alpha: { floats: activations.map(() => 1) },
          activation_beta: { floats: activations.map(() => 0) },
        }),
    };
  }

  /** W, R and B of a layer. */
  #recurrentWeights(graph: GraphBuilder, layer: number, { stack, bidirectional }: StackOptions): string[] {
    const { cell, units, bias } = this.#shape;
    const width = cells[cell].gates * units;
    const parts = (bidirectional ? [false, true] : [false]).map((reverse) => {
      const find = (part: RecurrentPart) =>
        this.#weight(recurrentWeightName({ stack, cell, layer, reverse, part }, bidirectional));
      const { kernel, recurrent, biases } = this.#effective(
        find('kernel'),
        find('recurrent_kernel'),
        bias ? find('bias') : undefined,
      );
      return {
        kernel: ordered(kernel, cell),
        recurrent: ordered(recurrent, cell),
        biases,
        inputs: kernel.shape[0] ?? 0,
      };
    });
    const name = `${stack}${cell}_${layer + 1}`;
    const joined = (part: 'W' | 'R' | 'B', columns: number, values: readonly Float32Array[]) =>
      graph.weight(
        `${name}/${part}`,
        part === 'B' ? [values.length, columns] : [values.length, width, columns],
        concatenated(values),
      );
    return [
      joined(
        'W',
        parts[0]?.inputs ?? 0,
        parts.map(({ kernel }) => kernel),
      ),
      joined(
        'R',
        units,
        parts.map(({ recurrent }) => recurrent),
      ),
      joined(
        'B',
        2 * width,
        parts.map(({ biases: [first, second] }) =>
          concatenated([blocksInOrder(first, GATE_ORDER[cell]), blocksInOrder(second, GATE_ORDER[cell])]),
        ),
      ),
    ];
  }

  /**
   * The weights of a layer whose hidden state is what it reads of the step before.
   * @returns kernels `[inputs, gates * units]` and `[units, gates * units]`, and the biases of both
   */
  #effective(
    kernel: NamedTensor,
    recurrent: NamedTensor,
    bias: NamedTensor | undefined,
  ): { kernel: NamedTensor; recurrent: NamedTensor; biases: readonly [Float32Array, Float32Array] } {
    const width = kernel.shape[1] ?? 0;
    const first = bias ? bias.values.slice(0, width) : new Float32Array(width);
    const second = bias && bias.values.length > width ? bias.values.slice(width) : new Float32Array(width);
    const { cell, recurrence, units, outputs } = this.#shape;
    if (cell !== 'rnn' || recurrence === 'hidden') return { kernel, recurrent, biases: [first, second] };
    const [dense, constant] = [this.#weight('dense/kernel'), this.#weight('dense/bias')];
    const values = product(dense.values, recurrent.values, { rows: units, inner: outputs, columns: width });
    const added = product(constant.values, recurrent.values, { rows: 1, inner: outputs, columns: width });
    return { kernel, recurrent: { ...recurrent, shape: [units, width], values }, biases: [first, added] };
  }

  #stateInputs(graph: GraphBuilder): States {
    const { units, cell } = this.#shape;
    return this.#layers().map((layer) => {
      const state = (part: string) => graph.input(`${part}_${layer + 1}`, 'float32', [1, BATCH, units]);
      return { h: state('h'), ...(cell === 'lstm' && { c: state('c') }) };
    });
  }

  #stateOutputs(graph: GraphBuilder, states: States): void {
    const { units } = this.#shape;
    states.forEach(({ h, c }, layer) => {
      graph.output(`h_${layer + 1}_after`, h, [1, BATCH, units]);
      if (c !== undefined) graph.output(`c_${layer + 1}_after`, c, [1, BATCH, units]);
    });
  }

  /** The output layer: logits, and probabilities if they are those of symbols or classes. */
  #answer(graph: GraphBuilder, h: string, dims: readonly string[]): void {
    const { tied, outputs, inputKind, separate = false } = this.#shape;
    const kernel = tied
      ? graph.node('Transpose', [graph.tensor(this.#weight('embedding/embeddings'))], { perm: [1, 0] })
      : graph.tensor(this.#weight('dense/kernel'));
    const logits = graph.node('Add', [graph.node('MatMul', [h, kernel]), graph.tensor(this.#weight('dense/bias'))]);
    graph.output('outputs', logits, [...dims, outputs]);
    if (inputKind !== 'ids') return;
    const probabilities = separate ? graph.node('Sigmoid', [logits]) : softmax(graph, logits, dims.length);
    graph.output('probabilities', probabilities, [...dims, outputs]);
  }

  /** @param x `[batch, time, rows]` */
  #times(graph: GraphBuilder, x: string, name: string): string {
    return graph.node('MatMul', [x, graph.tensor(this.#weight(name))]);
  }

  /** Reduces hidden states `[batch, time, width]` to `[batch, width]`. */
  #pooled(graph: GraphBuilder, h: string, lengths: string): string {
    const mask = graph.node('Unsqueeze', [stepMask(graph, h, lengths), graph.integers(2)]);
    const { pooling } = this.#shape;
    if (pooling === 'max') {
      const shown = graph.node('Where', [mask, h, graph.number('lowest', -Infinity)]);
      return graph.node('ReduceMax', [shown], { axes: [1], keepdims: 0 });
    }
    const scores =
      pooling === 'attention'
        ? this.#times(graph, h, 'attention/query')
        : graph.node('Mul', [
            graph.node('ReduceSum', [h, graph.integers(2)], { keepdims: 1 }),
            graph.number('zero', 0),
          ]);
    const weights = softmax(graph, graph.node('Where', [mask, scores, graph.number('lowest', -Infinity)]), 1);
    return graph.node('ReduceSum', [graph.node('Mul', [weights, h]), graph.integers(1)], { keepdims: 0 });
  }

  /** States of the decoder from those of both directions of the encoder. */
  #bridged(graph: GraphBuilder, states: States): States {
    return states.map(({ h, c }, layer) => {
      const map = (state: string, part: string) => {
        const name = `bridge_${layer + 1}_${part}`;
        const product = this.#times(graph, joinedDirections(graph, state), `${name}/kernel`);
        const value = graph.node('Add', [product, graph.tensor(this.#weight(`${name}/bias`))]);
        return graph.node('Unsqueeze', [part === 'h' ? graph.node('Tanh', [value]) : value, graph.integers(0)]);
      };
      return { h: map(h, 'h'), ...(c !== undefined && { c: map(c, 'c') }) };
    });
  }

  /** `tanh(W_c context + W_s h)` for hidden states `[batch, time, units]` and memory `[batch, sourceTime, units]`. */
  #attended(graph: GraphBuilder, h: string, memory: string, lengths: string): string {
    const scores = this.#shape.attention === 'additive' ? this.#additive(graph, h, memory) : dot(graph, h, memory);
    const mask = graph.node('Unsqueeze', [stepMask(graph, memory, lengths), graph.integers(1)]);
    const weights = softmax(graph, graph.node('Where', [mask, scores, graph.number('lowest', -Infinity)]), 2);
    const context = graph.node('MatMul', [weights, memory]);
    const sum = [
      this.#times(graph, context, 'attention_context/kernel'),
      this.#times(graph, h, 'attention_state/kernel'),
    ];
    return graph.node('Tanh', [graph.node('Add', sum)]);
  }

  #additive(graph: GraphBuilder, h: string, memory: string): string {
    const query = graph.node('Unsqueeze', [this.#times(graph, h, 'attention_query/kernel'), graph.integers(2)]);
    const key = graph.node('Unsqueeze', [this.#times(graph, memory, 'attention_key/kernel'), graph.integers(1)]);
    const scores = this.#times(graph, graph.node('Tanh', [graph.node('Add', [query, key])]), 'attention_score/kernel');
    return graph.node('Squeeze', [scores, graph.integers(3)]);
  }
}

function dot(graph: GraphBuilder, h: string, memory: string): string {
  return graph.node('MatMul', [h, graph.node('Transpose', [memory], { perm: [0, 2, 1] })]);
}

function softmax(graph: GraphBuilder, scores: string, axis: number): string {
  return graph.node('Softmax', [scores], { axis });
}

/** True for the steps of each sequence, `[batch, time]`. @param x `[batch, time, width]` */
function stepMask(graph: GraphBuilder, x: string, lengths: string): string {
  const time = graph.node('Gather', [graph.node('Shape', [x]), graph.integer(1)]);
  const steps = graph.node('Range', [graph.integer(0), time, graph.integer(1)]);
  const ends = graph.node('Unsqueeze', [graph.node('Cast', [lengths], { to: INT64 }), graph.integers(1)]);
  return graph.node('Less', [graph.node('Unsqueeze', [steps, graph.integers(0)]), ends]);
}

/** Number of the type int64. */
const INT64 = 7;

/** `[directions, batch, units]` to `[batch, directions * units]`. */
function joinedDirections(graph: GraphBuilder, state: string): string {
  return graph.node('Reshape', [graph.node('Transpose', [state], { perm: [1, 0, 2] }), graph.integers(0, -1)]);
}

/** A kernel `[inputs, gates * units]` as `[gates * units, inputs]` with the gates in the order of ONNX. */
function ordered({ shape, values }: NamedTensor, cell: CellName): Float32Array {
  return blocksInOrder(transposed(values, shape[0] ?? 0, shape[1] ?? 0), GATE_ORDER[cell]);
}

function concatenated(parts: readonly Float32Array[]): Float32Array {
  const values = new Float32Array(parts.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const part of parts) {
    values.set(part, at);
    at += part.length;
  }
  return values;
}
