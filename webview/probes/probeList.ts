import type { ProbesChange, ProbeSummary } from '../../src/protocol/probeHistory.ts';

/**
 * The probes of a run as the page knows them, and which of them is shown: the newest, until the user has chosen one.
 * A chosen probe that is thinned out or taken back gives way to the nearest before it.
 */
export class ProbeList {
  #probes: readonly ProbeSummary[] = [];
  #chosen: number | null;

  /** @param chosen step of the probe that was chosen before a reload; null follows the newest */
  constructor(chosen: number | null) {
    this.#chosen = chosen;
  }

  get probes(): readonly ProbeSummary[] {
    return this.#probes;
  }

  /** Step that the user has chosen; null while the newest is followed. */
  get chosen(): number | null {
    return this.#chosen;
  }

  /** Index of the probe to show; -1 while there is none. */
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

  /** The latest probe up to the one shown that has what only every tenth one measures. */
  get complete(): ProbeSummary | undefined {
    return this.#probes.slice(0, this.index + 1).findLast(({ complete }) => complete);
  }

  /** @throws RangeError where the change keeps more probes than there are */
  apply({ keep, added }: ProbesChange): void {
    if (keep > this.#probes.length) throw new RangeError(`A change keeps ${keep} probes of ${this.#probes.length}.`);
    this.#probes = [...this.#probes.slice(0, keep), ...added];
  }

  /** The user has chosen a probe; the last one means the newest from now on. */
  choose(index: number): void {
    this.#chosen = index >= this.#probes.length - 1 ? null : (this.#probes[index]?.step ?? null);
  }

  /** Another run: nothing is known of it, and its newest probe is followed. */
  clear(): void {
    this.#probes = [];
    this.#chosen = null;
  }
}
