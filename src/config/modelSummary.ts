import { phrase } from '../phrases/phrase.ts';
import { biasRows, cells } from './cells.ts';
import {
  answerLayer,
  embeddingLayer,
  type LayerSummary,
  type ParameterCount,
  parameters,
  isTied,
  recurrentLayers,
  tiedLayer,
  widthOf,
} from './layerSummaries.ts';
import type { ModelConfig } from './schema.ts';
import type { TaskName } from './task.ts';
import { tasks } from './tasks.ts';

/** The fields of a configuration that determine the layers of a network. */
interface NetworkOfTask {
  readonly task: { readonly name: TaskName };
  readonly model: ModelConfig;
}

/**
 * The layers of a network, first layer first.
 * @returns undefined for models that are not networks: bag of words, naive Bayes, hidden Markov models
 */
export function layersOf({ task: { name }, model }: NetworkOfTask): LayerSummary[] | undefined {
  if (model.family === 'convolutional') return convolutionalLayers(model);
  if (model.family !== 'recurrent') return undefined;
  const reads = tasks[name].reads;
  switch (tasks[name].arrangement) {
    case 'delayed':
      return encoderDecoderLayers(model);
    case 'one-to-many':
      return conditionedLayers(model);
    case 'many-to-one':
      return manyToOneLayers(model, reads, name === 'classification' ? model.pooling : 'last');
    case 'many-to-many':
      return [
        ...embeddingLayer(model, reads),
        ...recurrentLayers(model, { reads }),
        name === 'language-model' && isTied(model)
          ? tiedLayer('[batch, timeSteps, K]')
          : answerLayer('[batch, timeSteps, K]', widthOf(model)),
      ];
  }
}

function manyToOneLayers(
  model: ModelConfig,
  reads: 'tokens' | 'vectors',
  pooling: ModelConfig['pooling'],
): LayerSummary[] {
  const width = widthOf(model);
  const pooled = {
    name: `pooling: ${pooling}`,
    title: phrase('pooling: {0}', pooling),
    shape: `[batch, ${width}]`,
    parameters: parameters({ fixed: pooling === 'attention' ? width : 0 }),
  };
  return [
    ...embeddingLayer(model, reads),
    ...recurrentLayers(model, { reads, answersOnce: pooling === 'last' }),
    ...(pooling === 'last' ? [] : [pooled]),
    answerLayer('[batch, K]', width),
  ];
}

/** Layers of an encoder-decoder; V is the source vocabulary size, K that of the target. */
function encoderDecoderLayers(both: ModelConfig): LayerSummary[] {
  const { bidirectional } = both;
  const model = { ...both, bidirectional: false };
  const width = widthOf(model);
  const states = model.layers * cells[model.cell].states.length;
  const weights = { none: 0, dot: 2 * width * width, additive: 4 * width * width + width }[model.attention];
  const attention = {
    name: `attention: ${model.attention}`,
    title: phrase('attention: {0}', model.attention),
    shape: `[batch, timeSteps, ${width}]`,
    parameters: parameters({ fixed: weights }),
  };
  const projected = model.attention === 'none' ? 0 : 2 * width * width;
  const bridge = {
    name: 'bridge',
    title: phrase('bridge: one state from both directions'),
    shape: `[batch, ${model.units}] x ${states}`,
    parameters: parameters({ fixed: states * (2 * model.units + 1) * model.units + projected }),
  };
  return [
    ...embeddingLayer(model, 'tokens', 'encoder_'),
    ...recurrentLayers(both, { reads: 'tokens', prefix: 'encoder_' }),
    ...(bidirectional ? [bridge] : []),
    ...embeddingLayer(model, 'tokens', 'decoder_').map(readsOutputs),
    ...recurrentLayers(model, { reads: 'tokens', prefix: 'decoder_' }).map(readsOutputs),
    ...(model.attention === 'none' ? [] : [attention]),
    answerLayer('[batch, timeSteps, K]', width),
  ];
}

