import { type CellName } from '../../config/cells.ts';
import type { NamedTensor } from '../../models/weights.ts';
import { fedBack } from '../fedBack.ts';
import { onDiagonal, product, transposed } from '../arrays.ts';
import type { PortableModel, PortableShape } from '../portable.ts';
import { type RecurrentPart, recurrentWeightName } from '../weightNames.ts';
import { type LayerOutput, LayersModelBuilder, weightFiles } from './layersModelBuilder.ts';

/**
 * Models as LayersModels of TensorFlow.js, whose weights have the names of `model/`. What its layers can compute is
 * written with them: an LSTM with a projection P equals an LSTM with the recurrent kernel P U, followed by a dense layer
 * P; a simple RNN that reads its last output equals one that reads its hidden state, with the product of both matrices
 * (see `OutputRnn`). A GRU that applies its reset gate after the recurrent product, and additive attention, are layers of
 * `sequence-lab-layers.mjs`.
 */

const CLASS_NAMES: Readonly<Record<CellName, string>> = { lstm: 'LSTM', gru: 'GRU', rnn: 'SimpleRNN' };

/** Whether a model has layers that TensorFlow.js lacks. */
export function needsOwnLayers({ cell, resetAfter, network, attention }: PortableShape): boolean {
  return (cell === 'gru' && resetAfter) || (network === 'encoder-decoder' && attention === 'additive');
}

/** The files of a model, by their names. */
export function tfjsFiles(model: PortableModel): Readonly<Record<string, Uint8Array<ArrayBuffer>>> {
  const network = new TfjsNetwork(model);
  const { shape } = model;
  switch (shape.network) {
    case 'every-step':
      // A model in one direction can be run step by step, too, with the same weights.
      return written('weights', {
        model: network.stepwise(false),
        ...(!shape.bidirectional && { step: network.stepwise(true) }),
      });
    case 'last-step':
      return written('weights', { model: network.classifier() });
    case 'conditioned':
      return {
        ...written('weights', { model: network.stepwise(false), step: network.stepwise(true) }),
        ...written('initial-weights', { initial: network.initialStates() }),
      };
    case 'encoder-decoder':
      return {
        ...written('encoder-weights', { encoder: network.encoder() }),
        ...written('decoder-weights', { decoder: network.decoder() }),
      };
  }
}

/** The files of models that share their weights. */
function written(
  name: string,
  models: Readonly<Record<string, LayersModelBuilder>>,
): Readonly<Record<string, Uint8Array<ArrayBuffer>>> {
  const weights = weightFiles(name, Object.values(models)[0]?.weights ?? []);
  const jsons = Object.entries(models).map(([file, model]) => [`${file}.json`, model.json(file, Object.keys(weights))]);
  return { ...(Object.fromEntries(jsons) as Record<string, Uint8Array<ArrayBuffer>>), ...weights };
}

/** States of a layer: hidden, and of an LSTM the cell state; of both directions, forward first. */
type LayerStates = readonly LayerOutput[];

interface StackOptions {
  /** Empty, `encoder_` or `decoder_`. */
  readonly stack: string;
  readonly bidirectional: boolean;
  /** States before the first step; zeros if omitted. */
  readonly states?: readonly LayerStates[] | undefined;
  /** Whether the states after the last step are needed. */
  readonly returnStates?: boolean;
  /** Whether the last layer returns its last hidden state only. */
  readonly lastStepOnly?: boolean;
}

interface StackResult {
  /** Hidden states of the last layer. */
  readonly h: LayerOutput;
  readonly states: readonly LayerStates[];
}

class TfjsNetwork {
  readonly #shape: PortableShape;
  readonly #tensors: ReadonlyMap<string, NamedTensor>;

  constructor({ shape, tensors }: PortableModel) {
    this.#shape = shape;
    this.#tensors = new Map(tensors.map((tensor) => [tensor.name, tensor]));
  }

  /** Outputs of each step. @param withStates whether it takes and returns the states before and after */
  stepwise(withStates: boolean): LayersModelBuilder {
    const { bidirectional, inputs } = this.#shape;
    const graph = new LayersModelBuilder();
    const x = this.#read(graph, { stack: '', name: 'ids', size: inputs, masked: bidirectional });
    const { h, states } = this.#stack(graph, x, {
      stack: '',
      bidirectional,
      ...(withStates && { states: this.#stateInputs(graph), returnStates: true }),
    });
    this.#answer(graph, h);
    if (withStates) graph.output(...states.flat());
    return graph;
  }

  /** One answer for each sequence. */
  classifier(): LayersModelBuilder {
    const { inputs, bidirectional, pooling } = this.#shape;
    const graph = new LayersModelBuilder();
    const lastStepOnly = pooling === 'last';
    const x = this.#read(graph, { stack: '', name: 'ids', size: inputs, masked: lastStepOnly });
    const { h } = this.#stack(graph, x, { stack: '', bidirectional, lastStepOnly });
    this.#answer(graph, this.#pooled(graph, h));
    return graph;
  }

