/**
 * What arrives at the states of one sequence, by lag: index 0 is the last unmasked step that the direction walks, the
 * last index the state before the first.
 */
export type SequenceCurve = Float64Array;

/**
 * Norms by step as curves by lag, one for each sequence.
 * @param norms `[timeSteps, batch]`
 * @param initial norms at the state before the first step, `[batch]`
 * @param lengths steps of each sequence; those after are masked
 */
export function curvesByLag(
  norms: ArrayLike<number>,
  initial: ArrayLike<number>,
  lengths: readonly number[],
  backward: boolean,
): SequenceCurve[] {
  const batch = lengths.length;
  return lengths.map((length, b) =>
    Float64Array.from({ length: length + 1 }, (_, lag) => {
      if (lag === length) return initial[b]!;
      return norms[(backward ? lag : length - 1 - lag) * batch + b]!;
    }),
  );
}

/** The root mean square over the sequences that are so long, by lag; sums of squares in float64. */
export function rootMeanSquare(curves: readonly SequenceCurve[]): number[] {
  const longest = Math.max(...curves.map(({ length }) => length));
  return Array.from({ length: longest }, (_, lag) => {
    const values = curves.flatMap((curve) => (lag < curve.length ? [curve[lag]!] : []));
    return Math.sqrt(values.reduce((sum, value) => sum + value * value, 0) / values.length);
  });
}

/** A curve as a multiple of its value at lag 0. */
export function relative(curve: readonly number[]): number[] {
  return curve.map((value) => value / curve[0]!);
}

/** The first lag at which a relative curve is below 1 %; null where it never is. */
export function effectiveMemory(lastStep: readonly number[]): number | null {
  const lag = lastStep.findIndex((value) => value < 0.01);
  return lag < 0 ? null : lag;
}
