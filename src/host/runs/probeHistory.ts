import type { ProbeSummary } from '../../protocol/probeHistory.ts';
import { isComplete, type Probe } from '../../protocol/probes.ts';
import { probesToRemove } from '../../runs/probeThinning.ts';

/** The probes of a run in order, bounded however long it trains, with the line that stands for each in the views. */
export class ProbeHistory {
  #probes: readonly Probe[] = [];
  #summaries: readonly ProbeSummary[] = [];

  /** A line for each probe; the same object for as long as that probe is kept. */
  get summaries(): readonly ProbeSummary[] {
    return this.#summaries;
  }

  get latest(): Probe | undefined {
    return this.#probes.at(-1);
  }

  /** The probe of a step; undefined when it was let go meanwhile, or never was. */
  at(step: number): Probe | undefined {
    return this.#probes.find((probe) => probe.step === step);
  }

  /** Appends a probe; one that a resumed run takes again replaces what it had from there on. */
  add(probe: Probe): void {
    this.cutAfter(probe.step - 1);
    this.#keep([...this.#probes, probe], [...this.#summaries, summarizeProbe(probe)]);
  }

  /** Takes over the probes read from disk. */
  replace(probes: readonly Probe[]): void {
    this.#keep(probes, probes.map(summarizeProbe));
  }

  /** Takes away what came after a step. */
  cutAfter(step: number): void {
    const length = this.#probes.findLastIndex((probe) => probe.step <= step) + 1;
    this.#keep(this.#probes.slice(0, length), this.#summaries.slice(0, length));
  }

  #keep(probes: readonly Probe[], summaries: readonly ProbeSummary[]): void {
    const gone = probesToRemove(summaries);
    this.#probes = probes.filter((_, i) => !gone.has(i));
    this.#summaries = summaries.filter((_, i) => !gone.has(i));
  }
}

/** The line that stands for a probe in the views. */
export function summarizeProbe(probe: Probe): ProbeSummary {
  const { step, verdict, clippedShare, layers } = probe;
  return {
    step,
    verdict: verdict.verdict,
    clippedShare,
    complete: isComplete(probe),
    layers: layers.map(({ layer, direction, sigmaMax, spectralRadius, effectiveMemory }) => ({
      layer,
      direction,
      sigmaMax,
      spectralRadius,
      effectiveMemory,
    })),
  };
}
