import type { Probe } from '../../src/protocol/probes.ts';

/** So many probes are kept for scrubbing back and forth. */
const MOST = 40;

/**
 * Gets probes of the run's history from the host, one at a time, and keeps those seen before. What is wanted changes
 * while a slider is dragged: what nobody wants any more is not asked for.
 */
export class ProbeLoader {
  readonly #fetch: (step: number) => Promise<Probe>;
  readonly #arrived: () => void;
  readonly #failed: (error: unknown) => void;
  readonly #cache = new Map<number, Probe>();
  readonly #refused = new Set<number>();
  #wanted: readonly number[] = [];
  #busy = false;
  #generation = 0;

  /**
   * @param fetch asks the host
   * @param arrived hears of each probe that has come
   * @param failed hears what stood in the way of one; it is not asked for again
   */
  constructor(fetch: (step: number) => Promise<Probe>, arrived: () => void, failed: (error: unknown) => void) {
    this.#fetch = fetch;
    this.#arrived = arrived;
    this.#failed = failed;
  }

  /** The probe of a step, if it is here. */
  get(step: number | undefined): Probe | undefined {
    return step === undefined ? undefined : this.#cache.get(step);
  }

  /** The probes to have, the most urgent first. */
  want(steps: readonly number[]): void {
    this.#wanted = steps;
    if (!this.#busy) void this.#work();
  }

  /** Another run, or another past of the same: nothing that was loaded holds. */
  clear(): void {
    this.#generation++;
    this.#wanted = [];
    this.#cache.clear();
    this.#refused.clear();
  }

  async #work(): Promise<void> {
    this.#busy = true;
    for (let step = this.#missing(); step !== undefined; step = this.#missing()) {
      const generation = this.#generation;
      try {
        const probe = await this.#fetch(step);
        if (generation === this.#generation) this.#keep(step, probe);
      } catch (error) {
        if (generation !== this.#generation) continue;
        this.#refused.add(step);
        this.#failed(error);
      }
    }
    this.#busy = false;
  }

  #missing(): number | undefined {
    return this.#wanted.find((step) => !this.#cache.has(step) && !this.#refused.has(step));
  }

  #keep(step: number, probe: Probe): void {
    this.#cache.set(step, probe);
    for (const old of this.#cache.keys()) {
      if (this.#cache.size <= MOST) break;
      if (!this.#wanted.includes(old)) this.#cache.delete(old);
    }
    this.#arrived();
  }
}
