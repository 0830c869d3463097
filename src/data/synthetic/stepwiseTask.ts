import type { Generator } from '../../random/generator.ts';

/** Generated sequences with a target at each step, `[timeSteps, batch]` in time-major order. */
export interface StepwiseBatch {
  readonly timeSteps: number;
  readonly batch: number;
  /** Ids of input symbols: step t of sequence b is at `t * batch + b`. */
  readonly inputs: Int32Array;
  /** Ids of output symbols. */
  readonly targets: Int32Array;
  /** 1 where the target counts, 0 elsewhere. */
  readonly weights: Float32Array;
}

/** Many-to-many task with generated sequences and a target at each step. */
export interface StepwiseTask {
  /** Input symbols by id. */
  readonly inputSymbols: readonly string[];
  /** Output symbols by id. */
  readonly outputSymbols: readonly string[];
  /** Minimum number of time steps for which the task is defined. */
  readonly minTimeSteps: number;
  /** Loss of the best prediction without memory, in nats per step that counts. */
  guessLoss(timeSteps: number): number;
  /** @throws RangeError for fewer than `minTimeSteps` */
  generate(timeSteps: number, batch: number, generator: Generator): StepwiseBatch;
}

/** Creates a batch in which every target is the output symbol 0 and none counts. */
export function emptyBatch(
  { minTimeSteps }: Pick<StepwiseTask, 'minTimeSteps'>,
  timeSteps: number,
  batch: number,
): StepwiseBatch {
  if (timeSteps < minTimeSteps) {
    throw new RangeError(`This task needs at least ${minTimeSteps} time steps, not ${timeSteps}.`);
  }
  const size = timeSteps * batch;
  return {
    timeSteps,
    batch,
    inputs: new Int32Array(size),
    targets: new Int32Array(size),
    weights: new Float32Array(size),
  };
}
