import type { LiveRun, Turn } from './liveRun.ts';
import type { RunModel } from './runModel.ts';
import { slotsFor, threadShare } from './slots.ts';
import { TrainingQueue, type TurnOptions, type WaitingTurn } from './trainingQueue.ts';

export interface TrainingTurnsOptions {
  /** The setting `sequenceLab.parallelRuns`. */
  readonly parallelRuns: () => number;
  readonly processors: number;
  /** The runs that train or wait in this window, oldest first. */
  readonly live: () => readonly LiveRun[];
  /** Called when the state of a run has changed. */
  readonly changed: (run: RunModel) => void;
}

/** The turns of the runs of this window to train: keeps their states in step with the queue. */
export class TrainingTurns {
  readonly #options: TrainingTurnsOptions;
  readonly #queue: TrainingQueue;

  constructor(options: TrainingTurnsOptions) {
    this.#options = options;
    this.#queue = new TrainingQueue({ slots: () => this.slots, changed: () => this.showPlaces() });
  }

  /** Number of runs that may train at the same time. */
  get slots(): number {
    return slotsFor(this.#options.parallelRuns(), this.#options.processors);
  }

  /** Ids of the runs that have a slot. */
  get training(): readonly string[] {
    return this.#queue.training;
  }

  /** The runs that wait, the next one first. */
  get waiting(): readonly WaitingTurn[] {
    return this.#queue.waiting;
  }

  /** Whether all runs are paused: none begins until `continueAll`. */
  get isPaused(): boolean {
    return this.#queue.isPaused;
  }

  /** Most threads of a run that begins now; undefined without a limit. */
  get mostThreads(): number | undefined {
    const { training, waiting } = this.#queue;
    return threadShare(training.length + waiting.length, this.slots, this.#options.processors);
  }

  /** The turn of a run. A run that goes on after a pause does not wait for those that have not begun. */
  turnOf(id: string, options: TurnOptions): Turn {
    return {
      request: (begin) => this.#queue.request(id, begin, options),
      requestAgain: (begin) => this.#queue.request(id, begin, { next: true, despitePause: true }),
      release: () => this.#queue.release(id),
      withdraw: () => this.#queue.withdraw(id),
    };
  }

  /** Frees the slot or the place of a run that has ended or could not begin. */
  finish(id: string): void {
    this.#queue.finish(id);
  }

  /** Pauses all runs in training after their current steps. No run begins until `continueAll`. */
  async pauseAll(): Promise<void> {
    this.#queue.pause();
    const inTraining = this.#options.live().filter(({ model: { id } }) => this.#queue.training.includes(id));
    await Promise.all(inTraining.map(async (live) => live.pause()));
  }

  /** Continues all paused runs, before those that have not begun. */
  async continueAll(): Promise<void> {
    const paused = this.#options.live().filter(({ isHeld }) => isHeld);
    const continued = paused.map(async (live) => live.unpause());
    this.#queue.proceed();
    await Promise.all(continued);
  }

  /** Puts a waiting run before all others. */
  trainNext(id: string): void {
    this.#queue.trainNext(id);
  }

  /** Moves a waiting run up (-1) or down (1) by one place. */
  move(id: string, by: -1 | 1): void {
    this.#queue.move(id, by);
  }

  /** Moves waiting runs, in their order, to the place of another one; see `TrainingQueue.moveTo`. */
  moveTo(ids: readonly string[], target: string | undefined): void {
    this.#queue.moveTo(ids, target);
  }

  /** Lets a waiting run begin when another one has ended. @returns false if it cannot; see `TrainingQueue.startAfter` */
  startAfter(id: string, other: string): boolean {
    return this.#queue.startAfter(id, other);
  }

  /** Whether a waiting run begins after another one, directly or through others. */
  follows(id: string, other: string): boolean {
    return this.#queue.follows(id, other);
  }

  /** Begins waiting runs if the setting allows more than before. */
  refill(): void {
    this.#queue.refill();
  }

  /** Shows the places of the waiting runs, and of each run that no longer waits that its turn has come. */
  showPlaces(): void {
    const { waiting } = this.#queue;
    const places = new Map(waiting.map((turn, index) => [turn.id, { after: turn.after, place: index + 1 }]));
    const live = this.#options.live();
    for (const each of live) {
      const found = places.get(each.model.id);
      const isChanged = found ? this.#showPlace(each.model, found) : showTurn(each);
      if (isChanged) this.#options.changed(each.model);
    }
  }

  #showPlace(
    model: RunModel,
    { place, after }: { readonly place: number; readonly after: string | undefined },
  ): boolean {
    if (after === undefined)
      return model.setWaits({ place, until: this.#queue.isPaused ? 'continued' : 'slot', run: '' });
    const awaited = this.#options.live().find(({ model: { id } }) => id === after);
    return model.setWaits({ place, until: 'end', run: awaited?.model.view.title ?? after });
  }
}

/** Shows that a run no longer waits: it begins, or goes on after a pause. @returns whether it waited */
function showTurn({ model, hasBegun }: LiveRun): boolean {
  if (model.state !== 'waiting') return false;
  model.setState(hasBegun ? 'paused' : 'starting');
  return true;
}
