import { cells, type CellName } from '../../config/cells.ts';
import type { NamedTensor } from '../../models/weights.ts';
import { fedBack } from '../fedBack.ts';
import { onDiagonal, product, transposed } from '../arrays.ts';
import type { Hdf5Array } from '../hdf5/hdf5Writer.ts';
import type { PortableModel, PortableShape } from '../portable.ts';
import { recurrentWeightName, type RecurrentPart } from '../weightNames.ts';
import { type Axis, KerasGraph, type Tensor } from './kerasGraph.ts';
import { KEPT } from './kerasPaths.ts';

/**
 * Models as functional models of Keras 3 of stock layers, without custom code. The cells of Keras have the layout
 * and the order of gates of ours. What they lack equals a layer with products of our matrices, which are kept next to it:
 * an LSTM with a projection reads its projected hidden state through both matrices, and a dense layer projects it; a
 * simple RNN that reads its last output reads its hidden state through both matrices (see `OutputRnn`).
 */

const CLASSES: Readonly<Record<CellName, string>> = { lstm: 'LSTM', gru: 'GRU', rnn: 'SimpleRNN' };
/** Batch and time. */
const [B, T] = [null, null];
/** Lower than every hidden state, for the maximum of the steps of a sequence. */
const LOWEST = -1e30;

/** The files of a model, by their names. */
export function kerasFiles(model: PortableModel): Readonly<Record<string, Uint8Array<ArrayBuffer>>> {
  switch (model.shape.network) {
    case 'every-step':
      return { 'model.keras': new KerasNetwork(model).stepwise() };
    case 'last-step':
      return { 'model.keras': new KerasNetwork(model).classifier() };
    case 'conditioned':
      return {
        'model.keras': new KerasNetwork(model).stepwise(),
        'initial.keras': new KerasNetwork(model).initialStates(),
      };
    case 'encoder-decoder':
      return { 'encoder.keras': new KerasNetwork(model).encoder(), 'decoder.keras': new KerasNetwork(model).decoder() };
  }
}

/** The state of a layer after the last step, or before the first one. */
interface State {
  readonly h: Tensor;
  readonly c?: Tensor | undefined;
}

interface StackOptions {
  /** Empty, `encoder_` or `decoder_`. */
  readonly stack: string;
  readonly bidirectional: boolean;
  /** States before the first step; zeros if omitted. */
  readonly states?: readonly State[] | undefined;
  /** True for the steps of each sequence, `[batch, time]`; all if omitted. */
  readonly mask?: Tensor | undefined;
  /** Whether the last layer returns the hidden state of the last step only. */
  readonly lastStep?: boolean;
  readonly returnStates?: boolean;
}

interface StackResult {
  readonly h: Tensor;
  /** States after the last step; of both directions one after another. */
  readonly states: readonly State[][];
}

/** One file. */
class KerasNetwork {
  readonly #shape: PortableShape;
  readonly #tensors: ReadonlyMap<string, NamedTensor>;
  readonly #graph = new KerasGraph();
  readonly #kept = new Map<string, Hdf5Array>();

  constructor({ shape, tensors }: PortableModel) {
    this.#shape = shape;
    this.#tensors = new Map(tensors.map((tensor) => [tensor.name, tensor]));
  }

