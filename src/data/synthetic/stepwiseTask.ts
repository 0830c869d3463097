import type { Generator } from '../../random/generator.ts';

/** Generated sequences with an answer at each step. Everything is `[timeSteps, batch]`, time-major. */
export interface StepwiseBatch {
  readonly timeSteps: number;
  readonly batch: number;
  /** Ids of input symbols: step t of sequence b is at `t * batch + b`. */
  readonly inputs: Int32Array;
  /** Ids of output symbols. */
  readonly targets: Int32Array;
  /** 1 where the answer counts, 0 where none is asked for. */
  readonly weights: Float32Array;
}

/** A task that asks for an answer at each step (many-to-many, direct), with generated sequences. */
export interface StepwiseTask {
  /** The input symbols; their places are their ids. */
  readonly inputSymbols: readonly string[];
  /** The output symbols; their places are their ids. */
  readonly outputSymbols: readonly string[];
  /** Time steps below which the definition makes no sense. */
  readonly minTimeSteps: number;
  /** Loss, in nats per step that counts, of the best guess without memory. */
  guessLoss(timeSteps: number): number;
  /** @throws RangeError for fewer than `minTimeSteps` */
  generate(timeSteps: number, batch: number, generator: Generator): StepwiseBatch;
}

/** A batch in which every answer is the output symbol 0 and none counts. */
export function emptyBatch(
  { minTimeSteps }: Pick<StepwiseTask, 'minTimeSteps'>,
  timeSteps: number,
  batch: number,
): StepwiseBatch {
  if (timeSteps < minTimeSteps) {
    throw new RangeError(`This task needs at least ${minTimeSteps} time steps; ${timeSteps} were asked for.`);
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
