import { phrase, type Text } from '../phrases/phrase.ts';
import { biasRows, cells, projectionOf, hasField } from './cells.ts';
import type { ModelConfig } from './schema.ts';

/**
 * Layers of a model before training, with their shapes and parameters. The numbers of inputs (V) and outputs (K) are
 * only known after the data has been read, so parameters are counted as a + b V + c K.
 */

/** A number of parameters: `fixed + perInput * V + perOutput * K`. */
export interface ParameterCount {
  readonly fixed: number;
  readonly perInput: number;
  readonly perOutput: number;
}

export interface LayerSummary {
  readonly name: string;
  /** Name on screen, if it is more than the name of a layer. */
  readonly title?: Text;
  /** Output shape, such as "[batch, timeSteps, 100]". */
  readonly shape: string;
  readonly parameters: ParameterCount;
}

export function parameters({ fixed = 0, perInput = 0, perOutput = 0 }: Partial<ParameterCount>): ParameterCount {
  return { fixed, perInput, perOutput };
}

/** Width of the output of the recurrent layers at each step. */
export function widthOf(model: ModelConfig): number {
  return (model.bidirectional ? 2 : 1) * (projectionOf(model) || model.units);
}

/** The learned embedding of tokens, if there is one. */
export function embeddingLayer({ embedding }: ModelConfig, reads: 'tokens' | 'vectors', prefix = ''): LayerSummary[] {
  if (reads === 'vectors' || embedding === 0) return [];
  return [
    {
      name: `${prefix}embedding`,
      shape: `[batch, timeSteps, ${embedding}]`,
      parameters: parameters({ perInput: embedding }),
    },
  ];
}

export interface RecurrentLayersOptions {
  /** Inputs of the network: tokens (embedded or one-hot), or vectors. */
  readonly reads: 'tokens' | 'vectors';
  readonly prefix?: string;
  /** True if the last layer returns only its last state. */
  readonly answersOnce?: boolean;
}

/** The stacked recurrent layers, first layer first. */
export function recurrentLayers(
  model: ModelConfig,
  { reads, prefix = '', answersOnce = false }: RecurrentLayersOptions,
): LayerSummary[] {
  const width = widthOf(model);
  const embedded = reads === 'tokens' && model.embedding > 0 ? model.embedding : undefined;
  return Array.from({ length: model.layers }, (_, index) => ({
    name: `${model.bidirectional ? 'bidirectional ' : ''}${prefix}${model.cell}_${index + 1}`,
    shape: answersOnce && index === model.layers - 1 ? `[batch, ${width}]` : `[batch, timeSteps, ${width}]`,
    parameters: times(model.bidirectional ? 2 : 1, cellParameters(model, index > 0 ? width : embedded)),
  }));
}

/** The output layer. */
export function answerLayer(shape: string, width: number): LayerSummary {
  return { name: 'dense', shape, parameters: parameters({ perOutput: width + 1 }) };
}

/** Whether the output layer of a language model uses the weights of the embedding. */
export function isTied({ tieWeights, embedding }: Pick<ModelConfig, 'tieWeights' | 'embedding'>): boolean {
  return tieWeights && embedding > 0;
}

/** An output layer whose weights are those of the embedding, transposed: only its bias is counted. */
export function tiedLayer(shape: string): LayerSummary {
  const title = phrase('dense (embedding, transposed)');
  return { name: 'dense (embedding, transposed)', title, shape, parameters: parameters({ perOutput: 1 }) };
}

/** Kernel, recurrent kernel, bias and projection of one direction. @param inputs width of the inputs; undefined: V */
function cellParameters(model: ModelConfig, inputs: number | undefined): ParameterCount {
  const { cell, units, bias, recurrence } = model;
  const columns = cells[cell].gates * units;
  const biases = bias ? columns * biasRows(cell, model) : 0;
  const projection = projectionOf(model);
  // The recurrent kernel has a row for each value fed back: an output, a projected state or a state.
  const feedsOutputs = hasField(cell, 'recurrence') && recurrence === 'output';
  const recurrent = feedsOutputs ? 0 : projection > 0 ? columns * projection + units * projection : columns * units;
  return parameters({
    fixed: biases + recurrent + columns * (inputs ?? 0),
    perInput: inputs === undefined ? columns : 0,
    perOutput: feedsOutputs ? columns : 0,
  });
}

function times(factor: number, { fixed, perInput, perOutput }: ParameterCount): ParameterCount {
  return { fixed: factor * fixed, perInput: factor * perInput, perOutput: factor * perOutput };
}
