/**
 * Sends one request at a time. A newer request replaces the pending one, so dragging a slider ends with the last value
 * rather than a queue of stale ones. A request equal to the one in flight is not sent again.
 */
export class LatestOnly<T> {
  readonly #send: (value: T) => Promise<void>;
  readonly #same: (a: T, b: T) => boolean;
  #current: { readonly value: T } | null = null;
  #next: { readonly value: T } | null = null;

  /** `send` must not reject: nothing awaits its result. */
  constructor(send: (value: T) => Promise<void>, same: (a: T, b: T) => boolean) {
    this.#send = send;
    this.#same = same;
  }

  request(value: T): void {
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
