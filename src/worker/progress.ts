import * as z from 'zod';
import type { RunRecord } from '../runs/record.ts';
import type { Update } from '../training/update.ts';

/** Number of last steps over which the training loss and the fraction of clipped steps are averaged. */
const RECENT_STEPS = 100;

const plateausSchema = z.object({
  /** The lowest validation loss so far; null before the first validation. */
  best: z.number().nullable(),
  /** Validations since then. */
  since: z.int().nonnegative(),
  /** Validations since then, or since the learning rate was last lowered. */
  waited: z.int().nonnegative(),
  /** Number of times that the learning rate was lowered. */
  lowered: z.int().nonnegative(),
});

/** Whether the validation loss still falls: the basis of early stopping and of the schedule "plateau". */
type Plateaus = z.output<typeof plateausSchema>;

const NO_PLATEAUS: Plateaus = { best: null, since: 0, waited: 0, lowered: 0 };

/**
 * The plateaus after one more validation.
 * @param patience validations without a lower loss after which the learning rate is lowered
 */
function afterValidation({ best, since, waited, lowered }: Plateaus, loss: number, patience: number): Plateaus {
  if (best === null || loss < best) return { best: loss, since: 0, waited: 0, lowered };
  const isLong = waited + 1 >= patience;
  return { best, since: since + 1, waited: isLong ? 0 : waited + 1, lowered: lowered + (isLong ? 1 : 0) };
}

/**
 * The `state` of `checkpoint.json`, under the names in the code (`stableNames.ts`): everything in a checkpoint besides
 * its step and its tensors.
 */
export const checkpointStateSchema = z.object({
  /** State of the training loop, which checks it. */
  trainer: z.unknown(),
  seconds: z.number().nonnegative(),
  recentLosses: z.array(z.number()),
  validationLoss: z.number().nullable(),
  best: z.object({ step: z.int().nonnegative(), loss: z.number() }).nullable(),
  plateaus: plateausSchema.default(NO_PLATEAUS),
  recentlyClipped: z.array(z.boolean()).default([]),
});

export type CheckpointState = z.output<typeof checkpointStateSchema>;

/**
 * Progress of a run, and its consequences for the checkpoints: everything that a checkpoint stores besides
 * the model and its training loop.
 */
export class Progress {
  readonly clock: Stopwatch;
  #step: number;
  #recentLosses: readonly number[];
  /** Whether each of the last steps was clipped. */
  #recentlyClipped: readonly boolean[];
  #validationLoss: number | null;
  #best: CheckpointState['best'];
  #plateaus: Plateaus;
  #checkpointStep: number;
  #validatedStep: number | undefined;

  /** @param stored the state of the checkpoint that the run resumes from, whose step is `step` */
  constructor(step = 0, stored?: Omit<CheckpointState, 'trainer'>) {
    this.clock = new Stopwatch(stored?.seconds ?? 0);
    this.#step = step;
    this.#recentLosses = stored?.recentLosses ?? [];
    this.#recentlyClipped = stored?.recentlyClipped ?? [];
    this.#validationLoss = stored?.validationLoss ?? null;
    this.#best = stored?.best ?? null;
    this.#plateaus = stored?.plateaus ?? NO_PLATEAUS;
    this.#checkpointStep = step;
  }

  /** Steps done. */
  get step(): number {
    return this.#step;
  }

  /** Mean training loss of the last 100 steps; null before the first step. */
  get trainLoss(): number | null {
    const mean = this.#recentLosses.reduce((sum, loss) => sum + loss, 0) / this.#recentLosses.length;
    return Number.isFinite(mean) ? mean : null;
  }

  /** Fraction of the last 100 steps whose gradient was clipped. */
  get clippedShare(): number {
    return clippedShare(this.#recentlyClipped);
  }

  get plateaus(): Plateaus {
    return this.#plateaus;
  }

  /** Step of the checkpoint with the lowest validation loss. */
  get bestStep(): number | undefined {
    return this.#best?.step;
  }

  /** Whether the current step has been validated. */
  get isValidated(): boolean {
    return this.#validatedStep === this.#step;
  }

  /** Whether the current step has a checkpoint. */
  get hasCheckpoint(): boolean {
    return this.#checkpointStep === this.#step;
  }

  /** The part of a run's record that changes while the run trains. */
  get recorded(): RunRecord['progress'] {
    return {
      step: this.#step,
      seconds: this.clock.seconds,
      trainLoss: this.trainLoss,
      validationLoss: this.#validationLoss,
      best: this.#best,
    };
  }

  /** Counts a step. */
  addStep({ loss, gradientNorm, clippedGradientNorm }: Update): void {
    this.#step += 1;
    this.#recentLosses = [...this.#recentLosses, loss].slice(-RECENT_STEPS);
    this.#recentlyClipped = [...this.#recentlyClipped, clippedGradientNorm < gradientNorm].slice(-RECENT_STEPS);
  }

  /** Takes in a validation of the current step. @param patience as in `afterValidation` */
  addValidation(loss: number, patience: number): void {
    this.#validationLoss = loss;
    this.#plateaus = afterValidation(this.#plateaus, loss, patience);
    this.#validatedStep = this.#step;
  }

  /**
   * Makes the validated current step the best checkpoint if its loss is lower than that of the best so far. On a tie
   * the earlier one stays: it needed fewer steps, and its files are already on disk.
   */
  rankCheckpoint(): void {
    const loss = this.#validationLoss;
    if (loss !== null && (this.#best === null || loss < this.#best.loss)) this.#best = { step: this.#step, loss };
  }

  /**
   * Whether `model/` gets the current weights: always, or with `keepBest` only when no earlier checkpoint is better.
   */
  shouldSaveModel(keepBest: boolean): boolean {
    return !keepBest || this.#best === null || this.#best.step === this.#step;
  }

  /** The state for a checkpoint of the current step. */
  checkpointState(trainer: unknown): CheckpointState {
    return {
      trainer,
      seconds: this.clock.seconds,
      recentLosses: [...this.#recentLosses],
      validationLoss: this.#validationLoss,
      best: this.#best,
      plateaus: this.#plateaus,
      recentlyClipped: [...this.#recentlyClipped],
    };
  }

  /** Notes that the checkpoint of the current step is on disk. */
  checkpointWritten(): void {
    this.#checkpointStep = this.#step;
  }
}

/** Fraction of clipped steps among the last 100. */
export function clippedShare(clipped: readonly boolean[]): number {
  const recent = clipped.slice(-RECENT_STEPS);
  return recent.filter((wasClipped) => wasClipped).length / Math.max(1, recent.length);
}

/** Seconds of training, without pauses. A resumed run continues from the seconds of its earlier parts. */
class Stopwatch {
  #before: number;
  #since: number | undefined;

  /** Stopped at first. */
  constructor(secondsBefore: number) {
    this.#before = secondsBefore;
  }

  get seconds(): number {
    return this.#before + (this.#since === undefined ? 0 : (performance.now() - this.#since) / 1000);
  }

  start(): void {
    this.#since ??= performance.now();
  }

  /** @returns whether it was running */
  stop(): boolean {
    const wasRunning = this.#since !== undefined;
    this.#before = this.seconds;
    this.#since = undefined;
    return wasRunning;
  }
}
