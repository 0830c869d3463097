import { finiteValues, type Points } from '../../charts/points.ts';

/** Factor over the median of the points before at which a norm is a spike. */
const JUMP = 5;

/** Points before a spike whose median it is compared with, and the fewest of them. */
const WINDOW = 50;
const FEWEST = 10;

/** Points of a curve of gradient norms that jump above the ones before. A norm that is not finite is left out. */
export function spikesOf({ x, y }: Points): Points {
  const places = y.flatMap((value, i) => {
    const before = y.slice(Math.max(0, i - WINDOW), i);
    const known = finiteValues({ x: [], y: before });
    return value !== null && known.length >= FEWEST && value > JUMP * medianOf(known) ? [i] : [];
  });
  return { x: places.map((i) => x[i] ?? 0), y: places.map((i) => y[i] ?? null) };
}

function medianOf(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? NaN;
}
