import type { Points } from './points.ts';

/**
 * Exponential moving average with a time constant in steps, bias-corrected as in Adam (Kingma and Ba 2015, section 3),
 * so that the first value equals the first point.
 *
 * A point represents all steps since the previous point. With a point at every step this is the usual average with
 * decay exp(-1 / steps); on a decimated curve, the average covers the same number of steps. A fixed decay per point
 * would smooth long runs more than short ones.
 *
 * Gaps stay gaps, and the average continues after them.
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
