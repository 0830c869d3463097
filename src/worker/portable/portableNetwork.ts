import * as tf from '@tensorflow/tfjs';
import { projectionOf } from '../../config/cells.ts';
import type { PortableModel, PortableShape } from '../../interop/portable.ts';
import type { ConditionedModel } from '../../models/conditioned/conditionedModel.ts';
import type { EncoderDecoder } from '../../models/encoderDecoder/encoderDecoder.ts';
import type { LanguageModel } from '../../models/languageModel.ts';
import type { RecurrentClassifier } from '../../models/recurrentClassifier.ts';
import type { RecurrentShape } from '../../models/recurrentLayers.ts';
import type { RecurrentNetwork } from '../../models/recurrentNetwork.ts';
import type { SequenceModel } from '../../models/sequenceModel.ts';
import type { StepwiseModel } from '../../models/stepwiseModel.ts';
import type { Tagger } from '../../models/tagger.ts';
import { type Parameter, readTensors } from '../../models/weights.ts';

/** Inputs and outputs of a model, with which another program checks that it computes the same. */
interface Example {
  /** Ids `[batch, time]`, or vectors `[batch, time, inputs]`; of an encoder, the sources. */
  readonly inputs: unknown;
  /** Ids that a decoder reads, `[batch, time]`. */
  readonly targets?: unknown;
  /** Labels of a conditioned model, `[batch]`. */
  readonly labels?: readonly number[];
  /** Logits or numbers, `[batch, time, outputs]`, or `[batch, outputs]` of a model with one output for a sequence. */
  readonly outputs: unknown;
}

/** A network that can leave the product. */
export interface PortableNetwork {
  readonly shape: PortableShape;
  readonly parameters: readonly Parameter[];
  /** Outputs for an example that is the same for equal shapes. */
  example(): Promise<Example>;
}

/** The weights of a network, under the names of `model/`. */
export async function portableModel({ shape, parameters }: PortableNetwork): Promise<PortableModel> {
  const tensors = await readTensors(parameters.map(({ name, variable }) => ({ name, tensor: variable })));
  return { shape, tensors };
}

const [BATCH, TIME, TARGET_TIME] = [2, 7, 5];

type OwnFields = Pick<PortableShape, 'network' | 'embedding' | 'inputs' | 'outputs'> &
  Partial<Pick<PortableShape, 'inputKind' | 'pooling' | 'attention' | 'tied' | 'labels' | 'separate'>>;

function shapeOf(recurrent: RecurrentShape, own: OwnFields): PortableShape {
  const { cell, layers, units, bidirectional, bias, activation, recurrence, resetAfter } = recurrent;
  return {
    cell,
    layers,
    units,
    bidirectional,
    bias,
    projection: projectionOf(recurrent),
    ...{ activation, recurrence, resetAfter },
    ...{ inputKind: 'ids', pooling: 'last', attention: 'none', tied: false, labels: 0 },
    ...own,
  };
}

/** Ids `[time, batch]` that differ between steps and sequences. */
function exampleIds(time: number, size: number): tf.Tensor2D {
  const ids = Int32Array.from({ length: time * BATCH }, (_, place) => {
    const [t, b] = [Math.floor(place / BATCH), place % BATCH];
    return (3 * t + 5 * b + 1) % size;
  });
  return tf.tensor2d(ids, [time, BATCH], 'int32');
}

/** `[time, batch, ...]` as nested lists `[batch][time]`. */
async function batchFirst(x: tf.Tensor): Promise<unknown> {
  const turned = tf.tidy(() => tf.transpose(x, [1, 0, ...x.shape.slice(2).map((_, axis) => axis + 2)]));
  const lists = await turned.array();
  turned.dispose();
  return lists;
}

/** Runs a model on the example inputs, which are then disposed. @param run returns logits `[time, batch, outputs]` */
async function answered(inputs: tf.Tensor, run: () => tf.Tensor): Promise<Example> {
  const outputs = tf.tidy(run);
  const example = {
    inputs: await batchFirst(inputs),
    outputs: outputs.rank === 3 ? await batchFirst(outputs) : await outputs.array(),
  };
  tf.dispose([inputs, outputs]);
  return example;
}

/** Logits of each step, `[time, batch, outputs]`. */
function stepwise(network: RecurrentNetwork, ids: tf.Tensor): tf.Tensor {
  const { h } = network.hiddenStates(ids, network.zeroState(BATCH));
  return tf.reshape(network.outputsOf(h), [ids.shape[0]!, BATCH, -1]);
}

