import * as tf from '@tensorflow/tfjs';
import type { ModelConfig } from '../../config/schema.ts';
import { attention, embeddingLookup } from '../../kernels/ops.ts';
import { mapState, namedStateTensors } from '../../layers/states.ts';
import { Dropout } from '../../layers/dropout.ts';
import type { RecurrentStack, StackOptions } from '../../layers/recurrentStack.ts';
import type { BidirectionalState, SequenceLayer } from '../../layers/sequenceLayer.ts';
import type { Generator } from '../../random/generator.ts';
import { type Initialization, initializeWeights } from '../initialize.ts';
import { outputWidth, recurrentLayers, type RecurrentShape } from '../recurrentLayers.ts';
import type { ModelState } from '../recurrentNetwork.ts';
import type { Parameter } from '../weights.ts';
import { phrase } from '../../phrases/phrase.ts';

type AttentionKind = ModelConfig['attention'];

/** Configuration that determines the weight shapes of an encoder and decoder. */
/** `bidirectional` is about the encoder; a decoder has one direction. */
export interface EncoderDecoderShape extends RecurrentShape {
  /** Size of the source vocabulary. */
  readonly sourceSize: number;
  /** Size of the target vocabulary. */
  readonly targetSize: number;
  /** Width of the learned embeddings of both; 0 feeds one-hot vectors. */
  readonly embedding: number;
  readonly attention: AttentionKind;
}

/** Encoder states that attention reads. */
export interface Memory {
  /** `[sourceSteps, batch, units]` */
  readonly states: tf.Tensor3D;
  /** Keys: the states, or `W_k s` for additive attention. */
  readonly keys: tf.Tensor3D;
  /** Number of tokens of each source, `[batch]`, int32. */
  readonly lengths: tf.Tensor1D;
}

/** Output of the encoder. */
export interface Encoded {
  /** States after the last token of each text: the initial states of the decoder. */
  readonly state: ModelState;
  /** Encoder states for attention; undefined without attention. */
  readonly memory: Memory | undefined;
}

/** Output of the decoder. */
export interface Decoded {
  /** Input of the output layer, `[timeSteps, batch, units]`. */
  readonly h: tf.Tensor3D;
  readonly state: ModelState;
  /** Attention weights, `[timeSteps, batch, sourceSteps]`; undefined without attention. */
  readonly alignment: tf.Tensor3D | undefined;
}

/**
 * Sequence-to-sequence model (Sutskever et al. 2014): encoder layers read the source; decoder layers start from their
 * final states and write the target. Attention is global and applied after the recurrence, `tanh(W_c [context; h])`
 * (Luong et al. 2015, eq. 5; the halves of W_c are separate weights), without input feeding: with teacher forcing, each
 * decoder layer then runs as one sequence kernel, like the encoder. Dropout is applied to embedded tokens, between
 * layers and to the input of the output layer, never from step to step (Zaremba et al. 2014). A bidirectional encoder
 * has `units` units in each direction; what the decoder and attention read of it is mapped to `units`.
 */
export class EncoderDecoder {
  readonly shape: EncoderDecoderShape;
  /** Reason why plain TensorFlow.js cannot open the saved model, shown to the user. */
  readonly stockObstacle = phrase(
    'TensorFlow.js has no layer for a decoder that starts from the states of the encoder and runs token by token.',
  );
  /** Trainable tensors of the encoder, the decoder, attention and the output layer, in this order. */
  readonly parameters: readonly Parameter[];
  /** Generator of the dropout masks; its state is part of a checkpoint. */
  readonly masks: Generator | undefined;
  readonly #encoder: RecurrentStack;
  readonly #decoder: RecurrentStack;
  readonly #dropout: Dropout | undefined;

