/** Milliseconds of a frame after which no further task begins, so that the page stays responsive. */
const BUDGET_MS = 3;

/**
 * Tasks that wait for an animation frame. Each runs once for all requests before it. Tasks for which a frame has no time
 * left run in the next ones, in the order of the requests.
 */
export class FrameTasks {
  readonly #tasks = new Set<() => void>();
  readonly #now: () => number;

  /** @param now the time in milliseconds */
  constructor(now = () => performance.now()) {
    this.#now = now;
  }

  get isEmpty(): boolean {
    return this.#tasks.size === 0;
  }

  add(task: () => void): void {
    this.#tasks.add(task);
  }

  delete(task: () => void): void {
    this.#tasks.delete(task);
  }

  /** Runs the tasks of one frame: at least the first one. A task that is added meanwhile waits for the next frame. */
  run(): void {
    const end = this.#now() + BUDGET_MS;
    for (const task of [...this.#tasks]) {
      if (!this.#tasks.delete(task)) continue;
      task();
      if (this.#now() >= end) return;
    }
  }
}
