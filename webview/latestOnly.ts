/**
 * One request at a time. What is asked for meanwhile replaces what was waiting, so that dragging a slider
 * ends with the last value and not with a queue of stale ones; what is already on its way is not asked twice.
 */
export class LatestOnly<T> {
  readonly #send: (value: T) => Promise<void>;
  readonly #same: (a: T, b: T) => boolean;
  #current: { readonly value: T } | null = null;
  #next: { readonly value: T } | null = null;

  /** `send` must not reject: its caller is gone by then. */
  constructor(send: (value: T) => Promise<void>, same: (a: T, b: T) => boolean) {
    this.#send = send;
    this.#same = same;
  }

  ask(value: T): void {
    if (!this.#current) {
      void this.#run(value);
    } else {
      this.#next = this.#same(this.#current.value, value) ? null : { value };
    }
  }

  async #run(value: T): Promise<void> {
    this.#current = { value };
    await this.#send(value);
    this.#current = null;
    const next = this.#next;
    this.#next = null;
    if (next) await this.#run(next.value);
  }
}