  /** Ids to logits of each step; in one direction with the states before and after, in both with a mask. */
  stepwise(): Uint8Array<ArrayBuffer> {
    const { bidirectional, inputs } = this.#shape;
    const x = this.#read('ids', '', inputs);
    const given = bidirectional ? { mask: this.#mask() } : { states: this.#stateInputs() };
    const { h, states } = this.#stack(x, { stack: '', bidirectional, returnStates: !bidirectional, ...given });
    this.#answer(h);
    if (!bidirectional) this.#stateOutputs(states.map(([state]) => state!));
    return this.#encode('network');
  }

  /** Ids and a mask, or vectors, to one answer for each sequence. */
  classifier(): Uint8Array<ArrayBuffer> {
    const { inputKind, inputs, bidirectional, pooling } = this.#shape;
    const isText = inputKind === 'ids';
    const x = isText ? this.#read('ids', '', inputs) : this.#graph.input('vectors', 'float32', [B, T, inputs]);
    const mask = isText ? this.#mask() : undefined;
    const { h } = this.#stack(x, { stack: '', bidirectional, mask, lastStep: pooling === 'last' });
    this.#answer(pooling === 'last' ? h : this.#pooled(h, mask));
    return this.#encode('network');
  }

  /** Labels to the states that a text of each begins with. */
  initialStates(): Uint8Array<ArrayBuffer> {
    const { units, labels, cell } = this.#shape;
    const given = this.#graph.input('labels', 'int32', [B]);
    const states = this.#layers().map((layer): State => {
      const state = (part: string) => this.#embedding(`label_${layer + 1}_${part}`, given, labels, [B, units]);
      return { h: state('h'), ...(cell === 'lstm' && { c: state('c') }) };
    });
    this.#stateOutputs(states);
    return this.#encode('initial');
  }

  /** Sources and a mask to the states of the decoder, and the states that attention reads. */
  encoder(): Uint8Array<ArrayBuffer> {
    const { bidirectional, inputs, attention } = this.#shape;
    const x = this.#read('sources', 'encoder_', inputs);
    const mask = this.#mask();
    const { h, states } = this.#stack(x, { stack: 'encoder_', bidirectional, mask, returnStates: true });
    this.#stateOutputs(bidirectional ? this.#bridged(states) : states.map(([state]) => state!));
    if (attention !== 'none') this.#graph.output('memory', bidirectional ? this.#dense('attention_memory', h) : h);
    return this.#encode('encoder');
  }

  /** Targets, states and what attention reads, to logits of each step and states. */
  decoder(): Uint8Array<ArrayBuffer> {
    const { outputs, attention } = this.#shape;
    const x = this.#read('targets', 'decoder_', outputs);
    const states = this.#stateInputs();
    const { h, states: after } = this.#stack(x, {
      stack: 'decoder_',
      bidirectional: false,
      states,
      returnStates: true,
    });
    this.#answer(attention === 'none' ? h : this.#attended(h));
    this.#stateOutputs(after.map(([state]) => state!));
    return this.#encode('decoder');
  }

  /** Width of the hidden states that a layer passes on, of each direction. */
  get #width(): number {
    return this.#shape.projection || this.#shape.units;
  }

  #encode(name: string): Uint8Array<ArrayBuffer> {
    return this.#graph.encode(name, this.#kept);
  }

  #layers(): readonly number[] {
    return Array.from({ length: this.#shape.layers }, (_, layer) => layer);
  }

  #weight(name: string): NamedTensor {
    const tensor = this.#tensors.get(name);
    if (!tensor) throw new RangeError(`The model has no weight "${name}".`);
    return tensor;
  }

  /** A weight of which a layer has a product or a copy. */
  #keep(name: string): NamedTensor {
    const tensor = this.#weight(name);
    this.#kept.set(`${KEPT}/${name}`, tensor);
    return tensor;
  }

  #mask(): Tensor {
    return this.#graph.input('mask', 'bool', [B, T]);
  }

  /** Ids as vectors, embedded or one-hot. */
  #read(name: string, stack: string, size: number): Tensor {
    const ids = this.#graph.input(name, 'int32', [B, T]);
    const { embedding } = this.#shape;
    if (embedding > 0) return this.#embedding(`${stack}embedding`, ids, size, [B, T, embedding]);
    const config = { num_classes: size, axis: -1, dtype: 'float32' };
    return this.#graph.operation('nn', 'OneHot', 'one_hot', config, [ids], [B, T, size]);
  }

  #embedding(name: string, ids: Tensor, size: number, shape: readonly Axis[]): Tensor {
    const table = this.#weight(`${name}/embeddings`);
    const config = { name, input_dim: size, output_dim: table.shape[1] ?? 0, mask_zero: false };
    return this.#graph.layer('Embedding', config, [ids], shape, { weights: vars([table]) });
  }

  #stack(x: Tensor, options: StackOptions): StackResult {
    const states: State[][] = [];
    let h = x;
    for (const layer of this.#layers()) {
      const isLast = layer === this.#shape.layers - 1 && options.lastStep === true;
      const result = this.#recurrent(h, layer, isLast, options);
      h = result.h;
      states.push([...result.states]);
    }
    return { h, states };
  }

  #recurrent(
    x: Tensor,
    layer: number,
    lastStep: boolean,
    { stack, bidirectional, states, mask, returnStates = false }: StackOptions,
  ): { readonly h: Tensor; readonly states: readonly State[] } {
    const { cell, units, bias, activation, recurrence, resetAfter, projection } = this.#shape;
    const name = `${stack}${cells[cell].layerName}_${layer + 1}`;
    const directions = bidirectional ? [false, true] : [false];
    const config = {
      name,
      units,
      // The bias of the outputs that are read is one of the layer.
      use_bias: bias || (cell === 'rnn' && recurrence === 'output'),
      return_sequences: !lastStep,
      return_state: returnStates,
      ...(cell === 'gru' && { reset_after: resetAfter }),
      ...(cell === 'rnn' && { activation }),
    };
    const weights = directions.map((reverse) => this.#cellWeights({ stack, layer, reverse, bidirectional }));
    const before = states?.[layer];
    const kwargs = {
      ...(before && { initial_state: [before.h, ...(before.c ? [before.c] : [])] }),
      ...(mask && { mask }),
    };
    const shapes: [readonly Axis[], ...(readonly Axis[])[]] = [
      lastStep ? [B, units * directions.length] : [B, T, units * directions.length],
      ...(returnStates ? directions.flatMap(() => cells[cell].states.map((): readonly Axis[] => [B, units])) : []),
    ];
    const [first, ...after] = bidirectional
      ? this.#graph.layers(
          'Bidirectional',
          {
            name: `bidirectional_${name}`,
            layer: { module: 'keras.layers', class_name: CLASSES[cell], config, registered_name: null },
            merge_mode: 'concat',
          },
          [x],
          shapes,
          { kwargs, weights: vars(weights[0]!, 'forward_layer/cell', vars(weights[1]!, 'backward_layer/cell')) },
        )
      : this.#graph.layers(CLASSES[cell], config, [x], shapes, { kwargs, weights: vars(weights[0]!, 'cell') });
    const parts = cells[cell].states.length;
    const found = returnStates
      ? directions.map((_, at): State => ({
          h: after[at * parts]!,
          c: after[at * parts + 1 < (at + 1) * parts ? at * parts + 1 : -1],
        }))
      : [];
    const h = projection > 0 ? this.#projected(first, name, { stack, layer, bidirectional }) : first;
    return { h, states: found };
  }

  /** The kernel, the recurrent kernel and the bias of a layer whose hidden state is what it reads of the step before. */
  #cellWeights(place: LayerPlace & { readonly reverse: boolean }): readonly Hdf5Array[] {
    const { cell, bias, projection, recurrence, units, outputs } = this.#shape;
    const name = (part: RecurrentPart) => recurrentWeightName({ ...place, cell, part }, place.bidirectional);
    const kernel = this.#weight(name('kernel'));
    const recurrent = this.#weight(name('recurrent_kernel'));
    const own = bias ? [this.#weight(name('bias'))] : [];
    if (projection > 0) {
      const [rows, columns] = [units, recurrent.shape[1] ?? 0];
      const factor = this.#keep(name('projection_kernel'));
      this.#keep(name('recurrent_kernel'));
      const values = product(factor.values, recurrent.values, { rows, inner: projection, columns });
      return [kernel, { shape: [rows, columns], values }, ...own];
    }
    if (cell !== 'rnn' || recurrence === 'hidden') return [kernel, recurrent, ...own];
    const [dense, constant] = [this.#weight('dense/kernel').values, this.#weight('dense/bias').values];
    const weights = { recurrent: recurrent.values, bias: own[0]?.values, dense, constant };
    const folded = fedBack(weights, { units, outputs });
    this.#keep(name('recurrent_kernel'));
    if (bias) this.#keep(name('bias'));
    return [kernel, { shape: [units, units], values: folded.recurrent }, { shape: [units], values: folded.bias }];
  }

  /** Both directions are projected by one matrix with their matrices on its diagonal. */
  #projected(h: Tensor, name: string, place: LayerPlace): Tensor {
    const { cell, units, projection } = this.#shape;
    const blocks = (place.bidirectional ? [false, true] : [false]).map((reverse) => {
      const name = recurrentWeightName({ ...place, cell, reverse, part: 'projection_kernel' }, place.bidirectional);
      return this.#weight(name).values;
    });
    const shape = [blocks.length * units, blocks.length * projection];
    const kernel = { shape, values: onDiagonal(blocks, projection) };
    return this.#denseOf(`${name}${PROJECTION}`, h, { kernel });
  }

  #stateInputs(): readonly State[] {
    const { units, cell } = this.#shape;
    return this.#layers().map((layer) => {
      const state = (part: string) => this.#graph.input(`${part}_${layer + 1}`, 'float32', [B, units]);
      return { h: state('h'), ...(cell === 'lstm' && { c: state('c') }) };
    });
  }

  #stateOutputs(states: readonly State[]): void {
    states.forEach(({ h, c }, layer) => {
      this.#graph.output(`h_${layer + 1}_after`, h);
      if (c) this.#graph.output(`c_${layer + 1}_after`, c);
    });
  }

  /** The output layer. A kernel that is the transposed embedding is a copy of it. */
  #answer(h: Tensor): void {
    const { tied, inputs, embedding } = this.#shape;
    const bias = this.#weight('dense/bias');
    const table = tied ? this.#weight('embedding/embeddings') : undefined;
    const kernel = table
      ? { shape: [embedding, inputs], values: transposed(table.values, inputs, embedding) }
      : this.#weight('dense/kernel');
    this.#graph.output('outputs', this.#denseOf('dense', h, { kernel, bias }));
  }

  /** A product with a matrix. */
  #dense(name: string, x: Tensor): Tensor {
    return this.#denseOf(name, x, { kernel: this.#weight(`${name}/kernel`) });
  }

  #denseOf(
    name: string,
    x: Tensor,
    {
      kernel,
      bias,
      activation = 'linear',
    }: {
      readonly kernel: Hdf5Array;
      readonly bias?: Hdf5Array;
      readonly activation?: 'linear' | 'tanh';
    },
  ): Tensor {
    const units = kernel.shape[1] ?? 0;
    return this.#graph.layer(
      'Dense',
      { name, units, activation, use_bias: bias !== undefined },
      [x],
      [...x.shape.slice(0, -1), units],
      { weights: vars([kernel, ...(bias ? [bias] : [])]) },
    );
  }

  /** Reduces hidden states `[batch, time, width]` to `[batch, width]`. */
  #pooled(h: Tensor, mask: Tensor | undefined): Tensor {
    const { pooling } = this.#shape;
    const width = h.shape[2] ?? null;
    const shape: readonly Axis[] = [B, width];
    if (pooling === 'mean')
      return this.#graph.layer('GlobalAveragePooling1D', { name: 'pooling' }, [h], shape, {
        kwargs: mask ? { mask } : {},
      });
    const column = mask
      ? this.#graph.layer('Reshape', { name: 'steps', target_shape: [-1, 1] }, [mask], [B, T, 1])
      : undefined;
    if (pooling === 'max') {
      const shown = column ? this.#graph.operation('numpy', 'Where', 'shown', {}, [column, h, LOWEST], h.shape) : h;
      return this.#graph.layer('GlobalMaxPooling1D', { name: 'pooling' }, [shown], shape);
    }
    const scores = this.#denseOf('attention', h, { kernel: this.#weight('attention/query') });
    const weights = this.#graph.layer('Softmax', { name: 'weights', axis: 1 }, [scores], [B, T, 1], {
      kwargs: column ? { mask: column } : {},
    });
    const sum = this.#graph.layer('Dot', { name: 'sum', axes: 1 }, [[weights, h]], [B, 1, width]);
    return this.#graph.layer('Flatten', { name: 'pooling' }, [sum], shape);
  }

  /** States of the decoder from those of both directions of the encoder. */
  #bridged(states: readonly (readonly State[])[]): readonly State[] {
    return states.map((both, layer) => {
      const map = (part: 'h' | 'c') => {
        const name = `bridge_${layer + 1}_${part}`;
        const parts = both.map((state) => state[part]!);
        const width = 2 * this.#shape.units;
        const joined = this.#graph.layer(
          'Concatenate',
          { name: `both_${layer + 1}_${part}`, axis: -1 },
          [parts],
          [B, width],
        );
        return this.#denseOf(name, joined, {
          kernel: this.#weight(`${name}/kernel`),
          bias: this.#weight(`${name}/bias`),
          activation: part === 'h' ? 'tanh' : 'linear',
        });
      };
      return { h: map('h'), ...(both[0]?.c && { c: map('c') }) };
    });
  }

  /** `tanh(W_c context + W_s h)` for hidden states `[batch, time, units]`. */
  #attended(h: Tensor): Tensor {
    const width = this.#width;
    const memory = this.#graph.input('memory', 'float32', [B, T, width]);
    const kwargs = { mask: [null, this.#graph.input('mask', 'bool', [B, T])] };
    const shape: readonly Axis[] = [B, T, width];
    const context =
      this.#shape.attention === 'additive'
        ? this.#graph.layer(
            'AdditiveAttention',
            { name: 'attention_score', use_scale: true },
            [[this.#dense('attention_query', h), memory, this.#dense('attention_key', memory)]],
            shape,
            { kwargs, weights: vars([flat(this.#weight('attention_score/kernel'))]) },
          )
        : this.#graph.layer('Attention', { name: 'attention_dot', use_scale: false }, [[h, memory]], shape, { kwargs });
    const parts = [this.#dense('attention_context', context), this.#dense('attention_state', h)];
    const sum = this.#graph.layer('Add', { name: 'attention_sum' }, [parts], shape);
    return this.#graph.layer('Activation', { name: 'attention_tanh', activation: 'tanh' }, [sum], shape);
  }
}

interface LayerPlace {
  readonly stack: string;
  readonly layer: number;
  readonly bidirectional: boolean;
}

/** End of the name of a dense layer that projects hidden states. */
export const PROJECTION = '_projection';

/** Weights as the variables of a layer, or of a cell in it. */
function vars(
  weights: readonly Hdf5Array[],
  group = '',
  others: ReadonlyMap<string, Hdf5Array> = new Map(),
): ReadonlyMap<string, Hdf5Array> {
  const prefix = group === '' ? 'vars' : `${group}/vars`;
  return new Map([...weights.map((array, at) => [`${prefix}/${at}`, array] as const), ...others]);
}

function flat({ values }: Hdf5Array): Hdf5Array {
  return { shape: [values.length], values };
}
