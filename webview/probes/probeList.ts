import type { ProbesChange, ProbeSummary } from '../../src/protocol/probeHistory.ts';

/**
 * Probes of a run and the one shown: the newest, until the user selects one. If the selected probe is removed, the last
 * one before it is shown.
 */
export class ProbeList {
  #probes: readonly ProbeSummary[] = [];
  #chosen: number | null;

  /** @param chosen step of the probe selected before a reload; null to follow the newest */
  constructor(chosen: number | null) {
    this.#chosen = chosen;
  }

  get probes(): readonly ProbeSummary[] {
    return this.#probes;
  }

  /** Step of the selected probe; null while the newest is followed. */
  get chosen(): number | null {
    return this.#chosen;
  }

  /** Index of the probe to show; -1 if there is none. */
  get index(): number {
    const last = this.#probes.length - 1;
    const chosen = this.#chosen;
    if (chosen === null) return last;
    return Math.max(
      this.#probes.findLastIndex(({ step }) => step <= chosen),
      Math.min(0, last),
    );
  }

  /** The probe to show. */
  get current(): ProbeSummary | undefined {
    return this.#probes[this.index];
  }

  /** Latest complete probe up to the one shown. Only every tenth probe is complete. */
  get complete(): ProbeSummary | undefined {
    return this.#probes.slice(0, this.index + 1).findLast(({ complete }) => complete);
  }

  /** Applies a change from the host. @throws RangeError if it keeps more probes than there are */
  apply({ keep, added }: ProbesChange): void {
    if (keep > this.#probes.length) throw new RangeError(`A change keeps ${keep} probes of ${this.#probes.length}.`);
    this.#probes = [...this.#probes.slice(0, keep), ...added];
  }

  /** Selects a probe by its index. Selecting the last one follows the newest. */
  choose(index: number): void {
    this.#chosen = index >= this.#probes.length - 1 ? null : (this.#probes[index]?.step ?? null);
  }

  /** Removes all probes and follows the newest, for another run. */
  clear(): void {
    this.#probes = [];
    this.#chosen = null;
  }
}
