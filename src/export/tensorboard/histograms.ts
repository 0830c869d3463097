import { isSigmoid } from '../../config/cells.ts';
import type { Flow } from '../../protocol/flow.ts';
import type { GateStatistics, LagCurve } from '../../protocol/probes.ts';
import type { Histogram } from './summaries.ts';

/** Shares of the activations of a gate by value, from 0 to 1, or from -1 to 1 unless it is a sigmoid. */
export function gateHistogram({ gate, histogram }: GateStatistics): Histogram {
  const low = isSigmoid(gate) ? 0 : -1;
  const width = (1 - low) / histogram.length;
  return { low, limits: histogram.map((_, bin) => low + (bin + 1) * width), counts: histogram };
}

/** The median gradient by lag, relative to lag 0: the heights of buckets that are centered at the lags. */
export function lagHistogram({ median }: Flow): Histogram {
  return { low: -0.5, limits: median.map((_, lag) => lag + 0.5), counts: median.map((value) => value ?? 0) };
}

/** Buckets grow by this factor, from this value on, as those of TensorFlow do. */
const GROWTH = 1.1;
const FIRST = 1e-12;

/**
 * Number of time steps by the norm of their gradient; undefined without a norm that is finite. Norms below the first
 * limit, among them zero, are in the first bucket.
 */
export function normHistogram(norms: LagCurve): Histogram | undefined {
  const places = norms.flatMap((norm) => (norm === null ? [] : [bucketOf(norm)]));
  if (places.length === 0) return undefined;
  const from = places.reduce((a, b) => Math.min(a, b));
  const to = places.reduce((a, b) => Math.max(a, b));
  const counts = Array.from({ length: to - from + 1 }, () => 0);
  for (const place of places) counts[place - from] = (counts[place - from] ?? 0) + 1;
  return {
    low: from === 0 ? 0 : limitOf(from - 1),
    limits: counts.map((_, i) => limitOf(from + i)),
    counts,
  };
}

function bucketOf(norm: number): number {
  return norm <= FIRST ? 0 : Math.ceil(Math.log(norm / FIRST) / Math.log(GROWTH));
}

function limitOf(bucket: number): number {
  return FIRST * GROWTH ** bucket;
}
