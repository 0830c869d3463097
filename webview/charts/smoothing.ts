import type { Points } from './points.ts';

/**
 * Exponential moving average with a time constant in steps, debiased as in Adam (Kingma and Ba 2015,
 * section 3), so that the first value is the first point and not a mean with zero.
 *
 * A point stands for all steps since the one before it. With a point at every step this is the usual
 * average with decay exp(-1 / steps); where the host has thinned the curve out, the average still reaches
 * back over the same number of steps. A fixed decay for each point would smooth more the longer a run is.
 *
 * Gaps stay gaps, and the average goes on behind them.
 */
export function smooth(points: Points, steps: number): Points {
  let sum = 0;
  let weight = 0;
  let last: number | null = null;

  const y = points.y.map((value, i) => {
    const x = points.x[i];
    if (value === null || x === undefined) return null;
    const keep = Math.exp(-(last === null ? 1 : x - last) / steps);
    sum = keep * sum + (1 - keep) * value;
    weight = keep * weight + (1 - keep);
    last = x;
    return sum / weight;
  });
  return { x: points.x, y };
}
