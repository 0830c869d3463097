import type { Points } from '../charts/points.ts';
import { noPoints } from '../charts/points.ts';
import type { LagCurve } from '../../src/protocol/probes.ts';

/** Converts a curve over the lag to points. */
export function lagPoints(curve: LagCurve | null | undefined): Points {
  return curve ? { x: curve.map((_, lag) => lag), y: curve } : noPoints;
}

/** Converts a curve that is measured at some lags only; the line connects the measured points. */
export function sparsePoints(curve: LagCurve): Points {
  const measured = curve.flatMap((value, lag) => (value === null ? [] : [{ lag, value }]));
  return { x: measured.map(({ lag }) => lag), y: measured.map(({ value }) => value) };
}