export function portableLanguageModel(model: LanguageModel): PortableNetwork {
  const { vocabularySize, embedding, tieWeights = false } = model.shape;
  const shape = shapeOf(model.shape, {
    network: 'every-step',
    embedding,
    inputs: vocabularySize,
    outputs: vocabularySize,
    tied: tieWeights && embedding > 0,
  });
  return everyStep(model, shape);
}

export function portableTagger(model: Tagger): PortableNetwork {
  const { vocabularySize: inputs, tags: outputs, embedding } = model.shape;
  return everyStep(model, shapeOf(model.shape, { network: 'every-step', embedding, inputs, outputs }));
}

export function portableStepwiseModel(model: StepwiseModel): PortableNetwork {
  const { inputs, outputs, embedding } = model.shape;
  return everyStep(model, shapeOf(model.shape, { network: 'every-step', embedding, inputs, outputs }));
}

function everyStep(model: RecurrentNetwork, shape: PortableShape): PortableNetwork {
  return {
    shape,
    parameters: model.parameters,
    example() {
      const ids = exampleIds(TIME, shape.inputs);
      return answered(ids, () => stepwise(model, ids));
    },
  };
}

export function portableSequenceModel(model: SequenceModel): PortableNetwork {
  const { inputs, outputs, embedding, inputKind } = model.shape;
  const own = { embedding: inputKind === 'ids' ? embedding : 0, inputKind, inputs, outputs };
  const shape = shapeOf(model.shape, { network: 'last-step', ...own });
  return {
    shape,
    parameters: model.parameters,
    example() {
      const x =
        inputKind === 'ids'
          ? exampleIds(TIME, inputs)
          : tf.tidy(() => tf.sin(tf.reshape(tf.range(0, TIME * BATCH * inputs), [TIME, BATCH, inputs])));
      return answered(x, () => model.outputsOf(model.lastHidden(x, model.zeroState(BATCH))));
    },
  };
}

/** @param separate whether a text may have several labels, with separate probabilities */
export function portableClassifier(model: RecurrentClassifier, separate = false): PortableNetwork {
  const { vocabularySize: inputs, classes: outputs, embedding, pooling } = model.shape;
  const own = { embedding, inputs, outputs, pooling, ...(separate && { separate }) };
  const shape = shapeOf(model.shape, { network: 'last-step', ...own });
  return {
    shape,
    parameters: model.parameters,
    example() {
      const ids = exampleIds(TIME, inputs);
      return answered(ids, () => model.logits(ids, tf.fill([BATCH], TIME, 'int32')));
    },
  };
}

export function portableEncoderDecoder(model: EncoderDecoder): PortableNetwork {
  const { sourceSize: inputs, targetSize: outputs, embedding, attention } = model.shape;
  const shape = shapeOf(model.shape, { network: 'encoder-decoder', embedding, inputs, outputs, attention });
  return {
    shape,
    parameters: model.parameters,
    async example() {
      const targets = exampleIds(TARGET_TIME, outputs);
      const sources = exampleIds(TIME, inputs);
      const example = await answered(sources, () => {
        const { state, memory } = model.encode(sources, new Int32Array(BATCH).fill(TIME));
        const { h } = model.decode(targets, state, memory);
        const rows = tf.reshape<tf.Rank.R2>(h, [TARGET_TIME * BATCH, h.shape[2]]);
        return tf.reshape(model.logits(rows), [TARGET_TIME, BATCH, outputs]);
      });
      const read = await batchFirst(targets);
      targets.dispose();
      return { ...example, targets: read };
    },
  };
}

export function portableConditionedModel(model: ConditionedModel): PortableNetwork {
  const { vocabularySize: size, embedding, labels } = model.shape;
  const shape = shapeOf(model.shape, { network: 'conditioned', embedding, inputs: size, outputs: size, labels });
  return {
    shape,
    parameters: model.parameters,
    async example() {
      const given = Array.from({ length: BATCH }, (_, b) => b % labels);
      const ids = exampleIds(TIME, size);
      const example = await answered(ids, () => {
        const { h } = model.hiddenStates(ids, model.stateOf(Int32Array.from(given)));
        return tf.reshape(model.network.outputsOf(h), [TIME, BATCH, size]);
      });
      return { ...example, labels: given };
    },
  };
}
