import type { Points } from '../charts/points.ts';
import { noPoints } from '../charts/points.ts';
import type { LagCurve, LayerProbe, Probe } from '../../src/protocol/probes.ts';

/** Converts a curve over the lag to points. */
export function lagPoints(curve: LagCurve | null | undefined): Points {
  return curve ? { x: curve.map((_, lag) => lag), y: curve } : noPoints;
}

/** Converts a curve that is measured at some lags only; the line connects the measured points. */
export function sparsePoints(curve: LagCurve): Points {
  const measured = curve.flatMap((value, lag) => (value === null ? [] : [{ lag, value }]));
  return { x: measured.map(({ lag }) => lag), y: measured.map(({ value }) => value) };
}

/** Returns the layer shown by default: the last forward one, or the last one if none is forward. */
export function leadingLayer({ layers }: Probe): LayerProbe {
  const lead = layers.findLast(({ direction }) => direction === 'forward') ?? layers.at(-1);
  if (!lead) throw new RangeError('The probe has no recurrent layers.');
  return lead;
}
