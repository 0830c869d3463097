import * as z from 'zod';
import { rangeTestRates } from '../config/rangeTest.ts';
import { patienceOf, taskOf } from '../config/tasks.ts';
import { applicableTo } from '../protocol/applicableTo.ts';
import { scoredStep, type ScoredStep } from '../protocol/events.ts';
import { averagedSteps, meanLoss, RECENT_STEPS } from '../protocol/trainingLoss.ts';
import type { Learning } from '../protocol/verdicts.ts';
import type { RunRecord } from '../runs/record.ts';
import {
  causeOf,
  type Divergence,
  judgeLearning,
  NO_VALIDATIONS,
  type ValidationHistory,
  validationHistorySchema,
  withValidation,
} from '../judgment/learning.ts';
import { learningSettings } from '../judgment/learningAdvice.ts';
import type { Update } from '../training/update.ts';

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
  if (Number.isFinite(loss) && (best === null || loss < best)) return { best: loss, since: 0, waited: 0, lowered };
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
  best: scoredStep.nullable(),
  /** The validation of the model to keep. */
  kept: scoredStep.extend({ solved: z.boolean() }).nullable().default(null),
  validations: validationHistorySchema.default(NO_VALIDATIONS),
  /** Whether the last validation met the criterion of the task. */
  solved: z.boolean().default(false),
  plateaus: plateausSchema.default(NO_PLATEAUS),
  recentlyClipped: z.array(z.boolean()).default([]),
});

export type CheckpointState = z.output<typeof checkpointStateSchema>;

/** A validation of the current step. */
interface Scored {
  /** Not finite if the forward pass overflows. */
  readonly loss: number;
  /** Whether it meets the criterion of the task. */
  readonly solved: boolean;
}

/**
 * Progress of a run, and its consequences for the checkpoints: everything that a checkpoint stores besides
 * the model and its training loop.
 */
export class Progress {
  readonly clock: Stopwatch;
  readonly #run: Pick<RunRecord, 'config' | 'baselines'>;
  #step: number;
  #recentLosses: readonly number[];
  /** Whether each of the last steps was clipped. */
  #recentlyClipped: readonly boolean[];
  #validationLoss: number | null;
  #best: CheckpointState['best'];
  #kept: CheckpointState['kept'];
  #validations: ValidationHistory;
  #solved: boolean;
  #divergence: Divergence | null = null;
  #learning: Learning | undefined;
  #plateaus: Plateaus;
  /** Step whose checkpoint has this progress; undefined if the last one lacks the model to keep. */
  #checkpointStep: number | undefined;
  #validatedStep: number | undefined;

  /** @param stored the state of the checkpoint that the run resumes from, whose step is `step` */
  constructor(run: Pick<RunRecord, 'config' | 'baselines'>, step = 0, stored?: Omit<CheckpointState, 'trainer'>) {
    this.#run = run;
    this.clock = new Stopwatch(stored?.seconds ?? 0);
    this.#step = step;
    this.#recentLosses = stored?.recentLosses ?? [];
    this.#recentlyClipped = stored?.recentlyClipped ?? [];
    this.#validationLoss = stored?.validationLoss ?? null;
    this.#best = stored?.best ?? null;
    // In a run of an older version the best checkpoint was kept.
    this.#kept = stored?.kept ?? (stored?.best ? { ...stored.best, solved: false } : null);
    this.#validations = stored?.validations ?? NO_VALIDATIONS;
    this.#solved = stored?.solved ?? false;
    this.#plateaus = stored?.plateaus ?? NO_PLATEAUS;
    // A run that has ended early and is resumed all the same waits once more.
    if (this.isOutOfPatience) this.#plateaus = { ...this.#plateaus, since: 0 };
    this.#checkpointStep = step;
  }

  /** Steps done. */
  get step(): number {
    return this.#step;
  }

