import { CELL_NAMES, type CellName } from '../../config/cells.ts';
import { projectionOf } from '../../config/cells.ts';
import { isTied } from '../../config/layerSummaries.ts';
import { counted, layersOf, totalOf } from '../../config/modelSummary.ts';
import type { ModelConfig, RunConfig } from '../../config/schema.ts';
import type { NewTraining } from '../runs/runManager.ts';
import type { RunModel } from '../runs/runModel.ts';

/** Design of a comparison. Text, seed, data order and training are always equal. */
export interface Fairness {
  readonly equal: 'units' | 'parameters';
  /** Parallel runs share the processor, so their times are not comparable to those of other runs. */
  readonly order: 'sequential' | 'parallel';
}

/** Functions of the run manager that a comparison uses. */
export interface ComparedRuns {
  start(training: NewTraining): { readonly run: RunModel; readonly ready: Promise<void> };
  /** Resolves when the number of parameters of a run's model is known. */
  sized(run: RunModel): Promise<void>;
  /** Resolves when a run has ended. */
  over(run: RunModel): Promise<void>;
}

export interface ComparisonOptions {
  readonly training: Omit<NewTraining, 'comparison'>;
  /** Id of the comparison, stored in the records of its runs. */
  readonly comparison: string;
  readonly fairness: Fairness;
  /** Called with each run when its training begins. */
  readonly began: (run: RunModel, index: number) => void;
  /** Returns true once the user has stopped a run; no further run then begins. */
  readonly cancelled: () => boolean;
}

/**
 * Trains one run of each cell on the same text, in the same data order and with the same seed.
 * @returns the runs that have begun; sequential runs have ended, parallel runs are still training
 * @throws the error of the first run that cannot start; the runs before it are kept
 */
export async function compareArchitectures(runs: ComparedRuns, options: ComparisonOptions): Promise<RunModel[]> {
  const { training, comparison, fairness, began, cancelled } = options;
  const begun: RunModel[] = [];
  for (const cell of CELL_NAMES) {
    if (cancelled()) break;
    const { run, ready } = runs.start({
      ...training,
      comparison,
      config: configFor(cell, training.config, begun[0], fairness),
    });
    await ready;
    began(run, begun.length);
    begun.push(run);
    if (fairness.equal === 'parameters') await runs.sized(run);
    if (fairness.order === 'sequential') await runs.over(run);
  }
  return begun;
}

function configFor(cell: CellName, config: RunConfig, first: RunModel | undefined, { equal }: Fairness): RunConfig {
  const model = { ...config.model, cell };
  if (equal === 'units' || !first) return { ...config, model };
  return { ...config, model: withUnits(model, unitsForParameters(first.config.model, cell, first.view.parameters)) };
}

/**
 * Number of parameters of a language model: embedding, recurrent layers, output layer.
 * @param vocabulary width of a one-hot vector and of the output; may be fractional, since the count is linear in it
 */
export function parameterCount(model: ModelConfig, vocabulary: number): number {
  const layers = layersOf({ task: { name: 'language-model' }, model });
  if (!layers) throw new Error(`A language model of the family ${model.family} has no recurrent layers to count.`);
  return counted(totalOf(layers), vocabulary, vocabulary);
}

/** Vocabulary size at which a model has the given number of parameters. */
function vocabularyOf(model: ModelConfig, parameters: number): number {
  const without = parameterCount(model, 0);
  return (parameters - without) / (parameterCount(model, 1) - without);
}

/** A model with another hidden size; a tied embedding stays as wide as the hidden state. */
function withUnits(model: ModelConfig, units: number): ModelConfig {
  return isTied(model) && projectionOf(model) === 0 ? { ...model, units, embedding: units } : { ...model, units };
}

/** Hidden size at which another cell comes closest to the number of parameters of a model. */
export function unitsForParameters(model: ModelConfig, cell: CellName, parameters: number): number {
  const vocabulary = vocabularyOf(model, parameters);
  const count = (units: number) => parameterCount(withUnits({ ...model, cell }, units), vocabulary);
  let units = 1;
  while (count(units + 1) <= parameters) units++;
  return parameters - count(units) <= count(units + 1) - parameters ? units : units + 1;
}