/** Layers of a language model over V symbols whose initial states are rows of tables, one row for each of K labels. */
function conditionedLayers(model: ModelConfig): LayerSummary[] {
  const states = model.layers * cells[model.cell].states.length;
  const answers = parameters({ perInput: widthOf(model) + 1 });
  return [
    {
      // eslint-disable-next-line lab/translated -- an id; the title is shown
      name: 'initial states of each label',
      title: phrase('initial states of each label'),
      shape: `[batch, ${model.units}] x ${states}`,
      parameters: parameters({ perOutput: states * model.units }),
    },
    ...embeddingLayer(model, 'tokens'),
    ...recurrentLayers(model, { reads: 'tokens' }).map(writesInputs),
    { name: 'dense', shape: '[batch, timeSteps, V]', parameters: answers },
  ];
}

function convolutionalLayers({ embedding, kernelWidths, filters, pooling }: ModelConfig): LayerSummary[] {
  const width = embedding || CONVOLUTIONAL_EMBEDDING;
  const widths = widthsOf(kernelWidths);
  return [
    { name: 'embedding', shape: `[batch, timeSteps, ${width}]`, parameters: parameters({ perInput: width }) },
    ...widths.map((tokens) => ({
      name: `convolution_${tokens}`,
      shape: `[batch, timeSteps, ${filters}]`,
      parameters: parameters({ fixed: (tokens * width + 1) * filters }),
    })),
    {
      name: `pooling: ${pooling === 'mean' ? 'mean' : 'max'}`,
      title: phrase('pooling: {0}', pooling === 'mean' ? 'mean' : 'max'),
      shape: `[batch, ${widths.length * filters}]`,
      parameters: parameters({}),
    },
    answerLayer('[batch, K]', widths.length * filters),
  ];
}

/**
 * Default embedding width of a convolutional network: windows of one-hot vectors would be too wide.
 */
export const CONVOLUTIONAL_EMBEDDING = 64;

/** The distinct widths in `model.kernelWidths`. */
export function widthsOf(kernelWidths: string): number[] {
  return [...new Set(kernelWidths.split(',').map(Number))];
}

/** A layer that reads the outputs of the model instead of the inputs: its vocabulary size is K. */
function readsOutputs(layer: LayerSummary): LayerSummary {
  const { fixed, perInput, perOutput } = layer.parameters;
  return { ...layer, parameters: { fixed, perInput: 0, perOutput: perInput + perOutput } };
}

/** A layer whose outputs have the vocabulary of the inputs: their number is V. */
function writesInputs(layer: LayerSummary): LayerSummary {
  const { fixed, perInput, perOutput } = layer.parameters;
  return { ...layer, parameters: { fixed, perInput: perInput + perOutput, perOutput: 0 } };
}

export function totalOf(layers: readonly LayerSummary[]): ParameterCount {
  return layers.reduce(
    (sum, { parameters }) => ({
      fixed: sum.fixed + parameters.fixed,
      perInput: sum.perInput + parameters.perInput,
      perOutput: sum.perOutput + parameters.perOutput,
    }),
    { fixed: 0, perInput: 0, perOutput: 0 },
  );
}

/** Evaluates a parameter count for known numbers of inputs and outputs. */
export function counted({ fixed, perInput, perOutput }: ParameterCount, inputs: number, outputs: number): number {
  return fixed + perInput * inputs + perOutput * outputs;
}

/**
 * Number of additional parameters in PyTorch, whose cells have two biases and add them. A GRU that resets after the
 * recurrent product has both here, too.
 */
export function torchSurplus(model: ModelConfig): number {
  const { cell, layers, units, bidirectional, bias } = model;
  if (!bias || biasRows(cell, model) === 2) return 0;
  return layers * (bidirectional ? 2 : 1) * cells[cell].gates * units;
}
