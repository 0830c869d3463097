import { type ActivationPlace, isSigmoid } from '../config/cells.ts';
import type { GateStatistics } from '../protocol/probes.ts';
import type { DirectionFlow } from './gradientFlow.ts';
import { measured } from '../judgment/numbers.ts';

const BINS = 20;

/** Values of one activation in the unmasked steps of a batch. */
interface Values {
  readonly values: Float32Array;
  /** Distance in `values` from one row to the next. */
  readonly width: number;
  readonly offset: number;
  readonly units: number;
  /** Unmasked rows `t * batch + b`. */
  readonly rows: readonly number[];
}

/** Histograms and saturation of all gates of a direction over a batch (Karpathy et al. 2015, section 4.2). */
export function gateStatistics(flow: DirectionFlow, timeSteps: number, lengths: readonly number[]): GateStatistics[] {
  return flow.cell.saturating.map((place) => statisticsOf(place, valuesOf(flow, place, timeSteps, lengths)));
}

/**
 * Mean product of the forget gates from the last step back, by lag: the fraction of c_{t-lag} left in c_t. It is 1 at
 * lag 0; lag `timeSteps` is the state before the first step.
 */
export function forgetProduct(flow: DirectionFlow, timeSteps: number, lengths: readonly number[]): number[] {
  const place = flow.cell.forgetGate;
  if (!place) throw new TypeError(`The layer ${flow.cell.name} has no forget gate.`);
  const { values, width, offset, units } = valuesOf(flow, place, timeSteps, lengths);
  const sums = new Float64Array(timeSteps + 1);
  const counts = new Float64Array(timeSteps + 1);
  lengths.forEach((length, b) => {
    const products = new Float64Array(units).fill(1);
    for (let lag = 0; lag <= length; lag++) {
      for (const product of products) sums[lag] = sums[lag]! + product;
      counts[lag] = counts[lag]! + units;
      if (lag === length) break;
      const t = flow.cell.goBackwards ? lag : length - 1 - lag;
      const start = (t * lengths.length + b) * width + offset;
      for (let unit = 0; unit < units; unit++) products[unit] = products[unit]! * values[start + unit]!;
    }
  });
  const longest = Math.max(...lengths);
  return Array.from(sums.subarray(0, longest + 1), (sum, lag) => sum / counts[lag]!);
}

function valuesOf(
  { cell, outputs }: DirectionFlow,
  { output, block }: ActivationPlace,
  timeSteps: number,
  lengths: readonly number[],
): Values {
  const values = outputs[output];
  if (!values) throw new Error(`The outputs of the layer ${cell.name} were not kept.`);
  const batch = lengths.length;
  const rows = lengths.flatMap((length, b) => Array.from({ length }, (_, t) => t * batch + b));
  return { values, width: values.length / (timeSteps * batch), offset: block * cell.units, units: cell.units, rows };
}

function statisticsOf({ name }: ActivationPlace, { values, width, offset, units, rows }: Values): GateStatistics {
  const lowest = isSigmoid(name) ? 0 : -1;
  const [low, high] = [isSigmoid(name) ? 0.1 : -0.9, 0.9];
  const bins = new Float64Array(BINS);
  const lows = new Float64Array(units);
  const highs = new Float64Array(units);
  const binsPerOne = BINS / (1 - lowest);
  for (const row of rows) {
    const start = row * width + offset;
    for (let unit = 0; unit < units; unit++) {
      const value = values[start + unit]!;
      const bin = Math.min(BINS - 1, Math.floor((value - lowest) * binsPerOne));
      bins[bin] = bins[bin]! + 1;
      if (value < low) lows[unit] = lows[unit]! + 1;
      else if (value > high) highs[unit] = highs[unit]! + 1;
    }
  }
  const share = (counts: Float64Array, of: number) => Array.from(counts, (count) => measured(count / of) ?? 0);
  const [lowByUnit, highByUnit] = [share(lows, rows.length), share(highs, rows.length)];
  return {
    gate: name,
    histogram: share(bins, rows.length * units),
    low: mean(lowByUnit),
    high: mean(highByUnit),
    lowByUnit,
    highByUnit,
  };
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
