import type { CellName } from '../../config/cells.ts';
import type { NamedTensor } from '../../models/weights.ts';
import { blocksInOrder, transposed } from '../arrays.ts';
import type { PortableModel, PortableShape } from '../portable.ts';
import { type RecurrentPart, recurrentWeightName } from '../weightNames.ts';
import { GATE_ORDER } from './gateOrder.ts';
import { GraphBuilder } from './graphBuilder.ts';

/**
 * Models as ONNX graphs with its layers LSTM, GRU and RNN. Their matrices are `[directions, gates * units, inputs]`. A GRU
 * has both kinds of reset gates there (`linear_before_reset`). An LSTM with a projection equals one without it whose
 * recurrent kernel is the product of both matrices, with a projection of the hidden states after it (see `ProjectedLstm`);
 * a simple RNN that reads its last output equals one that reads its hidden state in the same way (see `OutputRnn`). The
 * graphs compute these products, so that they have the weights of the model themselves.
 */

const OPERATORS: Readonly<Record<CellName, string>> = { lstm: 'LSTM', gru: 'GRU', rnn: 'RNN' };
const ACTIVATIONS: Readonly<Record<PortableShape['activation'], string>> = {
  tanh: 'Tanh',
  relu: 'Relu',
  // a * x + b with a = 1 and b = 0.
  linear: 'Affine',
};

const [BATCH, TIME] = ['batch', 'time'] as const;

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
  /** States after the last step, each `[directions, batch, units]`, before a projection. */
  readonly states: States;
  /** Hidden states of the last layer after the last step, `[directions, batch, units]`, after a projection. */
  readonly last: string;
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
    const { h, last } = this.#stack(graph, x, { stack: '', bidirectional, lengths });
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
    const { bidirectional, inputs, attention, units, projection } = this.#shape;
    const graph = new GraphBuilder();
    const ids = graph.input('sources', 'int64', [BATCH, 'sourceTime']);
    const lengths = graph.input('lengths', 'int32', [BATCH]);
    const x = this.#read(graph, ids, 'encoder_', inputs);
    const { h, states } = this.#stack(graph, x, { stack: 'encoder_', bidirectional, lengths });
    this.#stateOutputs(graph, bidirectional ? this.#bridged(graph, states) : states);
    if (attention !== 'none') {
      const first = graph.node('Transpose', [h], { perm: [1, 0, 2] });
      const memory = bidirectional ? this.#times(graph, first, 'attention_memory/kernel') : first;
      graph.output('memory', memory, [BATCH, 'sourceTime', projection || units]);
    }
    return graph.encode('encoder');
  }

  /** Targets, states and what attention reads, to logits of each step and states. */
  decoder(): Uint8Array<ArrayBuffer> {
    const { outputs, attention, units, projection } = this.#shape;
    const graph = new GraphBuilder();
    const ids = graph.input('targets', 'int64', [BATCH, TIME]);
    const states = this.#stateInputs(graph);
    const x = this.#read(graph, ids, 'decoder_', outputs);
    const { h, states: after } = this.#stack(graph, x, { stack: 'decoder_', bidirectional: false, states });
    let read = graph.node('Transpose', [h], { perm: [1, 0, 2] });
    if (attention !== 'none') {
      const memory = graph.input('memory', 'float32', [BATCH, 'sourceTime', projection || units]);
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
    let output = '';
    for (const layer of this.#layers()) {
      const { cell } = this.#shape;
      const before = options.states?.[layer];
      const { weights, projection } = this.#recurrentWeights(graph, layer, options);
      const inputs = [
        h,
        ...weights,
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
      const project = (value: string) => (projection === undefined ? value : graph.node('MatMul', [value, projection]));
      // `[time, directions, batch, units]` to `[time, batch, directions * units]`.
      const turned = graph.node('Transpose', [project(sequence)], { perm: [0, 2, 1, 3] });
      h = graph.node('Reshape', [turned, graph.integers(0, 0, -1)]);
      output = project(last);
    }
    return { h, states, last: output };
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

  /** W, R and B of a layer, and the projection of its hidden states, `[directions, units, projection]`. */
  #recurrentWeights(
    graph: GraphBuilder,
    layer: number,
    { stack, bidirectional }: StackOptions,
  ): { readonly weights: readonly string[]; readonly projection: string | undefined } {
    const { cell, bias, recurrence, projection } = this.#shape;
    const order = GATE_ORDER[cell];
    const directions = bidirectional ? [false, true] : [false];
    const find = (part: RecurrentPart) =>
      directions.map((reverse) =>
        this.#weight(recurrentWeightName({ stack, cell, layer, reverse, part }, bidirectional)),
      );
    const name = `${stack}${cell}_${layer + 1}`;
    const joined = (letter: string, dims: readonly number[], values: readonly Float32Array[]) =>
      graph.weight(`${name}/${letter}`, [values.length, ...dims], concatenated(values));
    const matrices = (letter: string, tensors: readonly NamedTensor[]) => {
      const [columns = 0, rows = 0] = tensors[0]?.shape ?? [];
      return joined(
        letter,
        [rows, columns],
        tensors.map((tensor) => ordered(tensor, cell)),
      );
    };
    const kernels = find('kernel');
    const width = kernels[0]?.shape[1] ?? 0;
    const [W, R] = [matrices('W', kernels), matrices('R', find('recurrent_kernel'))];
    const readsOutput = cell === 'rnn' && recurrence === 'output';
    const biases = bias ? find('bias').map(({ values }) => values) : directions.map(() => new Float32Array(width));
    const row = (values: Float32Array, index: number) =>
      values.length > index * width
        ? blocksInOrder(values.subarray(index * width, (index + 1) * width), order)
        : new Float32Array(width);
    const halves = readsOutput ? [0] : [0, 1];
    const B = joined(
      'B',
      [halves.length * width],
      biases.map((values) => concatenated(halves.map((half) => row(values, half)))),
    );
    if (projection > 0) {
      const tensors = find('projection_kernel');
      const P = joined(
        'P',
        tensors[0]?.shape ?? [],
        tensors.map(({ values }) => values),
      );
      const turned = graph.node('Transpose', [P], { perm: [0, 2, 1] });
      return { weights: [W, graph.node('MatMul', [R, turned]), B], projection: P };
    }
    if (!readsOutput) return { weights: [W, R, B], projection: undefined };
    const [dense, constant] = [graph.tensor(this.#weight('dense/kernel')), graph.tensor(this.#weight('dense/bias'))];
    const turned = graph.node('Transpose', [dense], { perm: [1, 0] });
    const second = graph.node('MatMul', [R, constant]);
    const both = graph.node('Concat', [B, second], { axis: 1 });
    return { weights: [W, graph.node('MatMul', [R, turned]), both], projection: undefined };
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
