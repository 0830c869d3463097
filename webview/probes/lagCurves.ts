import type { Points } from '../charts/points.ts';
import { noPoints } from '../charts/points.ts';
import type { LagCurve, LayerProbe, Probe } from '../../src/protocol/probes.ts';

/** A curve over the lag as points to draw. */
export function lagPoints(curve: LagCurve | null | undefined): Points {
  return curve ? { x: curve.map((_, lag) => lag), y: curve } : noPoints;
}

/** The same for a quantity that is measured at some lags only: the line goes through the gaps. */
export function sparsePoints(curve: LagCurve): Points {
  const measured = curve.flatMap((value, lag) => (value === null ? [] : [{ lag, value }]));
  return { x: measured.map(({ lag }) => lag), y: measured.map(({ value }) => value) };
}

/** The layer that leads the views: the last forward one, or the last of all where none goes forward. */
export function leadingLayer({ layers }: Probe): LayerProbe {
  const lead = layers.findLast(({ direction }) => direction === 'forward') ?? layers.at(-1);
  if (!lead) throw new RangeError('A probe without recurrent layers cannot be shown.');
  return lead;
}
