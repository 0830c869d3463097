/** Milliseconds until the next request after Slurm has refused an array of one task. */
const PAUSE = 30_000;

/**
 * Numbers of tasks of the next arrays. A cluster or an account may allow fewer jobs than an array has tasks, and no
 * command says how many are left: half as many are requested after each refusal, and twice as many after a success.
 */
export class ArraySizes {
  readonly #largest: number;
  #most: number;
  /** Time of the next request; `-Infinity` after a success. */
  #next = -Infinity;

  /** @param largest most tasks of one array */
  constructor(largest: number) {
    this.#largest = largest;
    this.#most = largest;
  }

  /** Most tasks that an array may have now; 0 during a pause. @param now time in milliseconds */
  at(now: number): number {
    return now < this.#next ? 0 : this.#most;
  }

  /** Notes that Slurm has taken an array. */
  accepted(): void {
    this.#most = Math.min(this.#largest, 2 * this.#most);
    this.#next = -Infinity;
  }

  /** Notes that Slurm has refused an array of a number of tasks, because there would be too many jobs. */
  refused(tasks: number, now: number): void {
    this.#most = Math.max(1, Math.floor(tasks / 2));
    if (tasks === 1) this.#next = now + PAUSE;
  }
}
