import { CELL_NAMES, type CellName } from '../../config/cells.ts';
import type { RunConfig } from '../../config/schema.ts';
import type { NewTraining } from '../runs/runManager.ts';
import type { RunModel } from '../runs/runModel.ts';
import { unitsForParameters } from './equalParameters.ts';

/** What the runs have in common besides text, seed, order of the data and training. */
export interface Fairness {
  readonly equal: 'units' | 'parameters';
  /** Side by side they share the machine, so that their seconds say less. */
  readonly order: 'oneByOne' | 'sideBySide';
}

/** What a comparison needs of the run manager. */
export interface ComparedRuns {
  start(training: NewTraining): { readonly run: RunModel; readonly ready: Promise<void> };
  /** Resolves when a run knows how many parameters its model has. */
  sized(run: RunModel): Promise<void>;
  /** Resolves when a run has ended. */
  over(run: RunModel): Promise<void>;
}

export interface ComparisonOptions {
  readonly training: Omit<NewTraining, 'comparison'>;
  /** Names the comparison in the records of its runs. */
  readonly comparison: string;
  readonly fairness: Fairness;
  /** Hears of each run as it begins to train. */
  readonly began: (run: RunModel, index: number) => void;
  /** True once the user wants no further run to begin. */
  readonly cancelled: () => boolean;
}

/**
 * Trains one run of each cell on the same text in the same order from the same seed.
 * @returns the runs that were begun; one by one they have ended, side by side they train on
 * @throws what stands in the way of a run; those before it are kept
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
    if (fairness.order === 'oneByOne') await runs.over(run);
  }
  return begun;
}

function configFor(cell: CellName, config: RunConfig, first: RunModel | undefined, { equal }: Fairness): RunConfig {
  const model = { ...config.model, cell };
  if (equal === 'units' || !first) return { ...config, model };
  return { ...config, model: { ...model, units: unitsForParameters(first.config.model, cell, first.view.parameters) } };
}
