import type { RunConfig } from '../config/schema.ts';
import { tasks } from '../config/tasks.ts';
import type { RunSettings } from '../judgment/advice.ts';
import type { JudgedRun } from '../judgment/diagnosis.ts';
import { MAX_PROBED, type Probed } from '../probes/probed.ts';
import { type ProbeContext, takeProbe } from '../probes/takeProbe.ts';
import type { Probe, ProbeStart } from '../protocol/probes.ts';
import type { ProbeStore } from '../runs/probeStore.ts';
import type { RunRecord } from '../runs/record.ts';
import { trainingOfStep } from '../runs/runPart.ts';
import type { TextReading, TrainingTask } from '../training/trainingTask.ts';
import { type UpdateRatios, UpdateWatch } from '../training/updateRatios.ts';
import type { Progress } from './progress.ts';
import { phrase, PhrasedError } from '../phrases/phrase.ts';

/** Every Nth probe also takes the expensive measurements. */
export const THOROUGH_EVERY = 10;

/** Part of the training time that the passes over the followed sequences of a probe may take. */
const TIME_SHARE = 0.0075;
/** Minimum number of sequences followed while training: the fewest whose interval of the median leaves out the extremes. */
const MIN_SEQUENCES = 9;

/**
 * Number of sequences that a probe of a training run follows: as many as cost a fixed part of the training steps from
 * one probe to the next. It depends on the configuration alone, so that a run repeats exactly.
 */
export function followedSequences({ probes, training, model }: RunConfig): number {
  const passes = model.bidirectional ? 2 : 1;
  const affordable = Math.floor((TIME_SHARE * probes.every * training.batchSize) / passes);
  return Math.max(MIN_SEQUENCES, Math.min(MAX_PROBED, affordable));
}

/**
 * The probes of a run: periodic ones on its probe batch, stored and reported, and others on demand. A run without a
 * probe batch takes none.
 */
export class RunProbes {
  readonly #task: TrainingTask;
  readonly #record: RunRecord;
  readonly #store: Pick<ProbeStore, 'add'>;
  readonly #report: (probe: Probe) => void;
  readonly #progress: Pick<Progress, 'clippedShare' | 'learning'>;
  #updateWatch: UpdateWatch | undefined;
  #updateRatios: UpdateRatios | undefined;
  #lastTaken: number | undefined;
  #written: Promise<void> = Promise.resolve();

  /** @param report receives every periodic probe */
  constructor(
    task: TrainingTask,
    record: RunRecord,
    store: Pick<ProbeStore, 'steps' | 'add'>,
    progress: Pick<Progress, 'clippedShare' | 'learning'>,
    report: (probe: Probe) => void,
  ) {
    this.#task = task;
    this.#record = record;
    this.#store = store;
    this.#progress = progress;
    this.#report = report;
    this.#lastTaken = store.steps.at(-1);
  }

  /** Call it before a training step. If a probe follows the step, it measures how far the step moves the weights. */
  before(step: number): void {
    this.#updateWatch?.dispose();
    const { probed } = this.#task;
    this.#updateWatch = probed && this.#isDue(step) ? new UpdateWatch(probed.parameters) : undefined;
  }

  /** Call it after the training step. */
  async after(): Promise<void> {
    if (!this.#updateWatch) return;
    this.#updateRatios = await this.#updateWatch.ratios();
    this.#updateWatch.dispose();
    this.#updateWatch = undefined;
  }

  /** Takes the probe of a step if one is due and has not been taken. */
  async takeIfDue(step: number): Promise<void> {
    if (this.#isDue(step) && this.#lastTaken !== step)
      await this.take(step, (step / this.#record.config.probes.every) % THOROUGH_EVERY === 0);
  }

  /** Takes a last, thorough probe, unless the step has one. */
  async takeLast(step: number): Promise<void> {
    if (this.#record.config.probes.every > 0 && this.#lastTaken !== step) await this.take(step, true);
  }

  /** Takes, stores and reports a probe of the probe batch. @param thorough whether to take the expensive measurements */
  async take(step: number, thorough: boolean): Promise<void> {
    if (!this.#task.probed) return;
    const probe = await this.#probe(this.#task.probed, {
      step,
      source: 'batch',
      start: 'zero',
      thorough,
      sequences: followedSequences(this.#record.config),
    });
    this.#lastTaken = step;
    this.#report(probe);
    // The next probe waits for the disk, the steps before it do not.
    await this.#written;
    this.#written = this.#store.add(probe);
    this.#written.catch(() => undefined);
  }

  /** A thorough probe that is neither stored nor reported. @throws Error that says why there is none */
  async onDemand(step: number, text: string | null, start: ProbeStart): Promise<Probe> {
    return this.#probe(probedFor(this.#task, text, start, this.#task.reading), {
      step,
      source: text === null ? 'batch' : 'text',
      start,
      thorough: true,
      sequences: MAX_PROBED,
      forgetting: text === null ? this.#task.forgetting : undefined,
    });
  }

  /** Resolves when every probe taken is on disk. @throws the error that kept one from being written */
  async flush(): Promise<void> {
    await this.#written;
  }

  dispose(): void {
    this.#updateWatch?.dispose();
  }

  #isDue(step: number): boolean {
    const { every } = this.#record.config.probes;
    return every > 0 && step % every === 0;
  }

  async #probe(
    probed: Probed,
    context: Pick<ProbeContext, 'step' | 'source' | 'start' | 'thorough' | 'sequences' | 'forgetting'>,
  ): Promise<Probe> {
    const training = trainingOfStep(this.#record, context.step);
    return takeProbe(probed, {
      ...judgedRun({ ...this.#record.config, training }),
      ...context,
      learning: this.#progress.learning,
      clippedShare: this.#progress.clippedShare,
      ...(this.#updateRatios && { updateRatios: this.#updateRatios }),
    });
  }
}

/**
 * The model on a text, or on the task's own sequences from the given state.
 * @throws Error that says why there is none
 */
export function probedFor(
  task: Pick<TrainingTask, 'probed' | 'probedCarried'>,
  text: string | null,
  start: ProbeStart,
  reading: TextReading | undefined,
): Probed {
  if (text !== null) {
    if (start === 'carried')
      throw new PhrasedError(phrase('A given text starts from the zero state; there is no state to carry over.'));
    if (!reading) throw new PhrasedError(phrase('The model of this run reads no text.'));
    return reading.probedOn(text);
  }
  if (!task.probed) throw new PhrasedError(phrase('This run has no recurrent layers that can be probed.'));
  if (start === 'zero') return task.probed;
  const { probedCarried } = task;
  if (!probedCarried)
    throw new PhrasedError(phrase('Only a language model carries its state from one window to the next.'));
  return probedCarried;
}

/** Settings of a run, and the distance of its task, for a judgment. */
export function judgedRun(config: RunConfig): JudgedRun {
  const { task, data } = config;
  return { settings: runSettings(config), distance: tasks[task.name].distance?.({ task, data }) ?? null };
}

/** The part of a run's configuration that advice changes. */
function runSettings({ model, training, data, task }: RunConfig): RunSettings {
  const { cell, activation, forgetBias, recurrentInitializer, recurrentGain } = model;
  const { learningRate, clipNorm, clipValue } = training;
  // Only a text is cut into windows. In other tasks a shorter sequence would be another task.
  const sequenceLength = task.name === 'language-model' ? data.sequenceLength : null;
  return {
    cell,
    activation,
    forgetBias,
    recurrentInitializer,
    recurrentGain,
    learningRate,
    clipNorm,
    clipValue,
    sequenceLength,
  };
}
