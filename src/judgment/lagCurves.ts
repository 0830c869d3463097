/**
 * Gradient norms at the states of one sequence, by lag. Index 0 is the last unmasked step that the direction processes,
 * the last index the state before the first step.
 */
export type SequenceCurve = Float64Array;

/**
 * Converts norms by step into curves by lag, one for each sequence.
 * @param norms `[timeSteps, batch]`
 * @param initial norms at the state before the first step, `[batch]`
 * @param lengths number of unmasked steps of each sequence
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

/** Root mean square by lag, over the sequences that reach the lag; sums of squares in float64. */
export function rootMeanSquare(curves: readonly SequenceCurve[]): number[] {
  const longest = Math.max(...curves.map(({ length }) => length));
  return Array.from({ length: longest }, (_, lag) => {
    const values = curves.flatMap((curve) => (lag < curve.length ? [curve[lag]!] : []));
    return Math.sqrt(values.reduce((sum, value) => sum + value * value, 0) / values.length);
  });
}

/** Divides a curve by its value at lag 0. */
export function relative(curve: readonly number[]): number[] {
  return curve.map((value) => value / curve[0]!);
}

/** First lag at which a relative curve is below 1 %; null if it never is. */
export function effectiveMemory(lastStep: readonly number[]): number | null {
  const lag = lastStep.findIndex((value) => value < 0.01);
  return lag < 0 ? null : lag;
}
