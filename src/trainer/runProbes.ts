import type { RunConfig } from '../config/schema.ts';
import type { Probed } from '../probes/probed.ts';
import { takeProbe } from '../probes/takeProbe.ts';
import type { Probe } from '../protocol/probes.ts';
import type { ProbeStore } from '../runs/probeStore.ts';
import type { TrainingTask } from '../training/trainingTask.ts';
import type { Update } from '../training/update.ts';
import { type UpdateRatios, UpdateWatch } from '../training/updateRatios.ts';
import { runSettings } from './runSettings.ts';

/** How many steps the share of clipped ones looks back. */
const RECENT = 100;

/** Of so many probes one measures what is dear too. */
export const THOROUGH_EVERY = 10;

/** The share of the last 100 steps that were clipped. */
export function clippedShare(clipped: readonly boolean[]): number {
  const recent = clipped.slice(-RECENT);
  return recent.filter((wasClipped) => wasClipped).length / Math.max(1, recent.length);
}

/**
 * The probes of a run: on its probe batch every so many steps, kept and told to the owner, and on demand. Without a
 * probe batch the run takes none.
 */
export class RunProbes {
  readonly #task: TrainingTask;
  readonly #config: RunConfig;
  readonly #store: ProbeStore;
  readonly #report: (probe: Probe) => void;
  #recentlyClipped: readonly boolean[];
  #updateRatios: UpdateRatios | undefined;
  #lastTaken: number | undefined;
  #written: Promise<void> = Promise.resolve();

  /**
   * @param recentlyClipped whether each of the last steps was clipped, as `recentlyClipped` was when the run was stored
   * @param report hears of every probe of the run's own batch
   */
  constructor(
    task: TrainingTask,
    config: RunConfig,
    store: ProbeStore,
    recentlyClipped: readonly boolean[],
    report: (probe: Probe) => void,
  ) {
    this.#task = task;
    this.#config = config;
    this.#store = store;
    this.#recentlyClipped = recentlyClipped;
    this.#report = report;
    this.#lastTaken = store.steps.at(-1);
  }

  get recentlyClipped(): boolean[] {
    return [...this.#recentlyClipped];
  }

  /** Makes a training step; when a probe follows it, how far it moves the weights is measured. */
  async watch<Result extends Update>(step: number, train: () => Promise<Result>): Promise<Result> {
    const { probed } = this.#task;
    const watch = probed && this.#isDue(step) ? new UpdateWatch(probed.parameters) : undefined;
    try {
      const result = await train();
      this.#recentlyClipped = [...this.#recentlyClipped, result.clippedGradientNorm < result.gradientNorm].slice(
        -RECENT,
      );
      if (watch) this.#updateRatios = await watch.ratios();
      return result;
    } finally {
      watch?.dispose();
    }
  }

  /** Takes the probe of a step, if one is due and has not been taken. */
  async takeIfDue(step: number): Promise<void> {
    if (this.#isDue(step) && this.#lastTaken !== step)
      await this.#take(step, (step / this.#config.probes.every) % THOROUGH_EVERY === 0);
  }

  /** Takes a last, thorough probe, unless one was taken. */
  async takeLast(step: number): Promise<void> {
    if (this.#config.probes.every > 0 && this.#lastTaken !== step) await this.#take(step, true);
  }

  /** A thorough probe that is neither kept nor told. @throws Error that says why there is none */
  async onDemand(step: number, text: string | null): Promise<Probe> {
    const { probed, reading } = this.#task;
    if (text === null) {
      if (!probed) throw new Error('This run has no recurrent layers that can be probed.');
      return this.#probe(probed, step, 'batch', true);
    }
    if (!reading) throw new Error('The model of this run reads no text.');
    return this.#probe(reading.probedOn(text), step, 'text', true);
  }

  /** Resolves when every probe taken is on disk. @throws what has kept one from being written */
  async flush(): Promise<void> {
    await this.#written;
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
    // The next steps need not wait for the disk; the next probe does.
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
      clippedShare: clippedShare(this.#recentlyClipped),
      ...(this.#updateRatios && { updateRatios: this.#updateRatios }),
    });
  }
}
