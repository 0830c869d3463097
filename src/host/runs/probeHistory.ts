import type { ProbeSummary } from '../../protocol/probeHistory.ts';
import { isComplete, isLayer, type Probe } from '../../protocol/probes.ts';
import { probesToRemove } from '../../runs/probeThinning.ts';

/** The probes of a run in order, bounded in number, with a summary of each for the views. */
export class ProbeHistory {
  #probes: readonly Probe[] = [];
  #summaries: readonly ProbeSummary[] = [];

  /** Summary of each probe; the same object as long as the probe is kept. */
  get summaries(): readonly ProbeSummary[] {
    return this.#summaries;
  }

  get latest(): Probe | undefined {
    return this.#probes.at(-1);
  }

  /** Probe of a step; undefined if it was removed or never existed. */
  at(step: number): Probe | undefined {
    return this.#probes.find((probe) => probe.step === step);
  }

  /** Appends a probe. A probe that a resumed run takes again replaces the old probes from that step. */
  add(probe: Probe): void {
    this.cutAfter(probe.step - 1);
    this.#keep([...this.#probes, probe], [...this.#summaries, summarizeProbe(probe)]);
  }

  /** Replaces all probes by those read from disk. */
  replace(probes: readonly Probe[]): void {
    this.#keep(probes, probes.map(summarizeProbe));
  }

  /** Removes the probes after a step. */
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

/** Summary of a probe for the views. */
function summarizeProbe(probe: Probe): ProbeSummary {
  const { step, verdict, clippedShare, layers, flow } = probe;
  return {
    step,
    verdict,
    clippedShare,
    complete: isComplete(probe),
    layers: layers.map((each) => ({
      layer: each.layer,
      direction: each.direction,
      sigmaMax: each.sigmaMax,
      spectralRadius: each.spectralRadius,
      effectiveMemory: flow.find((judged) => isLayer(judged, each))?.stepsToHundredth ?? null,
    })),
  };
}
