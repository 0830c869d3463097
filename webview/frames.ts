/**
 * Drawing on demand: at most one animation frame is in flight, each task runs once in it however often it
 * was asked for, and nothing runs while the document is hidden. What was asked for meanwhile runs when it
 * shows again.
 */
export class Frames {
  readonly #tasks = new Set<() => void>();
  #inFlight = false;

  constructor() {
    document.addEventListener('visibilitychange', () => this.#ask());
  }

  request(task: () => void): void {
    this.#tasks.add(task);
    this.#ask();
  }

  #ask(): void {
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
