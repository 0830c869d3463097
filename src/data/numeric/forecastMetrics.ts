/** Errors of forecasts in the units of the data, except for `smape`, a percentage, and `mase`, a ratio. */
export interface ForecastMetrics {
  /** Mean absolute error. */
  readonly mae: number;
  /** Root mean squared error. */
  readonly rmse: number;
  /**
   * Symmetric mean absolute percentage error, from 0 to 200: the mean of 200 |y - f| / (|y| + |f|), in which a term of
   * two zeros is 0 (Makridakis and Hibon 2000, "The M3-Competition").
   */
  readonly smape: number;
  /**
   * Mean absolute scaled error: each absolute error divided by the mean absolute error of the naive forecast within the
   * training part (Hyndman and Koehler 2006, "Another look at measures of forecast accuracy"). Null without such a scale.
   */
  readonly mase: number | null;
}

/** Sums of the errors of forecasts, to which windows are added. */
export class MetricSums {
  #n = 0;
  #absolute = 0;
  #squared = 0;
  #percentage = 0;
  #scaled = 0;

  /** @param scale mean absolute error of the naive forecast within the training part; 0 if there is none */
  add(truth: number, forecast: number, scale: number): void {
    const error = Math.abs(truth - forecast);
    const size = Math.abs(truth) + Math.abs(forecast);
    this.#n++;
    this.#absolute += error;
    this.#squared += error * error;
    this.#percentage += size === 0 ? 0 : (200 * error) / size;
    this.#scaled += error / scale;
  }

  get n(): number {
    return this.#n;
  }

  get metrics(): ForecastMetrics {
    const n = this.#n;
    return {
      mae: this.#absolute / n,
      rmse: Math.sqrt(this.#squared / n),
      smape: this.#percentage / n,
      mase: Number.isFinite(this.#scaled) ? this.#scaled / n : null,
    };
  }
}

/**
 * Mean absolute error of the naive forecast, the value a season before, within stretches of a training part: the scale
 * of the MASE. 0 for stretches no longer than a season.
 * @param season steps; 1 for the last value
 */
export function naiveScale(stretches: readonly Float64Array[], season: number): number {
  let [sum, n] = [0, 0];
  for (const values of stretches) {
    for (let t = season; t < values.length; t++, n++) sum += Math.abs(values[t]! - values[t - season]!);
  }
  return n === 0 ? 0 : sum / n;
}