  /** Mean training loss of the last 100 steps, or the loss of the last step of a fit; null before the first step. */
  get trainLoss(): number | null {
    return meanLoss(this.#recentLosses.slice(-averagedSteps(applicableTo(this.#run.config))));
  }

  /** Fraction of the last 100 steps whose gradient was clipped. */
  get clippedShare(): number {
    return clippedShare(this.#recentlyClipped);
  }

  get plateaus(): Plateaus {
    return this.#plateaus;
  }

  /** The validation with the lowest loss. */
  get best(): ScoredStep | null {
    return this.#best;
  }

  /**
   * The validation of the model to keep: with `training.keepBest` the one with the lowest loss among those that meet
   * the criterion of the task, or among all if none does; otherwise the one of the current step. Null if that model was
   * not validated.
   */
  get kept(): ScoredStep | null {
    if (this.#run.config.training.keepBest) return this.#kept && { step: this.#kept.step, loss: this.#kept.loss };
    const loss = this.#validationLoss;
    return this.isValidated && loss !== null ? { step: this.#step, loss } : null;
  }

  /** Verdicts on learning, from the validations so far. */
  get learning(): Learning {
    const { config, baselines } = this.#run;
    // Its loss is meant to rise in the end; the step of a divergence has the rate at which it does.
    if (rangeTestRates(config))
      return { step: this.#divergence ? causeOf(this.#divergence) : this.#step, findings: [], advice: [] };
    this.#learning ??= judgeLearning(this.#validations, {
      baselines,
      references: taskOf(config.task).references,
      settings: learningSettings(config),
      solved: this.#solved,
      divergence: this.#divergence,
    });
    return this.#learning;
  }

  /** Whether training should end early: too many validations have passed without a lower loss. */
  get isOutOfPatience(): boolean {
    const overfits = this.learning.findings.some(({ verdict }) => verdict === 'overfitting');
    const patience = patienceOf(this.#run.config, overfits);
    return patience > 0 && this.#plateaus.since >= patience;
  }

  /** Whether the current step has been validated. */
  get isValidated(): boolean {
    return this.#validatedStep === this.#step;
  }

  /** Whether the current step has a checkpoint that names the model to keep. */
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
      kept: this.kept,
      learning: this.learning,
    };
  }

  /** Counts a step. */
  addStep({ loss, gradientNorm, clippedGradientNorm }: Update): void {
    this.#step += 1;
    this.#recentLosses = [...this.#recentLosses, loss].slice(-RECENT_STEPS);
    this.#recentlyClipped = [...this.#recentlyClipped, clippedGradientNorm < gradientNorm].slice(-RECENT_STEPS);
  }

  /**
   * Takes in a validation of the current step.
   * @returns whether the current model is better than the one kept so far. On a tie the earlier one stays: it needed
   *   fewer steps.
   */
  addValidation({ loss, solved }: Scored): boolean {
    const isFinite = Number.isFinite(loss);
    const before = this.#validations.recent.at(-1)?.step;
    // A run that resumes at a validated step validates it again. The validation at the end of a run counts only if it is
    // due, so that the run can be resumed as if it had not ended.
    const { validateEvery, checkpointEvery } = this.#run.config.training;
    const isDue = this.#step % validateEvery === 0 || this.#step % checkpointEvery === 0;
    if (isDue && before !== this.#step) {
      this.#plateaus = afterValidation(this.#plateaus, loss, this.#run.config.training.plateauPatience);
      this.#validations = withValidation(this.#validations, {
        step: this.#step,
        loss: isFinite ? loss : null,
        trainLoss: this.#trainLossSince(before ?? 0),
      });
    }
    this.#validationLoss = isFinite ? loss : null;
    this.#solved = solved;
    this.#validatedStep = this.#step;
    this.#learning = undefined;
    if (!isFinite) return false;
    if (this.#best === null || loss < this.#best.loss) this.#best = { step: this.#step, loss };
    const kept = this.#kept;
    const isBetter = kept === null || (solved === kept.solved ? loss < kept.loss : solved);
    if (isBetter) this.#kept = { step: this.#step, loss, solved };
    // A checkpoint that was written before the validation names an earlier model.
    if (isBetter) this.#checkpointStep = undefined;
    return isBetter;
  }

  /** Notes why the run cannot go on. */
  diverge(divergence: Divergence): void {
    this.#divergence = divergence;
    this.#learning = undefined;
  }

  /** The state for a checkpoint of the current step. */
  checkpointState(trainer: unknown): CheckpointState {
    return {
      trainer,
      seconds: this.clock.seconds,
      recentLosses: [...this.#recentLosses],
      validationLoss: this.#validationLoss,
      best: this.#best,
      kept: this.#kept,
      validations: this.#validations,
      solved: this.#solved,
      plateaus: this.#plateaus,
      recentlyClipped: [...this.#recentlyClipped],
    };
  }

  /** Notes that the checkpoint of the current step is on disk. */
  checkpointWritten(): void {
    this.#checkpointStep = this.#step;
  }

  /** Mean training loss since a step, over at most the last 100 steps; null without a step. */
  #trainLossSince(step: number): number | null {
    return meanLoss(this.#recentLosses.slice(-Math.max(1, this.#step - step)));
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
