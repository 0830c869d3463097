import { firstBelow, type Flow, FLOW_LIMITS } from '../protocol/flow.ts';
import type { Direction, FlowVerdict } from '../protocol/verdicts.ts';
import { rootMeanSquare, type SequenceCurve } from './lagCurves.ts';
import { measured, measuredAll } from './numbers.ts';
import { ascending, medianInterval, quantile } from './quantiles.ts';

/** Norms of the gradient after a backward pass from the last losses alone, in one direction of a layer. */
export interface LastFlow {
  readonly layer: string;
  readonly direction: Direction;
  /** ||dL/dh_t|| and, for a cell with a cell state, ||dL/dc_t||, one curve for each sequence. */
  readonly h: readonly SequenceCurve[];
  readonly c: readonly SequenceCurve[] | null;
}

/** Number of single sequences whose curves a complete probe keeps. */
const SINGLES = 8;

/**
 * Judges the gradient of the last step's loss in one direction of a layer, over the window and over all sequences.
 * @param singles true to keep the curves of single sequences
 */
export function judgeFlow(last: LastFlow, singles: boolean): Flow {
  const curves = wholeState(last).map(relativeToStart);
  const ends = curves.map((curve) => curve.at(-1) ?? NaN);
  const end = medianInterval(ends);
  const growth = medianInterval(curves.map(growthPerStep).filter((factor) => !Number.isNaN(factor)));
  const byLag = sortedByLag(curves);
  const median = byLag.map((values) => quantile(values, 0.5));
  const parts = (part: readonly SequenceCurve[]) =>
    measuredAll(sortedByLag(part.map(relativeToStart)).map((values) => quantile(values, 0.5)));
  const shareOf = (isBeyond: (ratio: number) => boolean) => ends.filter(isBeyond).length / ends.length;
  return {
    layer: last.layer,
    direction: last.direction,
    verdict: verdictOf(end),
    sequences: curves.length,
    window: byLag.length - 1,
    median: measuredAll(median),
    low: measuredAll(byLag.map((values) => quantile(values, 0.1))),
    high: measuredAll(byLag.map((values) => quantile(values, 0.9))),
    mean: measuredAll(rootMeanSquare(curves)),
    h: parts(last.h),
    c: last.c && parts(last.c),
    singles: singles ? curves.slice(0, SINGLES).map((curve) => measuredAll(curve)) : [],
    growthPerStep: { value: measured(growth.value), low: measured(growth.low), high: measured(growth.high) },
    ratioAtEnd: measured(end.value),
    endInterval: { low: measured(end.low), high: measured(end.high) },
    stepsToTenth: firstBelow(median, 0.1),
    stepsToHundredth: firstBelow(median, 0.01),
    stepsToThousandth: firstBelow(median, 0.001),
    share: {
      vanishing: shareOf((ratio) => ratio < FLOW_LIMITS.vanishing),
      exploding: shareOf((ratio) => ratio > FLOW_LIMITS.exploding),
    },
  };
}

/** Vanishing or exploding only if the whole interval of the ratio at the end is beyond the limit. */
function verdictOf({ low, high }: { low: number; high: number }): FlowVerdict {
  const { vanishing, exploding } = FLOW_LIMITS;
  if (high < vanishing) return 'vanishing';
  if (low > exploding) return 'exploding';
  return low >= vanishing && high <= exploding ? 'carries' : 'mixed';
}

/** Norms of the gradient with respect to [h; c], by lag. */
function wholeState({ h, c }: LastFlow): readonly SequenceCurve[] {
  if (!c) return h;
  return h.map((curve, sequence) => curve.map((value, lag) => Math.hypot(value, c[sequence]![lag]!)));
}

/**
 * Divides a curve by its value at lag 0. If that is zero, no gradient arrives at all and the rest of the curve is zero;
 * a value that is not a number counts as infinite, because only an overflow leads to it.
 */
function relativeToStart(curve: SequenceCurve): SequenceCurve {
  const [first = NaN] = curve;
  return curve.map((value, lag) => {
    if (first === 0) return lag === 0 ? 1 : 0;
    const ratio = value / first;
    return Number.isNaN(ratio) ? Infinity : ratio;
  });
}

/** Values of all curves that reach a lag, in ascending order. */
function sortedByLag(curves: readonly SequenceCurve[]): number[][] {
  const longest = Math.max(...curves.map(({ length }) => length));
  return Array.from({ length: longest }, (_, lag) =>
    ascending(curves.flatMap((curve) => (lag < curve.length ? [curve[lag]!] : []))),
  );
}

/** Factor per step of the least-squares line through the logarithms of a curve; NaN for fewer than two values above 0. */
function growthPerStep(curve: SequenceCurve): number {
  let [n, sumX, sumY, sumXX, sumXY] = [0, 0, 0, 0, 0];
  curve.forEach((value, lag) => {
    if (!(value > 0) || value === Infinity) return;
    const y = Math.log(value);
    n += 1;
    sumX += lag;
    sumY += y;
    sumXX += lag * lag;
    sumXY += lag * y;
  });
  return Math.exp((n * sumXY - sumX * sumY) / (n * sumXX - sumX * sumX));
}
