import * as z from 'zod';

/**
 * Exponential smoothing with an additive trend and an additive season, each of which may be absent: simple smoothing,
 * Holt's method, and the Holt-Winters method (Holt 1957; Winters 1960; in the error-correction form of Hyndman and
 * Athanasopoulos, "Forecasting: principles and practice", section 8).
 */
export const smoothingSchema = z.object({
  /** Share of the last error that corrects the level, the trend and the season. */
  alpha: z.number(),
  beta: z.number().nullable(),
  gamma: z.number().nullable(),
  /** Steps in a season; 1 without one. */
  season: z.int().positive(),
});

export type Smoothing = z.output<typeof smoothingSchema>;

/** Values of a parameter that are tried first, and the factors of the refinement. */
const GRID = [0.02, 0.1, 0.3, 0.6, 0.95];
const REFINEMENTS = [0.5, 0.25, 0.12, 0.06];
const MIN_PARAMETER = 0.001;
const MAX_PARAMETER = 0.999;
/** Values of a training part that are read at most, the last ones. */
const MAX_VALUES = 4000;

/** Level, trend and season after a step. */
interface State {
  level: number;
  trend: number;
  /** Values of the season by step modulo its length. */
  readonly seasonal: Float64Array;
}

/**
 * Fits the parameters to the squared errors one step ahead within stretches of a training part, and chooses between
 * simple smoothing, a trend and a season by Akaike's information criterion.
 * @param season steps; undefined without one
 */
export function fitSmoothing(stretches: readonly Float64Array[], season: number | undefined): Smoothing {
  const parts = stretches.map((values) => values.subarray(Math.max(0, values.length - MAX_VALUES)));
  const isSeasonal = season !== undefined && parts.some(({ length }) => length >= 2 * season);
  const kinds: readonly (readonly [trend: boolean, season: number])[] = [
    [false, 1],
    [true, 1],
    ...(isSeasonal
      ? ([
          [false, season],
          [true, season],
        ] as const)
      : []),
  ];
  const fitted = kinds.map(([trend, steps]) => {
    const smoothing = fitKind(parts, trend, steps);
    const { sum, n } = squaredErrors(parts, smoothing);
    const parameters = 2 + (trend ? 2 : 0) + (steps > 1 ? 1 + steps : 0);
    return { smoothing, criterion: n * Math.log(sum / Math.max(1, n) + 1e-12) + 2 * parameters };
  });
  return fitted.reduce((best, each) => (each.criterion < best.criterion ? each : best)).smoothing;
}

/**
 * Forecasts of a smoothing after each step of a stretch.
 * @returns function of the last known step and the number of steps ahead, from 1
 */
export function smoothingForecasts(
  values: Float64Array,
  smoothing: Smoothing,
): (origin: number, ahead: number) => number {
  const { season } = smoothing;
  const levels = new Float64Array(values.length);
  const trends = new Float64Array(values.length);
  /** Value of the season of each step when it was last corrected, which the forecasts a season later use. */
  const seasonal = new Float64Array(values.length);
  const initial = initialState(values, smoothing);
  const first = Float64Array.from(initial.seasonal);
  run(values, smoothing, (t, state) => {
    levels[t] = state.level;
    trends[t] = state.trend;
    seasonal[t] = state.seasonal[t % season]!;
  });
  return (origin, ahead) => {
    const step = origin + ahead - season * Math.ceil(ahead / season);
    const cycle = step >= 0 ? seasonal[step]! : first[(origin + ahead) % season]!;
    return levels[origin]! + ahead * trends[origin]! + (season > 1 ? cycle : 0);
  };
}

function fitKind(parts: readonly Float64Array[], trend: boolean, season: number): Smoothing {
  const grid = (isFree: boolean) => (isFree ? GRID : [null]);
  let best: Smoothing = { alpha: 0.5, beta: trend ? 0.1 : null, gamma: season > 1 ? 0.1 : null, season };
  let error = squaredErrors(parts, best).sum;
  const attempt = (tried: Smoothing) => {
    const { sum } = squaredErrors(parts, tried);
    if (sum < error) [best, error] = [tried, sum];
  };
  for (const alpha of GRID) {
    for (const beta of grid(trend)) for (const gamma of grid(season > 1)) attempt({ alpha, beta, gamma, season });
  }
  for (const size of REFINEMENTS) {
    for (const name of ['alpha', 'beta', 'gamma'] as const) {
      for (const sign of [-1, 1]) {
        const value = best[name];
        if (value !== null) attempt({ ...best, [name]: moved(value, sign * size) });
      }
    }
  }
  return best;
}

/** A parameter moved towards 0 or 1 by a fraction of its distance from there. */
function moved(value: number, by: number): number {
  const next = by < 0 ? value * (1 + by) : value + by * (1 - value);
  return Math.min(MAX_PARAMETER, Math.max(MIN_PARAMETER, next));
}

function squaredErrors(parts: readonly Float64Array[], smoothing: Smoothing): { sum: number; n: number } {
  let [sum, n] = [0, 0];
  for (const values of parts) {
    run(values, smoothing, (t, _, error) => {
      // The first season initializes the state.
      if (t < smoothing.season) return;
      sum += error * error;
      n++;
    });
  }
  return { sum, n };
}

function initialState(values: Float64Array, { beta, season }: Smoothing): State {
  const length = Math.min(season, values.length);
  const mean = (from: number) => values.subarray(from, from + length).reduce((sum, value) => sum + value, 0) / length;
  const isLong = values.length >= 2 * season && values.length > 1;
  const trend = beta !== null && isLong ? (mean(season) - mean(0)) / season : 0;
  // The level before the first step, of which the first season is the trend and its own values.
  const level = mean(0) - (trend * (season + 1)) / 2;
  const seasonOf = (t: number) => (season > 1 && t < length ? values[t]! - level - trend * (t + 1) : 0);
  return { level, trend, seasonal: Float64Array.from({ length: season }, (_, t) => seasonOf(t)) };
}

/** Calls `visit` after each step with the state and the error of its forecast. */
function run(
  values: Float64Array,
  smoothing: Smoothing,
  visit: (t: number, state: State, error: number) => void,
): void {
  const { alpha, beta, gamma, season } = smoothing;
  const state = initialState(values, smoothing);
  for (let t = 0; t < values.length; t++) {
    const place = t % season;
    const error = values[t]! - state.level - state.trend - (season > 1 ? state.seasonal[place]! : 0);
    state.level += state.trend + alpha * error;
    if (beta !== null) state.trend += alpha * beta * error;
    if (gamma !== null) state.seasonal[place] = state.seasonal[place]! + gamma * (1 - alpha) * error;
    visit(t, state, error);
  }
}