  /** @param masks generator of the dropout masks; omitted: no dropout */
  constructor(shape: EncoderDecoderShape, masks?: Generator) {
    this.shape = shape;
    this.masks = masks;
    this.#dropout =
      shape.dropout > 0 && masks ? new Dropout({ name: 'dropout', rate: shape.dropout, generator: masks }) : undefined;
    this.#encoder = recurrentLayers(shape, { prefix: 'encoder_', masks });
    this.#decoder = recurrentLayers({ ...shape, bidirectional: false }, { prefix: 'decoder_', masks });
    const { sourceSize, targetSize, embedding, bidirectional, attention: kind } = shape;
    const width = outputWidth(shape);
    const embedded = (side: string, size: number): Parameter[] =>
      embedding > 0 ? [variable(`${side}_embedding/embeddings`, [size, embedding])] : [];
    this.parameters = [
      ...embedded('encoder', sourceSize),
      ...built(this.#encoder, embedding || sourceSize),
      ...(bidirectional ? bridges(this.#decoder) : []),
      ...(bidirectional && kind !== 'none' ? [variable('attention_memory/kernel', [2 * width, width])] : []),
      ...embedded('decoder', targetSize),
      ...built(this.#decoder, embedding || targetSize),
      ...(kind === 'additive'
        ? ['query', 'key'].map((name) => variable(`attention_${name}/kernel`, [width, width]))
        : []),
      ...(kind === 'additive' ? [variable('attention_score/kernel', [width, 1])] : []),
      ...(kind === 'none'
        ? []
        : ['context', 'state'].map((name) => variable(`attention_${name}/kernel`, [width, width]))),
      variable('dense/kernel', [width, targetSize]),
      variable('dense/bias', [targetSize]),
    ];
  }

  /** Draws the initial weights. */
  initialize(generator: Generator, initialization: Initialization): void {
    const layers = [...this.#encoder.layers, ...this.#decoder.layers];
    initializeWeights({ parameters: this.parameters, layers }, generator, initialization);
  }

  get parameterCount(): number {
    return this.parameters.reduce((sum, { variable: { size } }) => sum + size, 0);
  }

  /** The recurrent layers of the encoder, first layer first. */
  get encoderLayers(): readonly SequenceLayer[] {
    return this.#encoder.layers;
  }

  /** The state of the encoder before the first token: zeros. */
  zeroState(batch: number): ModelState {
    return this.#encoder.zeroState(batch);
  }

  /**
   * Runs the encoder.
   * @param ids `[sourceSteps, batch]`, int32; ids past the end of a text are ignored
   * @param lengths number of tokens of each text, at least 1
   * @param options taps of the encoder's layers by name (`encoder_lstm_1`), and whether dropout is on
   */
  encode(
    ids: tf.Tensor2D,
    lengths: Int32Array,
    options: Omit<StackOptions, 'lengths'> & { readonly state?: ModelState } = {},
  ): Encoded {
    const [, batch] = ids.shape;
    const { state: first = this.zeroState(batch), ...others } = options;
    const steps = tf.tensor1d(lengths.slice(), 'int32');
    const { h, states: final } = this.#encoder.sequence(this.#read('encoder', ids, others.training), first, {
      ...others,
      lengths: steps,
    });
    const { attention: kind, bidirectional } = this.shape;
    const state = bidirectional ? this.#bridged(final) : final;
    if (kind === 'none') return { state, memory: undefined };
    const values = bidirectional ? this.#times(h, 'attention_memory/kernel') : h;
    const keys = this.#additive ? this.#times(values, 'attention_key/kernel') : values;
    return { state, memory: { states: values, keys, lengths: steps } };
  }

  /**
   * Initial states of the decoder from the final ones of both directions: an affine map of each, with tanh for hidden
   * states, which bounds them as a cell does (Bahdanau et al. 2015, appendix A.2.2, with both directions).
   */
  #bridged(states: ModelState): ModelState {
    return this.#decoder.zeroState(1).map((layer, index) => {
      const { forward, backward } = states[index] as BidirectionalState;
      const both = [namedStateTensors(forward), namedStateTensors(backward)] as const;
      return mapState(layer, (part, zero) => {
        zero.dispose();
        const [ahead, back] = both.map((each) => each.find(({ name }) => name === part)!.tensor);
        const name = bridgeName(index, part);
        const value = tf.add(
          tf.matMul(tf.concat2d([ahead!, back!], 1), this.#weight(`${name}/kernel`)),
          this.#weight<tf.Tensor1D>(`${name}/bias`),
        );
        return (part === 'h' ? tf.tanh(value) : value) as tf.Tensor2D;
      });
    });
  }

  /**
   * Runs the decoder over target tokens.
   * @param ids `[timeSteps, batch]`, int32
   * @param state final state of the encoder, or of the preceding `decode` call
   * @param memory that of the sources. Several texts may read one source: with `n` sources, text `b` reads source `b % n`
   */
  decode(
    ids: tf.Tensor2D,
    state: ModelState,
    memory: Memory | undefined,
    options: Pick<StackOptions, 'training'> = {},
  ): Decoded {
    const { h, states } = this.#decoder.sequence(this.#read('decoder', ids, options.training), state, options);
    if (!memory) return { h: this.#dropped(h, options.training), state: states, alignment: undefined };
    const { states: values, keys, lengths } = memory;
    // Texts that read the same source are steps of one sequence to the kernel.
    const [timeSteps, batch, width] = h.shape;
    const [sourceSteps, sources] = values.shape;
    const query = tf.reshape<tf.Rank.R3>(this.#additive ? this.#times(h, 'attention_query/kernel') : h, [
      (timeSteps * batch) / sources,
      sources,
      width,
    ]);
    const score = this.#additive ? tf.reshape<tf.Rank.R1>(this.#weight('attention_score/kernel'), [-1]) : undefined;
    const { context, weights } = attention({ query, keys, values, lengths, score });
    const attentional = tf.tanh(
      tf.add(
        this.#times(tf.reshape(context, h.shape), 'attention_context/kernel'),
        this.#times(h, 'attention_state/kernel'),
      ),
    );
    return {
      h: this.#dropped(attentional as tf.Tensor3D, options.training),
      state: states,
      alignment: tf.reshape(weights, [timeSteps, batch, sourceSteps]),
    };
  }

  /** Weights of the output layer: `kernel [units, targetSize]` and `bias [targetSize]`. */
  get outputLayer(): { kernel: tf.Tensor2D; bias: tf.Tensor1D } {
    return { kernel: this.#weight('dense/kernel'), bias: this.#weight('dense/bias') };
  }

  /** Logits of the next token `[n, targetSize]` from the `h` of `decode`, as rows `[n, units]`. */
  logits(h: tf.Tensor2D): tf.Tensor2D {
    const { kernel, bias } = this.outputLayer;
    return tf.add(tf.matMul(h, kernel), bias);
  }

  dispose(): void {
    for (const { variable: weight } of this.parameters) weight.dispose();
  }

  /** Input of the first recurrent layer: embedded tokens, or token ids, which the layer reads as one-hot vectors. */
  #read(side: 'encoder' | 'decoder', ids: tf.Tensor2D, training: boolean | undefined): tf.Tensor {
    return this.shape.embedding > 0
      ? this.#dropped(embeddingLookup({ table: this.#weight(`${side}_embedding/embeddings`), ids }), training)
      : ids;
  }

  /** Applies dropout with a new mask in training. */
  #dropped(x: tf.Tensor3D, training = false): tf.Tensor3D {
    return training && this.#dropout ? this.#dropout.drop(x) : x;
  }

