import * as l10n from '@vscode/l10n';
import type { ComparableRun, ComparedRun } from '../../../src/protocol/comparison.ts';
import { CHARACTERS, type MeasuredMetric, type RunUnits, type SeriesName } from '../../../src/protocol/metrics.ts';
import type { RunRow } from '../../../src/protocol/runRow.ts';
import { applyChange, noPoints, type Points } from '../../charts/points.ts';
import { smooth } from '../../charts/smoothing.ts';
import type { ChartSpec, LineSpec } from '../../charts/spec.ts';
import { formatMetric } from '../../panel/format.ts';
import type { LineStyle } from '../../panel/compare/lineStyles.ts';
import { columnOf } from '../tableLayout.ts';
import type { PlotState } from './plotState.ts';
import { meanCurve } from '../../charts/meanCurve.ts';

/** A line of the charts: a run, or runs that differ in their seeds only. */
export interface CurveLine {
  /** Id of the run, or of the first one, whose color it has. */
  readonly key: string;
  readonly label: string;
  /** Ids of its runs. */
  readonly runs: readonly string[];
}

/** A line for each run. */
export function linesOfRuns(runs: readonly ComparableRun[]): CurveLine[] {
  return runs.map(({ id, label }) => ({ key: id, label, runs: [id] }));
}

/** A line for the runs of each setup, in the order of their first runs. */
export function linesOfSetups(runs: readonly ComparableRun[], rowOf: (id: string) => RunRow | undefined): CurveLine[] {
  const setups = new Map<string, ComparableRun[]>();
  for (const run of runs) {
    const setup = String(rowOf(run.id)?.values.setup ?? run.id);
    setups.set(setup, [...(setups.get(setup) ?? []), run]);
  }
  return [...setups.values()].flatMap((group) => {
    const [first] = group;
    if (!first) return [];
    const ids = group.map(({ id }) => id);
    if (group.length === 1) return [{ key: first.id, label: first.label, runs: ids }];
    const row = rowOf(first.id);
    const name = (row && columnOf('setup')?.format(row.values.setup ?? null, row)) ?? first.label;
    return [{ key: first.id, label: l10n.t('{0}, {1} runs', name, ids.length), runs: ids }];
  });
}

/** Noisy metrics, whose curves are smoothed. */
const NOISY: ReadonlySet<SeriesName> = new Set(['trainLoss', 'gradientNorm', 'clippedGradientNorm', 'itemsPerSecond']);

/** Whether the smoothing applies to a metric. */
function isNoisy(metric: SeriesName): boolean {
  return NOISY.has(metric);
}

/** Position of each point of a curve on the x axis; null if the run has no such x. */
const positions: Readonly<
  Record<
    PlotState['x'],
    (run: ComparedRun, steps: readonly number[], seconds: readonly number[]) => readonly number[] | null
  >
> = {
  step: (_run, steps) => steps,
  second: (_run, _steps, seconds) => seconds,
  item: ({ itemsPerStep }, steps) => (itemsPerStep === null ? null : steps.map((step) => step * itemsPerStep)),
};

/**
 * Curve of a metric of a run over an x axis. It is smoothed over steps before its x becomes another quantity, so that the
 * values at a step are the same on every axis.
 * @param smoothing time constant in steps; 0 for no smoothing
 */
export function metricCurve(
  run: ComparedRun,
  metric: SeriesName,
  { x, smoothing }: Pick<PlotState, 'x' | 'smoothing'>,
): Points {
  const { points, seconds } = run.curves[metric] ?? { points: [], seconds: [] };
  const raw = applyChange(noPoints, { keep: 0, points });
  const { x: steps, y } = smoothing > 0 && isNoisy(metric) ? smooth(raw, smoothing) : raw;
  const xs = positions[x](run, steps, seconds);
  return xs ? { x: xs, y } : noPoints;
}

const lowKey = (key: string) => `${key} low`;
const highKey = (key: string) => `${key} high`;

/** Curves of a line by the keys of its chart: the curve of its run, or the mean of its runs with a band. */
export function lineCurves(key: string, curves: readonly Points[]): [string, Points][] {
  const { mean, low, high } = meanCurve(curves);
  return low.x.length === 0
    ? [[key, mean]]
    : [
        [key, mean],
        [lowKey(key), low],
        [highKey(key), high],
      ];
}

/** Units of losses that may be of several tasks: not those of one of them. */
const ANY_UNITS: RunUnits = { ...CHARACTERS, nats: false };

/** Name of a metric for runs of any task. */
export function metricName({ key, label }: MeasuredMetric): string {
  return key === 'itemsPerSecond' ? l10n.t('Items per second') : label();
}

/** Definition of the chart of a metric. */
export function metricSpec(
  metric: MeasuredMetric,
  lines: readonly CurveLine[],
  styles: ReadonlyMap<string, LineStyle>,
  x: PlotState['x'],
): ChartSpec {
  const drawn: LineSpec[] = lines.flatMap(({ key, label }) => {
    const style = styles.get(key);
    return style ? [{ key, label, ...style, smoothable: false }] : [];
  });
  const isMean = new Set(lines.flatMap(({ key, runs }) => (runs.length > 1 ? [key] : [])));
  return {
    id: `runs-${metric.key}`,
    title: metricName(metric),
    term: metric.term,
    xName: x,
    unit: metric.direction === 'lower' || metric.key === 'itemsPerSecond' ? '' : metric.unit(),
    lines: drawn,
    bands: drawn
      .filter(({ key }) => isMean.has(key))
      .map(({ key, color }) => ({ low: lowKey(key), high: highKey(key), color })),
    defaults: { logarithmic: false, smoothing: 0, range: 'fit', table: false },
    describe: (value) => formatMetric(metric, value, ANY_UNITS),
  };
}
