import { FrameTasks } from './frameTasks.ts';

/**
 * Drawing on demand. At most one animation frame is in flight. A frame has time for a few milliseconds of tasks; the
 * others run in the next ones. Tasks requested while the document is hidden run when it is visible again.
 */
export class Frames {
  readonly #tasks = new FrameTasks();
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
    if (this.#inFlight || this.#tasks.isEmpty || document.hidden) return;
    this.#inFlight = true;
    requestAnimationFrame(() => {
      this.#inFlight = false;
      try {
        this.#tasks.run();
      } finally {
        this.#schedule();
      }
    });
  }
}
