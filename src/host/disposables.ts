/** Object that releases its resources; structurally a `vscode.Disposable`. */
export interface Disposable {
  dispose(): void;
}

/**
 * Base class for objects with listeners, items or timers. Registered resources are disposed with the object, in reverse
 * order; a resource that is registered after disposal (because of an await) is disposed at once.
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
