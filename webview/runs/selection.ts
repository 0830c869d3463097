/** The selected rows of a list, by id, as in the lists of VS Code. */
export class Selection {
  #ids: ReadonlySet<string> = new Set();
  /** The row at which a range begins. */
  #anchor: string | null = null;

  get ids(): ReadonlySet<string> {
    return this.#ids;
  }

  /** Selects one row only. */
  choose(id: string): void {
    this.#ids = new Set([id]);
    this.#anchor = id;
  }

  /** Adds a row, or removes it if it is selected. */
  toggle(id: string): void {
    const ids = new Set(this.#ids);
    if (!ids.delete(id)) ids.add(id);
    this.#ids = ids;
    this.#anchor = id;
  }

  /** Selects the rows from the anchor to a row, and no others. @param order ids of all rows in their order */
  extendTo(id: string, order: readonly string[]): void {
    const end = order.indexOf(id);
    if (end < 0) return;
    const anchor = this.#anchor === null ? -1 : order.indexOf(this.#anchor);
    const begin = anchor < 0 ? end : anchor;
    if (anchor < 0) this.#anchor = id;
    this.#ids = new Set(order.slice(Math.min(begin, end), Math.max(begin, end) + 1));
  }

  set(ids: Iterable<string>): void {
    this.#ids = new Set(ids);
  }

  /** Drops the rows that are no longer there. @returns whether there were any */
  keepOnly(present: { has(id: string): boolean }): boolean {
    const kept = new Set([...this.#ids].filter((id) => present.has(id)));
    const dropped = kept.size < this.#ids.size;
    if (dropped) this.#ids = kept;
    return dropped;
  }
}