  /** Labels to the states that a text of each begins with. */
  initialStates(): LayersModelBuilder {
    const { labels, units, cell } = this.#shape;
    const graph = new LayersModelBuilder();
    const ids = graph.input('labels', 'int32', [null, 1]);
    for (const layer of this.#layers())
      for (const part of partsOf(cell)) {
        const name = `label_${layer + 1}_${part}`;
        const from = [this.#embedding(graph, { name, from: ids, size: labels, width: units })];
        graph.output(...graph.layer({ className: 'Flatten', name: `${name}_state`, config: {}, from }));
      }
    return graph;
  }

  /** Sources to the states of the decoder, and the states that attention reads. */
  encoder(): LayersModelBuilder {
    const { inputs, bidirectional, attention } = this.#shape;
    const graph = new LayersModelBuilder();
    const x = this.#read(graph, { stack: 'encoder_', name: 'sources', size: inputs, masked: false });
    const { h, states } = this.#stack(graph, x, { stack: 'encoder_', bidirectional, returnStates: true });
    graph.output(...(bidirectional ? this.#bridged(graph, states) : states).flat());
    if (attention !== 'none') graph.output(bidirectional ? this.#times(graph, h, 'attention_memory') : h);
    return graph;
  }

  /** Targets, states and what attention reads, to the outputs of each step and the states after them. */
  decoder(): LayersModelBuilder {
    const { outputs, attention } = this.#shape;
    const graph = new LayersModelBuilder();
    const x = this.#read(graph, { stack: 'decoder_', name: 'targets', size: outputs, masked: false });
    const given = this.#stateInputs(graph);
    const { h, states } = this.#stack(graph, x, {
      stack: 'decoder_',
      bidirectional: false,
      states: given,
      returnStates: true,
    });
    this.#answer(graph, attention === 'none' ? h : this.#attended(graph, h));
    graph.output(...states.flat());
    return graph;
  }

  #layers(): readonly number[] {
    return Array.from({ length: this.#shape.layers }, (_, layer) => layer);
  }

  /** Width of the output of one direction of a layer at one step. */
  get #width(): number {
    return this.#shape.projection || this.#shape.units;
  }

  #weight(name: string): NamedTensor {
    const tensor = this.#tensors.get(name);
    if (!tensor) throw new RangeError(`The model has no weight "${name}".`);
    return tensor;
  }

  /** The input: ids that are embedded, one-hot vectors, or vectors. @param masked whether steps of zeros are padding */
  #read(
    graph: LayersModelBuilder,
    {
      stack,
      name,
      size,
      masked,
    }: { readonly stack: string; readonly name: string; readonly size: number; readonly masked: boolean },
  ): LayerOutput {
    const { embedding: width, inputKind } = this.#shape;
    if (inputKind === 'vectors') return graph.input('vectors', 'float32', [null, null, size]);
    if (width > 0) {
      const ids = graph.input(name, 'int32', [null, null]);
      return this.#embedding(graph, { name: `${stack}embedding`, from: ids, size, width });
    }
    const vectors = graph.input(name, 'float32', [null, null, size]);
    if (!masked) return vectors;
    // No token is a vector of zeros.
    const config = { mask_value: 0 };
    return graph.layer({ className: 'Masking', name: 'masking', config, from: [vectors] })[0]!;
  }

  #embedding(
    graph: LayersModelBuilder,
    {
      name,
      from,
      size,
      width,
    }: { readonly name: string; readonly from: LayerOutput; readonly size: number; readonly width: number },
  ): LayerOutput {
    const config = { input_dim: size, output_dim: width, mask_zero: false, input_length: null };
    const weights = [this.#weight(`${name}/embeddings`)];
    return graph.layer({ className: 'Embedding', name, config, from: [from], weights })[0]!;
  }

  #stateInputs(graph: LayersModelBuilder): LayerStates[] {
    const { cell, units } = this.#shape;
    return this.#layers().map((layer) =>
      partsOf(cell).map((part) => graph.input(`${part}_${layer + 1}`, 'float32', [null, units])),
    );
  }

  #stack(graph: LayersModelBuilder, x: LayerOutput, options: StackOptions): StackResult {
    const { layers, cell } = this.#shape;
    const { stack, bidirectional, returnStates = false, lastStepOnly = false } = options;
    const states: LayerStates[] = [];
    let h = x;
    for (const layer of this.#layers()) {
      const { name, config, weights } = this.#recurrent(layer, options);
      const recurrent = {
        className: this.#isResetAfter ? 'GRUResetAfter' : CLASS_NAMES[cell],
        name,
        config: {
          ...config,
          return_sequences: !lastStepOnly || layer < layers - 1,
          return_state: returnStates,
        },
      };
      const from = [h, ...(options.states?.[layer] ?? [])];
      const [sequence, ...after] = graph.layer(
        bidirectional
          ? {
              className: 'Bidirectional',
              name: `bidirectional_${name}`,
              config: {
                layer: { class_name: recurrent.className, config: { name, trainable: true, ...recurrent.config } },
                merge_mode: 'concat',
              },
              from,
              weights,
            }
          : { ...recurrent, from, weights },
        1 + (returnStates ? (bidirectional ? 2 : 1) * partsOf(cell).length : 0),
      );
      states.push(after);
      h = this.#projected(graph, sequence!, { name: `${stack}projection_${layer + 1}`, layer, options });
    }
    return { h, states };
  }

  get #isResetAfter(): boolean {
    return this.#shape.cell === 'gru' && this.#shape.resetAfter;
  }

  /** A recurrent layer whose hidden state is what it reads of the step before. */
  #recurrent(
    layer: number,
    { stack, bidirectional }: StackOptions,
  ): { readonly name: string; readonly config: object; readonly weights: NamedTensor[] } {
    const { cell, units, bias, activation, recurrence, projection } = this.#shape;
    const feedsBack = cell === 'rnn' && recurrence === 'output';
    const weights = (bidirectional ? [false, true] : [false]).flatMap((reverse) => {
      const nameOf = (part: RecurrentPart) => recurrentWeightName({ stack, cell, layer, reverse, part }, bidirectional);
      const find = (part: RecurrentPart) => this.#weight(nameOf(part));
      const recurrent = find('recurrent_kernel');
      if (feedsBack) return this.#fedBack(find('kernel'), recurrent, bias ? find('bias') : nameOf('bias'));
      const columns = recurrent.shape[1] ?? 0;
      const folded =
        projection > 0
          ? product(find('projection_kernel').values, recurrent.values, { rows: units, inner: projection, columns })
          : recurrent.values;
      return [
        find('kernel'),
        { ...recurrent, shape: [units, columns], values: folded },
        ...(bias ? [find('bias')] : []),
      ];
    });
    const config = {
      units,
      activation: cell === 'rnn' ? activation : 'tanh',
      use_bias: bias || feedsBack,
      go_backwards: false,
      stateful: false,
      unroll: false,
      dropout: 0,
      recurrent_dropout: 0,
      ...(cell !== 'rnn' && { recurrent_activation: 'sigmoid', implementation: 1 }),
      ...(cell === 'gru' && { reset_after: this.#shape.resetAfter }),
    };
    const [name = ''] = (weights[0]?.name ?? '').replace(/^bidirectional_\w+\/forward_/, '').split('/');
    return { name, config, weights };
  }

  /** The weights of a simple RNN that reads its last output, for one that reads its hidden state. */
  #fedBack(kernel: NamedTensor, recurrent: NamedTensor, bias: NamedTensor | string): NamedTensor[] {
    const { units, outputs } = this.#shape;
    const [dense, constant] = [this.#weight('dense/kernel').values, this.#weight('dense/bias').values];
    const [name, own] = typeof bias === 'string' ? [bias, undefined] : [bias.name, bias.values];
    const folded = fedBack({ recurrent: recurrent.values, bias: own, dense, constant }, { units, outputs });
    return [
      kernel,
      { ...recurrent, shape: [units, units], values: folded.recurrent },
      { name, shape: [units], values: folded.bias },
    ];
  }

  /** The projected hidden states of both directions, each with its own matrix. */
  #projected(
    graph: LayersModelBuilder,
    h: LayerOutput,
    {
      name,
      layer,
      options: { stack, bidirectional },
    }: { readonly name: string; readonly layer: number; readonly options: StackOptions },
  ): LayerOutput {
    const { projection, units, cell } = this.#shape;
    if (projection === 0) return h;
    const blocks = (bidirectional ? [false, true] : [false]).map((reverse) => {
      const place = { stack, cell, layer, reverse, part: 'projection_kernel' } as const;
      return this.#weight(recurrentWeightName(place, bidirectional)).values;
    });
    const shape = [blocks.length * units, blocks.length * projection];
    return this.#dense(graph, h, { name, kernel: { name: '', shape, values: onDiagonal(blocks, projection) } });
  }

  #dense(
    graph: LayersModelBuilder,
    from: LayerOutput,
    { name, kernel, bias }: { readonly name: string; readonly kernel: NamedTensor; readonly bias?: NamedTensor },
  ): LayerOutput {
    const config = { units: kernel.shape[1], activation: 'linear', use_bias: bias !== undefined };
    const weights = [{ ...kernel, name: `${name}/kernel` }, ...(bias ? [{ ...bias, name: `${name}/bias` }] : [])];
    return graph.layer({ className: 'Dense', name, config, from: [from], weights })[0]!;
  }

  #times(graph: LayersModelBuilder, from: LayerOutput, name: string): LayerOutput {
    return this.#dense(graph, from, { name, kernel: this.#weight(`${name}/kernel`) });
  }

  #activation(graph: LayersModelBuilder, from: LayerOutput, name: string, activation: string): LayerOutput {
    return graph.layer({ className: 'Activation', name, config: { activation }, from: [from] })[0]!;
  }

  /** The output layer, and probabilities if its outputs are those of symbols or classes. */
  #answer(graph: LayersModelBuilder, h: LayerOutput): void {
    const { tied, outputs, inputKind, separate = false } = this.#shape;
    const table = tied ? this.#weight('embedding/embeddings') : undefined;
    const kernel = table
      ? { ...table, shape: [this.#width, outputs], values: transposed(table.values, outputs, this.#width) }
      : this.#weight('dense/kernel');
    const logits = this.#dense(graph, h, { name: 'dense', kernel, bias: this.#weight('dense/bias') });
    graph.output(
      inputKind === 'ids' ? this.#activation(graph, logits, 'probabilities', separate ? 'sigmoid' : 'softmax') : logits,
    );
  }

  /** Reduces the hidden states of a sequence to one. */
  #pooled(graph: LayersModelBuilder, h: LayerOutput): LayerOutput {
    const { pooling } = this.#shape;
    if (pooling === 'last') return h;
    if (pooling === 'attention') {
      // Weights of the steps, `[batch, 1, time]`: only the last axis has a softmax.
      const query = { ...this.#weight('attention/query') };
      const scores = this.#dense(graph, h, { name: 'attention', kernel: query });
      const turned = graph.layer({
        className: 'Permute',
        name: 'turned',
        config: { dims: [2, 1] },
        from: [scores],
      })[0]!;
      const weights = this.#activation(graph, turned, 'attention_weights', 'softmax');
      const sum = this.#dot(graph, 'attention_sum', [weights, h], [2, 1]);
      return graph.layer({ className: 'Flatten', name: 'flatten', config: {}, from: [sum] })[0]!;
    }
    const className = pooling === 'mean' ? 'GlobalAveragePooling1D' : 'GlobalMaxPooling1D';
    return graph.layer({ className, name: 'pooling', config: {}, from: [h] })[0]!;
  }

  #dot(
    graph: LayersModelBuilder,
    name: string,
    from: readonly [LayerOutput, LayerOutput],
    axes: readonly [number, number],
  ): LayerOutput {
    return graph.layer({ className: 'Dot', name, config: { axes, normalize: false }, from })[0]!;
  }

  /** States of the decoder from those of both directions of the encoder. */
  #bridged(graph: LayersModelBuilder, states: readonly LayerStates[]): LayerStates[] {
    const parts = partsOf(this.#shape.cell);
    return states.map((directions, layer) =>
      parts.map((part, index) => {
        const name = `bridge_${layer + 1}_${part}`;
        const from = [directions[index]!, directions[index + parts.length]!];
        const both = graph.layer({ className: 'Concatenate', name: `${name}_both`, config: { axis: -1 }, from })[0]!;
        const [kernel, bias] = [this.#weight(`${name}/kernel`), this.#weight(`${name}/bias`)];
        const value = this.#dense(graph, both, { name, kernel, bias });
        return part === 'h' ? this.#activation(graph, value, `${name}_tanh`, 'tanh') : value;
      }),
    );
  }

  /** `tanh(W_c context + W_s h)` for hidden states `[batch, time, units]` and memory `[batch, sourceTime, units]`. */
  #attended(graph: LayersModelBuilder, h: LayerOutput): LayerOutput {
    const memory = graph.input('memory', 'float32', [null, null, this.#width]);
    const scores =
      this.#shape.attention === 'additive'
        ? graph.layer({
            className: 'AdditiveScores',
            name: 'attention_score',
            config: {},
            from: [this.#times(graph, h, 'attention_query'), this.#times(graph, memory, 'attention_key')],
            weights: [this.#weight('attention_score/kernel')],
          })[0]!
        : this.#dot(graph, 'attention_score', [h, memory], [2, 2]);
    const weights = this.#activation(graph, scores, 'attention_weights', 'softmax');
    const context = this.#dot(graph, 'attention_sum', [weights, memory], [2, 1]);
    const from = [this.#times(graph, context, 'attention_context'), this.#times(graph, h, 'attention_state')];
    const sum = graph.layer({ className: 'Add', name: 'attention_add', config: {}, from })[0]!;
    return this.#activation(graph, sum, 'attention', 'tanh');
  }
}

/** Parts of the state of a layer. */
function partsOf(cell: CellName): readonly ('h' | 'c')[] {
  return cell === 'lstm' ? ['h', 'c'] : ['h'];
}
