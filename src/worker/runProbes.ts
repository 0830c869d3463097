import type { RunConfig } from '../config/schema.ts';
import type { RunSettings } from '../probes/advice.ts';
import type { Probed } from '../probes/probed.ts';
import { takeProbe } from '../probes/takeProbe.ts';
import type { Probe } from '../protocol/probes.ts';
import type { ProbeStore } from '../runs/probeStore.ts';
import type { TrainingTask } from '../training/trainingTask.ts';
import { type UpdateRatios, UpdateWatch } from '../training/updateRatios.ts';
import type { Progress } from './progress.ts';

/** Every Nth probe also takes the expensive measurements. */
export const THOROUGH_EVERY = 10;

/**
 * The probes of a run: periodic ones on its probe batch, stored and reported, and others on demand. A run without a
 * probe batch takes none.
 */
export class RunProbes {
  readonly #task: TrainingTask;
  readonly #config: RunConfig;
  readonly #store: ProbeStore;
  readonly #report: (probe: Probe) => void;
  readonly #progress: Pick<Progress, 'clippedShare'>;
  #updateWatch: UpdateWatch | undefined;
  #updateRatios: UpdateRatios | undefined;
  #lastTaken: number | undefined;
  #written: Promise<void> = Promise.resolve();

  /** @param report receives every periodic probe */
  constructor(
    task: TrainingTask,
    config: RunConfig,
    store: ProbeStore,
    progress: Pick<Progress, 'clippedShare'>,
    report: (probe: Probe) => void,
  ) {
    this.#task = task;
    this.#config = config;
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
      await this.#take(step, (step / this.#config.probes.every) % THOROUGH_EVERY === 0);
  }

  /** Takes a last, thorough probe, unless the step has one. */
  async takeLast(step: number): Promise<void> {
    if (this.#config.probes.every > 0 && this.#lastTaken !== step) await this.#take(step, true);
  }

  /** A thorough probe that is neither stored nor reported. @throws Error that says why there is none */
  async onDemand(step: number, text: string | null): Promise<Probe> {
    const { probed, reading } = this.#task;
    if (text === null) {
      if (!probed) throw new Error('This run has no recurrent layers that can be probed.');
      return this.#probe(probed, step, 'batch', true);
    }
    if (!reading) throw new Error('The model of this run reads no text.');
    return this.#probe(reading.probedOn(text), step, 'text', true);
  }

  /** Resolves when every probe taken is on disk. @throws the error that kept one from being written */
  async flush(): Promise<void> {
    await this.#written;
  }

  dispose(): void {
    this.#updateWatch?.dispose();
  }

  #isDue(step: number): boolean {
    const { every } = this.#config.probes;
    return every > 0 && step % every === 0;
  }

  async #take(step: number, thorough: boolean): Promise<void> {
    if (!this.#task.probed) return;
    const probe = await this.#probe(this.#task.probed, step, 'batch', thorough);
    this.#lastTaken = step;
    this.#report(probe);
    // The next probe waits for the disk, the steps before it do not.
    await this.#written;
    this.#written = this.#store.add(probe);
    this.#written.catch(() => undefined);
  }

  async #probe(probed: Probed, step: number, source: Probe['source'], thorough: boolean): Promise<Probe> {
    return takeProbe(probed, {
      step,
      source,
      thorough,
      settings: runSettings(this.#config),
      clippedShare: this.#progress.clippedShare,
      ...(this.#updateRatios && { updateRatios: this.#updateRatios }),
    });
  }
}

/** The part of a run's configuration that a verdict's advice changes. */
export function runSettings({ model, training, data, task }: RunConfig): RunSettings {
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
