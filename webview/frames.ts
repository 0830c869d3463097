/**
 * Drawing on demand. At most one animation frame is in flight, and each task runs once per frame. Tasks requested while
 * the document is hidden run when it is visible again.
 */
export class Frames {
  readonly #tasks = new Set<() => void>();
  #inFlight = false;

  constructor() {
    document.addEventListener('visibilitychange', () => this.#schedule());
  }

  request(task: () => void): void {
    this.#tasks.add(task);
    this.#schedule();
  }

  /** Runs a task at once, and no longer in the next frame, where the next key must find its effect. */
  runNow(task: () => void): void {
    this.#tasks.delete(task);
    task();
  }

  #schedule(): void {
    if (this.#inFlight || this.#tasks.size === 0 || document.hidden) return;
    this.#inFlight = true;
    requestAnimationFrame(() => {
      this.#inFlight = false;
      const tasks = [...this.#tasks];
      this.#tasks.clear();
      for (const task of tasks) task();
    });
  }
}
