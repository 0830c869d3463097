/** Maximum number of probes of a run, on disk and in memory. */
export const MAX_PROBES = 200;

/**
 * A complete probe is removed only if its neighbors are this many times closer to each other than those of the others.
 */
const COMPLETE_WEIGHT = 8;

/** The properties of a probe that decide whether it is kept. */
export interface KeptProbe {
  readonly step: number;
  /** Whether it has the measurements that only every tenth probe takes. */
  readonly complete: boolean;
}

/**
 * Indices of the probes to remove, so that at most `MAX_PROBES` remain, spread over the run: repeatedly the one whose
 * neighbors are nearest to each other; never the first or the last.
 * @param probes in the order of their steps
 */
export function probesToRemove(probes: readonly KeptProbe[]): ReadonlySet<number> {
  const gone = new Set<number>();
  const left = probes.map(({ step, complete }, index) => ({ step, complete, index }));
  while (left.length > MAX_PROBES) {
    let least = Infinity;
    let at = 1;
    for (let i = 1; i < left.length - 1; i++) {
      const gap =
        ((left[i + 1]?.step ?? 0) - (left[i - 1]?.step ?? 0)) * (left[i]?.complete === true ? COMPLETE_WEIGHT : 1);
      if (gap < least) [least, at] = [gap, i];
    }
    for (const { index } of left.splice(at, 1)) gone.add(index);
  }
  return gone;
}
