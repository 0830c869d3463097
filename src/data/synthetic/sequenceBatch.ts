import type { Generator } from '../../random/generator.ts';

/** Generated sequences of one length, each with a target at its end, in time-major order. */
export interface SequenceBatch {
  readonly timeSteps: number;
  readonly batch: number;
  /** Token ids `[timeSteps, batch]`, or vectors `[timeSteps, batch, width]`. */
  readonly inputs: Int32Array | Float32Array;
  /** Class of each sequence `[batch]`, or numbers `[batch, numbers]`. */
  readonly targets: Int32Array | Float32Array;
}

/** Many-to-one task with generated sequences. */
export interface SyntheticTask {
  /** Alphabet size for token ids, or width of the input vectors. */
  readonly inputs: number;
  readonly inputKind: 'ids' | 'vectors';
  /** Number of classes, or 1 for regression. */
  readonly outputs: number;
  readonly outputKind: 'class' | 'number';
  /** Minimum number of time steps for which the task is defined. */
  readonly minTimeSteps: number;
  /** Losses of baselines that need no training, by name. */
  readonly baselines: Readonly<Record<string, number>>;
  generate(timeSteps: number, batch: number, generator: Generator): SequenceBatch;
}
