import type { MetricEvent } from '../../protocol/events.ts';
import type { Probe } from '../../protocol/probes.ts';
import type { LossDifference, RecordedDifference, Repetition } from '../../protocol/replay.ts';
import { compareSteps, compareValidations, differs } from './compare.ts';
import type { RecordedRun } from './recordedRun.ts';

/** Compares a run with the stored run that it repeats, while it trains. */
export class RepetitionCheck {
  readonly #recorded: RecordedRun;
  #compared = 0;
  #difference: RecordedDifference | null = null;
  #largest: LossDifference | null = null;

  constructor(recorded: RecordedRun) {
    this.#recorded = recorded;
  }

  /** How far the runs have been equal. */
  get result(): Repetition {
    const { record, steps } = this.#recorded;
    return { run: record.id, steps, compared: this.#compared, difference: this.#difference, largest: this.#largest };
  }

  /** Steps of the stored run. */
  get steps(): number {
    return this.#recorded.steps;
  }

  /** Whether the stored run was validated at a step. */
  validates(step: number): boolean {
    return this.#recorded.validation(step) !== undefined;
  }

  /** Compares an event with the stored one. @returns whether it is the first that differs */
  compare(event: MetricEvent): boolean {
    this.#measure(event);
    if (this.#difference) return false;
    this.#difference = this.#differenceOf(event) ?? null;
    if (event.event === 'step' && !this.#difference) this.#compared = event.step;
    return this.#difference !== null;
  }

  /** Compares a probe with the stored one. @returns whether it is the first difference */
  compareProbe(probe: Probe): boolean {
    if (this.#difference) return false;
    this.#difference = this.#recorded.compareProbe(probe) ?? null;
    return this.#difference !== null;
  }

  /** Compares a divergence after a number of complete steps. @returns whether it is the first difference */
  diverged(step: number): boolean {
    if (this.#difference || (this.#recorded.diverged && step >= this.#recorded.steps)) return false;
    this.#difference = differs(step + 1, 'divergence');
    return true;
  }

  /** Keeps the loss with the largest relative difference, also after the first difference. */
  #measure(event: MetricEvent): void {
    if (event.event === 'sample') return;
    const { step, loss: now } = event;
    const isStep = event.event === 'step';
    const recorded = (isStep ? this.#recorded.step(step) : this.#recorded.validation(step))?.loss ?? null;
    if (recorded === null || now === null || recorded === now) return;
    const found: LossDifference = { step, quantity: isStep ? 'loss' : 'valLoss', recorded, now };
    if (!this.#largest || relative(found) > relative(this.#largest)) this.#largest = found;
  }

  #differenceOf(event: MetricEvent): RecordedDifference | undefined {
    if (event.event === 'sample') return this.#recorded.compareSample(event);
    if (event.event === 'validation') {
      const validation = this.#recorded.validation(event.step);
      return validation && compareValidations(validation, event);
    }
    const step = this.#recorded.step(event.step);
    if (step) return compareSteps(step, event);
    // The stored run has diverged in this step.
    return event.step > this.#recorded.steps ? differs(event.step, 'divergence') : undefined;
  }
}

function relative({ recorded, now }: LossDifference): number {
  return Math.abs(now - recorded) / Math.abs(recorded);
}
