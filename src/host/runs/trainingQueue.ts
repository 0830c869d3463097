/** How a run waits for its turn. */
export interface TurnOptions {
  /** Before all runs that did not request this, such as a run that the user continues. */
  readonly next?: boolean;
  /** Its turn comes although the queue is paused. */
  readonly despitePause?: boolean;
  /** Id of a run: the turn comes after it has ended. A run that is not in training and does not wait has ended. */
  readonly after?: string | undefined;
}

/** A run that waits for its turn. */
export interface WaitingTurn {
  readonly id: string;
  /** The run that has to end first; undefined if a free slot is enough. */
  readonly after: string | undefined;
}

interface Entry {
  readonly id: string;
  readonly begin: () => void;
  isNext: boolean;
  readonly despitePause: boolean;
  after: string | undefined;
}

export interface TrainingQueueOptions {
  /** Number of runs that may train at the same time; read again at each change. */
  readonly slots: () => number;
  /** Called after each change. */
  readonly changed: () => void;
}

/**
 * The order in which runs train. A run requests a turn, has a slot while it trains, and gives it up when it is paused or
 * has ended. At most `slots` runs have one. Runs are named by their ids; the queue knows nothing else of them.
 */
export class TrainingQueue {
  readonly #options: TrainingQueueOptions;
  readonly #training = new Set<string>();
  /** Runs that gave up their slot and have not ended. */
  readonly #released = new Set<string>();
  #waiting: Entry[] = [];
  #isPaused = false;

  constructor(options: TrainingQueueOptions) {
    this.#options = options;
  }

  /** Ids of the runs that have a slot, in the order of their turns. */
  get training(): readonly string[] {
    return [...this.#training];
  }

  /** The runs that wait, the next one first. */
  get waiting(): readonly WaitingTurn[] {
    return this.#waiting.map(({ id, after }) => ({ id, after }));
  }

  /** Whether no turn begins until `proceed`. */
  get isPaused(): boolean {
    return this.#isPaused;
  }

  /**
   * Requests a turn. A second request of a run that waits replaces the first one.
   * @param begin called once, when the run has a slot: at once if one is free, or if it has one already
   */
  request(id: string, begin: () => void, { next = false, despitePause = false, after }: TurnOptions = {}): void {
    if (this.#training.has(id)) return begin();
    this.#remove(id);
    const entry = { id, begin, isNext: next, despitePause, after: this.#awaited(id, after) };
    const place = next ? this.#waiting.filter(({ isNext }) => isNext).length : this.#waiting.length;
    this.#waiting.splice(place, 0, entry);
    this.refill();
  }

  /** Gives up the slot of a run that is paused. */
  release(id: string): void {
    if (!this.#training.delete(id)) return;
    this.#released.add(id);
    this.refill();
  }

  /** Takes a paused run out of the queue, in which it waits to go on. It stays paused. */
  withdraw(id: string): void {
    if (this.#released.has(id) && this.#remove(id)) this.refill();
  }

  /** Forgets a run that has ended or never began. Runs that were to follow one that has begun are next. */
  finish(id: string): void {
    const hasBegun = this.#training.delete(id) || this.#released.delete(id);
    if (!this.#remove(id) && !hasBegun) return;
    const followers = this.#waiting.filter(({ after }) => after === id);
    for (const each of followers) each.after = undefined;
    if (hasBegun) this.#putFirst(followers);
    this.refill();
  }

  /** Puts a waiting run before all others; it no longer waits for the end of another run. */
  trainNext(id: string): void {
    const entry = this.#entry(id);
    if (!entry) return;
    entry.after = undefined;
    this.#putFirst([entry]);
    this.refill();
  }

  /** Swaps a waiting run with the one before it (-1) or after it (1); nothing changes at the ends of the queue. */
  move(id: string, by: -1 | 1): void {
    const from = this.#waiting.findIndex((each) => each.id === id);
    const [entry, other] = [this.#waiting[from], this.#waiting[from + by]];
    if (!entry || !other) return;
    this.#waiting[from] = other;
    this.#waiting[from + by] = entry;
    this.refill();
  }

  /**
   * Moves waiting runs next to another one, in their order: before it, or after it if the first of them comes from before
   * it, so that they have its place. Runs that do not wait are left out.
   * @param target a waiting run; the end of the queue if it does not wait or is undefined
   */
  moveTo(ids: readonly string[], target: string | undefined): void {
    const isMoved = ({ id }: Entry) => ids.includes(id);
    const moved = this.#waiting.filter(isMoved);
    const goal = this.#waiting.findIndex(({ id }) => id === target);
    const goalEntry = this.#waiting[goal];
    if (moved.length === 0 || (goalEntry && isMoved(goalEntry))) return;
    const others = this.#waiting.filter((entry) => !isMoved(entry));
    const comesFromBefore = this.#waiting.findIndex(isMoved) < goal;
    const place = goalEntry ? others.indexOf(goalEntry) + (comesFromBefore ? 1 : 0) : others.length;
    this.#waiting = [...others.slice(0, place), ...moved, ...others.slice(place)];
    this.refill();
  }

  /** Whether a waiting run is to begin after another one has ended, directly or through others. */
  follows(id: string, other: string): boolean {
    const after = this.#entry(id)?.after;
    return after !== undefined && (after === other || this.follows(after, other));
  }

  /**
   * Lets a waiting run begin when another one has ended.
   * @returns false, and nothing changes, if the run does not wait or if both would wait for each other
   */
  startAfter(id: string, other: string): boolean {
    const entry = this.#entry(id);
    if (!entry || id === other || this.follows(other, id)) return false;
    entry.after = this.#awaited(id, other);
    this.refill();
    return true;
  }

  /** Begins no turns until `proceed`. */
  pause(): void {
    this.#isPaused = true;
    this.#options.changed();
  }

  /** Begins turns again. */
  proceed(): void {
    this.#isPaused = false;
    this.refill();
  }

  /** Begins as many turns as there are free slots, such as after the number of slots has changed. */
  refill(): void {
    for (let entry = this.#nextTurn(); entry; entry = this.#nextTurn()) {
      this.#remove(entry.id);
      this.#released.delete(entry.id);
      this.#training.add(entry.id);
      entry.begin();
    }
    this.#options.changed();
  }

  #nextTurn(): Entry | undefined {
    if (this.#training.size >= this.#options.slots()) return undefined;
    return this.#waiting.find(({ despitePause, after }) => (despitePause || !this.#isPaused) && after === undefined);
  }

  #entry(id: string): Entry | undefined {
    return this.#waiting.find((each) => each.id === id);
  }

  /** The run whose end a run waits for; undefined if it has ended, or if both would wait for each other. */
  #awaited(id: string, after: string | undefined): string | undefined {
    if (after === undefined || after === id || this.follows(after, id)) return undefined;
    return this.#training.has(after) || this.#released.has(after) || this.#entry(after) ? after : undefined;
  }

  #putFirst(entries: readonly Entry[]): void {
    for (const each of entries) each.isNext = true;
    this.#waiting = [...entries, ...this.#waiting.filter((each) => !entries.includes(each))];
  }

  #remove(id: string): boolean {
    const place = this.#waiting.findIndex((each) => each.id === id);
    if (place >= 0) this.#waiting.splice(place, 1);
    return place >= 0;
  }
}
