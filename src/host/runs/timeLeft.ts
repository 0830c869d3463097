import type { Series } from '../../runs/series/series.ts';

/** Number of latest steps that determine the pace, including the time of their validations and samples. */
const PACE_STEPS = 200;
/** Minimum number of steps for an estimate; the first ones are slower. */
const WARM_UP_STEPS = 5;

export interface Limits {
  /** Step after which training ends. */
  readonly steps: number;
  /** Seconds after which training ends; 0 sets no limit. */
  readonly seconds: number;
}

/**
 * Estimated seconds until training ends, or null while too little is known.
 * @param seconds seconds of training at each step
 */
export function secondsLeft({ x, y, length }: Series, { steps, seconds }: Limits): number | null {
  const last = length - 1;
  const first = Math.max(0, last - PACE_STEPS);
  const done = (x[last] ?? 0) - (x[first] ?? 0);
  if (done < WARM_UP_STEPS) return null;
  const perStep = ((y[last] ?? 0) - (y[first] ?? 0)) / done;
  const bySteps = Math.max(0, steps - (x[last] ?? 0)) * perStep;
  return seconds === 0 ? bySteps : Math.min(bySteps, Math.max(0, seconds - (y[last] ?? 0)));
}
