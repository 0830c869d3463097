import { phrase } from '../../phrases/phrase.ts';
import { DamagedRunError } from '../../runs/integrity.ts';
import type { PlannedTrial } from '../sweep.ts';
import type { EndedEvent, PlanEvent, SweepHeader } from './events.ts';

/** How a trial ended at a rung. */
type TrialResult = Omit<EndedEvent, 'event' | 'trial'>;

/** A trial as the plan describes it. */
export interface TrialState extends PlannedTrial {
  /** `running`: it has started and has not ended, in this process or in one that was killed. */
  readonly status: 'waiting' | 'running' | 'ended';
  /** Rung that it is at or trains to, from 0 on. */
  readonly rung: number;
  /** Id of its run; null if it has not started. */
  readonly run: string | null;
  /** Steps that it trains to; 0 if it has not started. */
  readonly target: number;
  /** Results at each rung, in order. */
  readonly results: readonly TrialResult[];
}

/** Whether a trial has ended because its run failed. */
export function hasFailed({ status, results }: TrialState): boolean {
  return status === 'ended' && results.at(-1)?.reason === 'failed';
}

/** A change of a trial; a new one has no state before. */
export interface TrialChange {
  readonly before?: TrialState;
  readonly after: TrialState;
}

/** Takes in changes of trials of one setting. */
export type StateListener = (setting: number, changes: readonly TrialChange[]) => void;

/** A sweep as its plan describes it. Events are applied in the order of the plan. */
export class SweepState {
  readonly header: SweepHeader;
  readonly #trials: TrialState[] = [];
  readonly #bySetting: number[][] = [];
  readonly #listeners = new Set<StateListener>();
  #ended = 0;
  #failed = 0;

  constructor(header: SweepHeader) {
    this.header = header;
  }

  /** State after the events of a plan. @throws DamagedRunError if they do not follow from each other */
  static of(events: Iterable<PlanEvent>): SweepState {
    let [state, line]: [SweepState | undefined, number] = [undefined, 0];
    for (const event of events) state = SweepState.after(state, event, ++line);
    if (!state) throw inconsistent(1);
    return state;
  }

  /**
   * State after the next event of a plan.
   * @param state before it; undefined before the first event
   * @param line its number, from 1 on
   * @throws DamagedRunError if it cannot follow
   */
  static after(state: SweepState | undefined, event: PlanEvent, line: number): SweepState {
    if (!state) {
      if (event.event !== 'sweep') throw inconsistent(line);
      return new SweepState(event);
    }
    if (!state.apply(event)) throw inconsistent(line);
    return state;
  }

  /** Calls a listener after each change, until the returned function is called. */
  follow(listener: StateListener): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** All trials, in the order of their numbers. */
  get trials(): readonly TrialState[] {
    return this.#trials;
  }

  /** Number of trials that have ended. */
  get ended(): number {
    return this.#ended;
  }

  /** Number of trials that have ended because their runs failed. */
  get failed(): number {
    return this.#failed;
  }

  /** Number of settings. */
  get settings(): number {
    return this.#bySetting.length;
  }

  /** The trials of a setting. */
  trialsOf(setting: number): readonly TrialState[] {
    return (this.#bySetting[setting] ?? []).flatMap((place) => this.#trials[place] ?? []);
  }

  trial(trial: number): TrialState | undefined {
    return this.#trials[trial - 1];
  }

  /** Takes in an event. @returns false for one that cannot follow */
  apply(event: PlanEvent): boolean {
    switch (event.event) {
      case 'sweep':
        return false;
      case 'created':
        return this.#create(event);
      case 'started':
        return this.#change(event.trial, (trial) =>
          trial.status === 'ended' ? undefined : { ...trial, status: 'running', run: event.run, target: event.steps },
        );
      case 'ended':
        return this.#change(event.trial, (trial) =>
          trial.status === 'running'
            ? { ...trial, status: 'ended', results: [...trial.results.slice(0, trial.rung), event] }
            : undefined,
        );
      case 'requeued':
        return this.#change(event.trial, (trial) =>
          trial.status === 'ended' ? { ...trial, status: 'waiting' } : undefined,
        );
      case 'promoted':
        return this.#promote(event.setting, event.rung);
    }
  }

  /** Notes that no process trains the trials that have not ended: they wait to go on. */
  releaseRunning(): void {
    for (const { trial, status } of this.#trials) if (status === 'running') this.release(trial);
  }

  /** Notes that a trial was stopped before its end: it waits to go on. */
  release(trial: number): void {
    this.#change(trial, (each) => ({ ...each, status: 'waiting' }));
  }

  #create({ trial, setting, values, seed }: PlannedTrial): boolean {
    if (trial !== this.#trials.length + 1 || setting > this.#bySetting.length) return false;
    (this.#bySetting[setting] ??= []).push(trial - 1);
    const after = { trial, setting, values, seed, rung: 0, run: null, target: 0, results: NO_RESULTS } as const;
    return this.#set(setting, [{ after: { ...after, status: 'waiting' } }]);
  }

  #promote(setting: number, rung: number): boolean {
    const trials = this.trialsOf(setting);
    if (trials.length === 0 || trials.some((each) => each.status !== 'ended' || each.rung !== rung - 1)) return false;
    return this.#set(
      setting,
      trials.map((before) => ({ before, after: { ...before, status: 'waiting', rung } })),
    );
  }

  #change(trial: number, change: (trial: TrialState) => TrialState | undefined): boolean {
    const before = this.trial(trial);
    const after = before && change(before);
    return before !== undefined && after !== undefined && this.#set(after.setting, [{ before, after }]);
  }

  #set(setting: number, changes: readonly TrialChange[]): true {
    for (const { before, after } of changes) {
      this.#trials[after.trial - 1] = after;
      this.#ended += Number(after.status === 'ended') - Number(before?.status === 'ended');
      this.#failed += Number(hasFailed(after)) - Number(before !== undefined && hasFailed(before));
    }
    for (const listener of this.#listeners) listener(setting, changes);
    return true;
  }
}

/** Shared by all trials that have none, of which there may be a million. */
const NO_RESULTS: TrialState['results'] = [];

function inconsistent(line: number): DamagedRunError {
  return new DamagedRunError(
    phrase('The plan of the sweep is damaged: line {0} does not follow from those before it.', line),
  );
}
