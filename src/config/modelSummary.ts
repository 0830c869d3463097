import type { ModelConfig, RunConfig } from './schema.ts';
import type { TaskName } from './task.ts';
import { tasks } from './tasks.ts';

/**
 * A model before it is trained, as layers with their shapes and parameters. How many symbols it reads (V) and how many
 * answers it chooses from (K) is only known once the data has been read, so parameters are counted as a + b V + c K.
 */

/** A number of parameters: `fixed + perInput * V + perOutput * K`. */
export interface ParameterCount {
  readonly fixed: number;
  readonly perInput: number;
  readonly perOutput: number;
}

export interface LayerSummary {
  readonly name: string;
  /** What leaves it, such as "[batch, timeSteps, 100]". */
  readonly shape: string;
  readonly parameters: ParameterCount;
}

/** How answers lie to what is read. */
export type Arrangement = 'many-to-one' | 'one-to-many' | 'many-to-many' | 'delayed';

const ARRANGEMENTS: Readonly<Record<TaskName, Arrangement>> = {
  'language-model': 'many-to-many',
  'temporal-order': 'many-to-one',
  adding: 'many-to-one',
  copying: 'many-to-many',
  counting: 'many-to-many',
  classification: 'many-to-one',
  tagging: 'many-to-many',
  'sequence-to-sequence': 'delayed',
  dates: 'delayed',
  reversing: 'delayed',
  forecasting: 'many-to-one',
  'conditioned-generation': 'one-to-many',
};

export function arrangementOf(task: TaskName): Arrangement {
  return ARRANGEMENTS[task];
}

/** Blocks of `units` columns in the weights of a cell. */
const GATES: Readonly<Record<ModelConfig['cell'], number>> = { lstm: 4, gru: 3, rnn: 1 };

/**
 * The layers of a recurrent network from tokens or vectors to answers, first layer first.
 * @returns undefined for models that are no such stack: other families, encoders with decoders, writers that a label begins
 */
export function layersOf({ task: { name }, model }: Pick<RunConfig, 'task' | 'model'>): LayerSummary[] | undefined {
  const arrangement = ARRANGEMENTS[name];
  if (model.family !== 'recurrent' || arrangement === 'delayed' || arrangement === 'one-to-many') return undefined;
  const embeds = tasks[name].reads === 'tokens' && model.embedding > 0;
  const layers: LayerSummary[] = embeds
    ? [{ name: 'embedding', shape: `[batch, timeSteps, ${model.embedding}]`, parameters: { fixed: 0, perInput: model.embedding, perOutput: 0 } }]
    : [];
  const directions = model.bidirectional ? 2 : 1;
  const width = directions * (projects(model) ? model.projection : model.units);
  for (let layer = 1; layer <= model.layers; layer++) {
    const reads = layer > 1 ? width : embeds ? model.embedding : undefined;
    const answersOnce = arrangement === 'many-to-one' && layer === model.layers && model.pooling === 'last';
    layers.push({
      name: `${model.bidirectional ? 'bidirectional ' : ''}${model.cell}_${layer}`,
      shape: answersOnce ? `[batch, ${width}]` : `[batch, timeSteps, ${width}]`,
      parameters: times(directions, cellParameters(model, reads)),
    });
  }
  if (name === 'classification' && model.pooling !== 'last') {
    layers.push({ name: `pooling: ${model.pooling}`, shape: `[batch, ${width}]`, parameters: { fixed: model.pooling === 'attention' ? width : 0, perInput: 0, perOutput: 0 } });
  }
  layers.push({
    name: 'dense',
    shape: arrangement === 'many-to-one' ? '[batch, K]' : '[batch, timeSteps, K]',
    parameters: { fixed: 0, perInput: 0, perOutput: width + 1 },
  });
  return layers;
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

/** The number, once it is known how many symbols are read and how many answers there are. */
export function counted({ fixed, perInput, perOutput }: ParameterCount, inputs: number, outputs: number): number {
  return fixed + perInput * inputs + perOutput * outputs;
}

/**
 * What PyTorch counts more: its cells keep two biases, which are only ever added (GRUs that reset after the product have
 * them here too).
 */
export function torchSurplus({ cell, layers, units, bidirectional, bias, resetAfter }: ModelConfig): number {
  if (!bias || (cell === 'gru' && resetAfter)) return 0;
  return layers * (bidirectional ? 2 : 1) * GATES[cell] * units;
}

/** Whether hidden states are projected before they go on. */
function projects({ cell, projection }: ModelConfig): boolean {
  return cell === 'lstm' && projection > 0;
}

/** Kernel, recurrent kernel, bias and projection of one direction. @param reads width of what it reads; undefined: V */
function cellParameters(model: ModelConfig, reads: number | undefined): ParameterCount {
  const { cell, units, bias, projection, recurrence, resetAfter } = model;
  const columns = GATES[cell] * units;
  const biases = !bias ? 0 : cell === 'gru' && resetAfter ? 2 : 1;
  const own = projects(model) ? columns * (projection + biases) + units * projection : columns * (units + biases);
  const inputs = reads === undefined ? { fixed: 0, perInput: columns } : { fixed: columns * reads, perInput: 0 };
  // What is fed back is as wide as the output layer.
  const outputs = cell === 'rnn' && recurrence === 'output' ? { fixed: -units * columns, perOutput: columns } : { fixed: 0, perOutput: 0 };
  return { fixed: own + inputs.fixed + outputs.fixed, perInput: inputs.perInput, perOutput: outputs.perOutput };
}

function times(factor: number, { fixed, perInput, perOutput }: ParameterCount): ParameterCount {
  return { fixed: factor * fixed, perInput: factor * perInput, perOutput: factor * perOutput };
}
