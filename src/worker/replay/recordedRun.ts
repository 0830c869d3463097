import { InputError } from '../../data/inputError.ts';
import { phrase } from '../../phrases/phrase.ts';
import type { MetricEvent, SampleEvent, StepEvent, ValidationEvent } from '../../protocol/events.ts';
import type { Probe } from '../../protocol/probes.ts';
import type { RecordedDifference } from '../../protocol/replay.ts';
import { lockHolder, RunLockedError } from '../../runs/lock.ts';
import { readMetrics } from '../../runs/metricsLog.ts';
import { probePath, readProbesByStep } from '../../runs/probeStore.ts';
import { readOwnRecord } from '../../runs/logged/ownRecord.ts';
import type { RunRecord } from '../../runs/record.ts';
import { compareProbes, compareSamples, differs } from './compare.ts';

/** A stored run to compare with: its record and what it measured at each step. */
export class RecordedRun {
  readonly folder: string;
  readonly record: RunRecord;
  /** Steps that were trained and logged. A crash may have left more of them than the record says. */
  readonly steps: number;
  readonly #steps = new Map<number, StepEvent>();
  readonly #validations = new Map<number, ValidationEvent>();
  readonly #samples = new Map<number, SampleEvent[]>();
  readonly #probes: ReadonlyMap<number, Probe>;
  readonly #damagedProbes: ReadonlySet<number>;

  /**
   * Reads a run that is not being trained.
   * @throws RunLockedError while it is being trained, InputError if it has no steps, or Error if it is damaged
   */
  static async read(folder: string): Promise<RecordedRun> {
    const holder = await lockHolder(folder);
    if (holder !== undefined) throw new RunLockedError(folder, holder);
    const damaged = new Set<number>();
    const probes = await readProbesByStep(folder, (step) => void damaged.add(step));
    const run = new RecordedRun(folder, await readOwnRecord(folder), await readMetrics(folder), probes, damaged);
    if (run.steps === 0)
      throw new InputError('impossible', phrase('The run {0} has no steps to repeat.', run.record.id));
    return run;
  }

  private constructor(
    folder: string,
    record: RunRecord,
    metrics: readonly MetricEvent[],
    probes: ReadonlyMap<number, Probe>,
    damagedProbes: ReadonlySet<number>,
  ) {
    this.folder = folder;
    this.record = record;
    // Earlier versions probed other sequences; their runs have no parts.
    this.#probes = record.parts.length === 0 ? new Map() : probes;
    this.#damagedProbes = damagedProbes;
    for (const event of metrics) {
      if (event.event === 'step') this.#steps.set(event.step, event);
      if (event.event === 'validation') this.#validations.set(event.step, event);
      if (event.event === 'sample') this.#samples.set(event.step, [...this.samples(event.step), event]);
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

  /** The texts that the model of a step has written, in the order of the log. */
  samples(step: number): readonly SampleEvent[] {
    return this.#samples.get(step) ?? [];
  }

  probe(step: number): Probe | undefined {
    return this.#probes.get(step);
  }

  /** The difference that a damaged file of a probe is; undefined if there is none. */
  damagedProbe(step: number): RecordedDifference | undefined {
    return this.#damagedProbes.has(step) ? differs(step, 'file', { name: probePath(step) }) : undefined;
  }

  /** Compares a probe with the stored one of its step, if there is one. */
  compareProbe(now: Probe): RecordedDifference | undefined {
    const stored = this.#probes.get(now.step);
    return stored ? compareProbes(probePath(now.step), stored, now) : this.damagedProbe(now.step);
  }

  /** Compares a sample with the stored ones of its step, prompt and temperature, if there are any. */
  compareSample(now: SampleEvent): RecordedDifference | undefined {
    const { step, prompt, temperature } = now;
    const mayBeCut = step === this.steps || this.record.parts.some(({ from }) => from === step);
    for (const stored of this.samples(step)) {
      if (stored.prompt !== prompt || stored.temperature !== temperature) continue;
      const difference = compareSamples(stored, now, mayBeCut);
      if (difference) return difference;
    }
    return undefined;
  }
}
