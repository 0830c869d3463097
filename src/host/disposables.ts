/** Anything that lets go of what it holds; structurally a `vscode.Disposable`. */
export interface Disposable {
  dispose(): void;
}

/**
 * Base of everything that holds listeners, items or timers: what it registers is disposed with it, in
 * reverse order, and what it registers too late (an await came in between) is disposed at once.
 */
export abstract class Disposables implements Disposable {
  readonly #held = new Set<Disposable>();
  #disposed = false;

  get isDisposed(): boolean {
    return this.#disposed;
  }

  dispose(): void {
    this.#disposed = true;
    const held = [...this.#held].reverse();
    this.#held.clear();
    for (const each of held) each.dispose();
  }

  protected register<T extends Disposable>(disposable: T): T {
    if (this.#disposed) disposable.dispose();
    else this.#held.add(disposable);
    return disposable;
  }
}
