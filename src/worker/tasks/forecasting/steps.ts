import type { PreparedSeries } from '../../../data/numeric/preparedSeries.ts';
import { formatTime, timeAfter } from '../../../data/numeric/timeStep.ts';

/**
 * Time of a step of a series, or of a step after one.
 * @returns undefined without a time column, or after the last row of a series whose steps differ in length
 */
export function timeOf({ series }: PreparedSeries, origin: number, ahead = 0): string | undefined {
  const { times, step } = series;
  if (!times) return undefined;
  if (ahead === 0) return formatTime(times[origin]!, step ?? undefined);
  return step ? formatTime(timeAfter(times[origin]!, step, ahead), step) : undefined;
}

/** A number as reports store it. */
export function rounded(value: number): number {
  return Number(value.toPrecision(6));
}
