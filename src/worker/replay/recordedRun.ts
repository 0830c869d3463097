import { InputError } from '../../data/inputError.ts';
import { phrase } from '../../phrases/phrase.ts';
import type { StepEvent, ValidationEvent } from '../../protocol/events.ts';
import { lockHolder, RunLockedError } from '../../runs/lock.ts';
import { readMetrics } from '../../runs/metricsLog.ts';
import { readRecord, type RunRecord } from '../../runs/record.ts';

/** A stored run to compare with: its record and what it measured at each step. */
export class RecordedRun {
  readonly folder: string;
  readonly record: RunRecord;
  /** Steps that were trained and logged. A crash may have left more of them than the record says. */
  readonly steps: number;
  readonly #steps = new Map<number, StepEvent>();
  readonly #validations = new Map<number, ValidationEvent>();

  /**
   * Reads a run that is not being trained.
   * @throws RunLockedError while it is being trained, InputError if it has no steps, or Error if it is damaged
   */
  static async read(folder: string): Promise<RecordedRun> {
    const holder = await lockHolder(folder);
    if (holder !== undefined) throw new RunLockedError(folder, holder);
    const run = new RecordedRun(folder, await readRecord(folder), await readMetrics(folder));
    if (run.steps === 0)
      throw new InputError('impossible', phrase('The run {0} has no steps to repeat.', run.record.id));
    return run;
  }

  private constructor(folder: string, record: RunRecord, metrics: Awaited<ReturnType<typeof readMetrics>>) {
    this.folder = folder;
    this.record = record;
    for (const event of metrics) {
      if (event.event === 'step') this.#steps.set(event.step, event);
      if (event.event === 'validation') this.#validations.set(event.step, event);
    }
    this.steps = [...this.#steps.keys()].reduce((most, step) => Math.max(most, step), 0);
  }

  /** Whether the run ended because a value was not finite, in its last step or the one after it. */
  get diverged(): boolean {
    return this.record.state === 'diverged';
  }

  step(step: number): StepEvent | undefined {
    return this.#steps.get(step);
  }

  validation(step: number): ValidationEvent | undefined {
    return this.#validations.get(step);
  }
}
