import type { SweepState, TrialState } from '../plan/sweepState.ts';
import type { Sweep } from '../sweep.ts';
import { Heap } from './ordered.ts';
import { Rungs } from './rungs.ts';

/** What a free trainer does next. */
export type Decision =
  /** Trains a trial, from its beginning or from its checkpoint, to the steps of its rung. */
  | { readonly do: 'train'; readonly trial: number }
  /** Promotes a setting to a rung; then decide again. */
  | { readonly do: 'promote'; readonly setting: number; readonly rung: number }
  /** Waits for the end of a trial that is running. */
  | { readonly do: 'wait' }
  /** Ends the sweep: every trial that is to run has ended, or the budget is used up. */
  | { readonly do: 'end'; readonly because: 'done' | 'budget' };

/** Seconds are summed in whole microseconds, so that their sum does not depend on the order in which trials end. */
const PER_SECOND = 1e6;

/** A waiting trial that has trained before, at its rung. */
type Begun = Pick<TrialState, 'trial' | 'rung'>;

/**
 * Decides what a free trainer does next. A decision follows from which trials have ended with what objective, not from
 * the order in which they ended.
 *
 * Trials that had begun go on first. Then successive halving (Jamieson and Talwalkar 2016) promotes the best settings of
 * a rung once all of them have ended, and ASHA (Li et al. 2018, algorithm 2) promotes a setting as soon as it is among
 * the best of those that have ended at its rung so far, from the highest rung down. Then new trials begin.
 *
 * The schedule follows the state of the sweep, so that a decision does not look at all trials.
 */
export class Schedule {
  readonly #sweep: Sweep;
  readonly #state: SweepState;
  readonly #rungs: Rungs | undefined;
  /** At the highest rung first, then by number. A trial that is no longer waiting may be there, too. */
  readonly #begun = new Heap<Begun>((a, b) => b.rung - a.rung || a.trial - b.trial);
  /** All trials before this one have begun: a trial that has begun is never new again. */
  #fresh = 1;
  #running = 0;
  /** Steps, and microseconds, of training of all trials. The steps of trials that are running count as used. */
  #steps = 0;
  #microseconds = 0;
  readonly #unfollow: () => void;

  constructor(sweep: Sweep, state: SweepState) {
    this.#sweep = sweep;
    this.#state = state;
    for (const trial of state.trials) this.#count(trial);
    this.#rungs = sweep.rungs ? new Rungs(sweep, state) : undefined;
    this.#unfollow = state.follow((setting, changes) => {
      for (const { before, after } of changes) this.#count(after, before);
      this.#rungs?.update(setting);
    });
  }

  /** The next decision; applying it to the state changes the one after it. */
  decide(): Decision {
    const begun = this.#nextBegun();
    if (begun) return { do: 'train', trial: begun.trial };
    const isRunning = this.#running > 0;
    if (this.#isUsedUp()) return isRunning ? { do: 'wait' } : { do: 'end', because: 'budget' };
    const promotion = this.#rungs?.next();
    if (promotion) return { do: 'promote', ...promotion };
    const fresh = this.#nextFresh();
    if (fresh) return { do: 'train', trial: fresh.trial };
    return isRunning ? { do: 'wait' } : { do: 'end', because: 'done' };
  }

  /** Stops following the state. */
  close(): void {
    this.#unfollow();
  }

  #nextBegun(): Begun | undefined {
    for (;;) {
      const { first } = this.#begun;
      if (!first) return undefined;
      const trial = this.#state.trial(first.trial);
      if (trial && isBegun(trial) && trial.rung === first.rung) return first;
      this.#begun.removeFirst();
    }
  }

  #nextFresh(): TrialState | undefined {
    for (;;) {
      const trial = this.#state.trial(this.#fresh);
      if (!trial || (trial.run === null && trial.status === 'waiting')) return trial;
      this.#fresh++;
    }
  }

  /** Whether no other trial may begin. */
  #isUsedUp(): boolean {
    const { steps = Infinity, seconds = Infinity } = this.#sweep.file.budget;
    return this.#steps >= steps || this.#microseconds >= Math.round(seconds * PER_SECOND);
  }

  #count(after: TrialState, before?: TrialState): void {
    this.#running += Number(after.status === 'running') - Number(before?.status === 'running');
    this.#steps += stepsOf(after) - (before ? stepsOf(before) : 0);
    this.#microseconds += microsecondsOf(after) - (before ? microsecondsOf(before) : 0);
    if (isBegun(after)) this.#begun.add({ trial: after.trial, rung: after.rung });
  }
}

function isBegun({ status, run }: TrialState): boolean {
  return status === 'waiting' && run !== null;
}

function stepsOf({ status, target, results }: TrialState): number {
  return status === 'running' ? target : (results.at(-1)?.step ?? 0);
}

function microsecondsOf({ results }: TrialState): number {
  return Math.round((results.at(-1)?.seconds ?? 0) * PER_SECOND);
}