  get #additive(): boolean {
    return this.shape.attention === 'additive';
  }

  /** Multiplies every state of `[timeSteps, batch, inputs]` by a matrix `[inputs, outputs]`. */
  #times(h: tf.Tensor3D, name: string): tf.Tensor3D {
    const [timeSteps, batch, inputs] = h.shape;
    const kernel = this.#weight(name);
    return tf.reshape(tf.matMul(tf.reshape(h, [timeSteps * batch, inputs]), kernel), [
      timeSteps,
      batch,
      kernel.shape[1],
    ]);
  }

  #weight<Shaped extends tf.Tensor = tf.Tensor2D>(name: string): Shaped {
    const parameter = this.parameters.find((candidate) => candidate.name === name);
    if (!parameter) throw new Error(`The model has no weight "${name}".`);
    return parameter.variable as tf.Tensor as Shaped;
  }
}

/** Weights that make the initial states of a decoder of those of both directions of its encoder. */
function bridges(decoder: RecurrentStack): Parameter[] {
  const states = tf.tidy(() =>
    decoder
      .zeroState(1)
      .map((layer) => namedStateTensors(layer).map(({ name, tensor: { shape } }) => ({ name, width: shape[1] }))),
  );
  return states.flatMap((layer, index) =>
    layer.flatMap(({ name, width }) => [
      variable(`${bridgeName(index, name)}/kernel`, [2 * width, width]),
      variable(`${bridgeName(index, name)}/bias`, [width]),
    ]),
  );
}

function bridgeName(layer: number, part: string): string {
  return `bridge_${layer + 1}_${part}`;
}

function variable(name: string, size: number[]): Parameter {
  return { name, variable: tf.tidy(() => tf.variable(tf.zeros(size))) };
}

/** Creates the weights of stacked layers, `lstm_1/kernel` and so on. */
function built({ layers }: RecurrentStack, inputs: number): Parameter[] {
  let width = inputs;
  return layers.flatMap((layer) => {
    layer.build([null, null, width]);
    width = layer.computeOutputShape([null, null, width]).at(-1) as number;
    return layer.trainableWeights.map((weight) => ({
      name: `${layer.name}/${weight.originalName}`,
      variable: weight.read() as tf.Variable,
    }));
  });
}
