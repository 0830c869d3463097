import type { RunParent, SweepTrial } from '../config/runParent.ts';
import type { RunConfig } from '../config/schema.ts';
import type { Text } from '../phrases/phrase.ts';
import type { AnnotatedRun } from '../protocol/annotations.ts';
import type { ScoredStep } from '../protocol/events.ts';
import type { RunState } from '../protocol/panel.ts';
import type { CellValue, RunRow } from '../protocol/runRow.ts';
import type { Finding } from '../protocol/verdicts.ts';
import { COLUMNS } from './columns.ts';

export { runRow, type RunRow } from '../protocol/runRow.ts';

/** Facts and results of a run, stored or in training. */
export interface CatalogRun {
  readonly id: string;
  readonly folder: string;
  /** Name of the file or document that it is trained on, or of the task that generates its data. */
  readonly data: string;
  readonly state: RunState;
  /** Reason for the end of the run, if it did not complete. */
  readonly message: Text | null;
  readonly config: RunConfig;
  /** Whether another program trains it, so that it cannot be resumed here. */
  readonly isLogged?: boolean;
  /** ISO date and time. */
  readonly createdAt: string;
  readonly comparison: string | null;
  readonly parent: RunParent | null;
  /** The sweep that it is a trial of; null for other runs. */
  readonly sweep: SweepTrial | null;
  /** Name of the backend in use; null before the run has started. */
  readonly backend: string | null;
  /** Number of parameters; 0 before the run has started. */
  readonly parameters: number;
  /** Number of sequences of a step, or of streams of a text. */
  readonly batchSize: number;
  /** Number of states of a tagger's Markov model; null for other models, and while it is unknown. */
  readonly states: number | null;
  readonly progress: {
    readonly step: number;
    readonly seconds: number;
    readonly trainLoss: number | null;
    readonly validationLoss: number | null;
    readonly best: ScoredStep | null;
    readonly learning: { readonly step: number; readonly findings: readonly Finding[] } | null;
  };
}

/** A run with what lists add to it: its label among the others, and what the user has written. */
export interface DescribedRun extends CatalogRun {
  /** The label among all runs with the name of the data, such as "GRU 1x100 · ferry.txt · lr 0.002". */
  readonly title: string;
  /** The part of the label that tells the run apart from others of its kind, such as "lr 0.002"; empty for none. */
  readonly difference: string;
  /** The label without the seed, for groups of runs that differ in nothing else. */
  readonly setup: string;
  readonly annotations: AnnotatedRun;
}

/** The row of a run, with the values of all columns. */
export function rowOf(run: DescribedRun): RunRow {
  const values: Record<string, CellValue> = {};
  for (const { key, value } of COLUMNS) values[key] = value(run);
  return { id: run.id, values };
}
