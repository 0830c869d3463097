import type { Probe } from '../../src/protocol/probes.ts';

/** Number of probes in the cache. */
const MAX_CACHED = 40;

/**
 * Loads probes of the run's history from the host, one at a time, and caches them. The wanted probes change while the
 * slider is dragged; probes that are no longer wanted are not requested.
 */
export class ProbeLoader {
  readonly #fetch: (step: number) => Promise<Probe>;
  readonly #onLoad: () => void;
  readonly #onError: (error: unknown) => void;
  readonly #cache = new Map<number, Probe>();
  readonly #failed = new Set<number>();
  #wanted: readonly number[] = [];
  #busy = false;
  #generation = 0;

  /**
   * @param fetch requests a probe from the host
   * @param onLoad called after each loaded probe
   * @param onError called when a request fails; that probe is not requested again
   */
  constructor(fetch: (step: number) => Promise<Probe>, onLoad: () => void, onError: (error: unknown) => void) {
    this.#fetch = fetch;
    this.#onLoad = onLoad;
    this.#onError = onError;
  }

  /** Returns the probe of a step, if it is loaded. */
  get(step: number | undefined): Probe | undefined {
    return step === undefined ? undefined : this.#cache.get(step);
  }

  /** Sets the probes to load, the most urgent first. */
  want(steps: readonly number[]): void {
    this.#wanted = steps;
    if (!this.#busy) void this.#load();
  }

  /** Discards all probes, for another run or a changed history. */
  clear(): void {
    this.#generation++;
    this.#wanted = [];
    this.#cache.clear();
    this.#failed.clear();
  }

  async #load(): Promise<void> {
    this.#busy = true;
    for (let step = this.#missing(); step !== undefined; step = this.#missing()) {
      const generation = this.#generation;
      try {
        const probe = await this.#fetch(step);
        if (generation === this.#generation) this.#keep(step, probe);
      } catch (error) {
        if (generation !== this.#generation) continue;
        this.#failed.add(step);
        this.#onError(error);
      }
    }
    this.#busy = false;
  }

  #missing(): number | undefined {
    return this.#wanted.find((step) => !this.#cache.has(step) && !this.#failed.has(step));
  }

  #keep(step: number, probe: Probe): void {
    this.#cache.set(step, probe);
    for (const old of this.#cache.keys()) {
      if (this.#cache.size <= MAX_CACHED) break;
      if (!this.#wanted.includes(old)) this.#cache.delete(old);
    }
    this.#onLoad();
  }
}
