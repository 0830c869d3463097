import { relabel } from './labels.ts';
import type { RunModel } from './runModel.ts';

export interface LabelingOptions {
  /** All known runs. */
  readonly runs: () => readonly RunModel[];
  /** Called for each run whose label has changed. */
  readonly changed: (run: RunModel) => void;
  /** The time in milliseconds. */
  readonly now?: () => number;
}

/** Longest time of labeling all runs after which the next request labels them at once, in milliseconds. */
const AT_ONCE_MS = 5;
/** Pause after labeling all runs, in times of what it took. */
const PAUSE = 10;

/**
 * Labels of all runs by what differs among them. In a small store, each request labels them at once. In one of thousands
 * of runs that takes long, and twenty runs that start, or the trials of a sweep, request it again and again: then a new
 * run gets the label that it would have alone, and all runs are labeled together after a pause.
 */
export class Labeling {
  readonly #options: LabelingOptions;
  readonly #now: () => number;
  /** Milliseconds that labeling all runs took the last time. */
  #took = 0;
  #timer: NodeJS.Timeout | undefined;

  constructor(options: LabelingOptions) {
    this.#options = options;
    this.#now = options.now ?? (() => performance.now());
  }

  /** Labels all runs: at once, or soon. */
  request(): void {
    if (this.#took <= AT_ONCE_MS) return this.#label();
    this.#timer ??= setTimeout(() => this.#label(), PAUSE * this.#took);
    for (const run of this.#options.runs().filter(({ isLabeled }) => !isLabeled)) this.#announce(relabel([run]));
  }

  /** Labels no more. */
  cancel(): void {
    clearTimeout(this.#timer);
  }

  #label(): void {
    this.#timer = undefined;
    const begin = this.#now();
    const changed = relabel(this.#options.runs());
    this.#took = this.#now() - begin;
    this.#announce(changed);
  }

  #announce(runs: readonly RunModel[]): void {
    for (const run of runs) this.#options.changed(run);
  }
}
