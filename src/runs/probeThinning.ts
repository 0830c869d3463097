/** A run keeps so many probes, on disk and in memory. */
export const MOST_PROBES = 200;

/**
 * A probe that has everything is let go only where its neighbors are this much closer to each other than those of the
 * others.
 */
const COMPLETE_WEIGHT = 8;

/** A probe, as far as it matters for keeping it. */
export interface KeptProbe {
  readonly step: number;
  /** Whether it has what only every tenth probe measures. */
  readonly complete: boolean;
}

/**
 * Indices of the probes to let go, so that no more than `MOST_PROBES` are left, spread over the whole run: one after
 * the other the one whose neighbors are nearest to each other; never the first or the last.
 * @param probes in the order of their steps
 */
export function dispensableProbes(probes: readonly KeptProbe[]): ReadonlySet<number> {
  const gone = new Set<number>();
  const left = probes.map(({ step, complete }, index) => ({ step, complete, index }));
  while (left.length > MOST_PROBES) {
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
