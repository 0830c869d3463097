import * as l10n from '@vscode/l10n';
import { COLUMNS } from '../../src/catalog/columns.ts';
import { seriesOf } from '../../src/catalog/report/readReport.ts';
import { METRICS, type RunUnits } from '../../src/protocol/metrics.ts';
import { flowKey, type PlotPart, type ReportCurves, type ReportRun } from '../../src/protocol/reportPage.ts';
import { applyChange, mapValues, noPoints, type Points } from '../charts/points.ts';
import { smooth } from '../charts/smoothing.ts';
import type { ChartSpec, LineSpec } from '../charts/spec.ts';
import { assignStyles } from '../panel/compare/lineStyles.ts';
import { formatMetric } from '../panel/format.ts';
import { comparedFlowCurves, comparedFlowSpec } from '../probes/comparedFlow.ts';
import { meanCurve } from '../charts/meanCurve.ts';

/** A plot of a report, ready to be drawn. */
export interface ReportChart {
  readonly spec: ChartSpec;
  /** By the keys of the lines. */
  readonly curves: ReadonlyMap<string, Points>;
  /** What is missing or differs; empty for nothing. */
  readonly note: string;
}

/** Time constant in steps of the smoothing of values that are measured at every step. */
const SMOOTHING = 20;

/** The curves of the runs of a block. @param id of the chart */
export function reportChart(
  id: string,
  part: PlotPart,
  runs: readonly ReportRun[],
  curves: ReadonlyMap<string, ReportCurves>,
): ReportChart {
  const colors = new Map(runs.map((run) => [run.id, run.color]));
  const styles = assignStyles(
    new Map(),
    runs.map((run) => run.id),
    colors,
  );
  const lineOf = (run: ReportRun, key: string, label: string): LineSpec => ({
    key,
    label,
    color: styles.get(run.id)?.color ?? run.color,
    dash: styles.get(run.id)?.dash ?? [],
    smoothable: false,
  });
  return part.block.plot === 'gradient'
    ? gradientChart(id, part, runs, curves, lineOf)
    : metricChart(id, part, runs, curves, lineOf);
}

type LineOf = (run: ReportRun, key: string, label: string) => LineSpec;

function gradientChart(
  id: string,
  { block }: PlotPart,
  runs: readonly ReportRun[],
  curves: ReadonlyMap<string, ReportCurves>,
  lineOf: LineOf,
): ReportChart {
  const flowOf = (run: ReportRun) => curves.get(run.id)?.flows[flowKey(block.step)];
  const spec = comparedFlowSpec(
    id,
    runs.map((run) => {
      const flow = flowOf(run);
      return lineOf(run, run.id, flow ? l10n.t('{0}, step {1}', run.label, flow.step) : run.label);
    }),
  );
  const missing = runs.filter((run) => curves.has(run.id) && !flowOf(run));
  return {
    spec: { ...spec, defaults: { ...spec.defaults, logarithmic: block.logarithmic } },
    curves: new Map(runs.flatMap((run) => comparedFlowCurves(run.id, flowOf(run)))),
    note: missing.length === 0 ? '' : l10n.t('Without a gradient probe: {0}.', namesOf(missing)),
  };
}

function metricChart(
  id: string,
  { block }: PlotPart,
  runs: readonly ReportRun[],
  curves: ReadonlyMap<string, ReportCurves>,
  lineOf: LineOf,
): ReportChart {
  const metric = METRICS.find(({ key }) => key === block.plot) ?? METRICS[1];
  const applies = ({ units }: ReportRun) => !('metric' in metric.from) || metric.from.applies(units);
  const xScale = ({ itemsPerStep }: ReportRun) => (block.x === 'items' ? itemsPerStep : 1);
  const drawn = runs.filter((run) => applies(run) && xScale(run) !== null);
  const series = seriesOf(block.plot);
  // A value of every step is noisy; validations are few.
  const isNoisy = series !== 'validationLoss' && series !== 'learningRate';
  const pointsOf = (run: ReportRun): Points => {
    const { points, seconds } = (series && curves.get(run.id)?.curves[series]) ?? { points: [], seconds: [] };
    const raw = applyChange(noPoints, { keep: 0, points });
    const bySteps = isNoisy ? smooth(raw, SMOOTHING) : raw;
    const mapped = 'metric' in metric.from ? mapValues(bySteps, metric.from.map) : bySteps;
    const scale = xScale(run) ?? 1;
    return { x: block.x === 'seconds' ? seconds : mapped.x.map((step) => step * scale), y: mapped.y };
  };
  const units = drawn[0]?.units ?? runs[0]?.units;
  const groups = block.group === null ? null : groupsOf(drawn, block.group);
  const lines = groups
    ? groups.map(({ label, runs: [first] }, i) => lineOf(first, keyOf(i), label))
    : drawn.map((run) => lineOf(run, run.id, run.label));
  const bands = groups ? lines.map(({ key, color }) => ({ low: `${key} low`, high: `${key} high`, color })) : [];
  const drawnCurves = groups
    ? groups.flatMap(({ runs: members }, i): [string, Points][] => {
        const { mean, low, high } = meanCurve(members.map(pointsOf));
        return [
          [keyOf(i), mean],
          [`${keyOf(i)} low`, low],
          [`${keyOf(i)} high`, high],
        ];
      })
    : drawn.map((run): [string, Points] => [run.id, pointsOf(run)]);
  const known = new Map(drawnCurves);
  const empty = drawn.filter((run) => curves.has(run.id) && pointsOf(run).x.length === 0);
  return {
    spec: {
      id,
      title: units ? metric.label(units) : block.plot,
      term: metric.term,
      xName: X_NAMES[block.x],
      unit: units ? metric.unit(units) : '',
      lines,
      bands,
      ...abouts(block.group, isNoisy),
      defaults: { logarithmic: block.logarithmic, smoothing: 0, range: 'fit', table: false },
      describe: (value) => (units ? formatMetric(metric, value, units) : String(value)),
    },
    curves: known,
    note: [
      missing(
        (names) => l10n.t('Without this metric: {0}.', names),
        [...runs.filter((run) => !applies(run)), ...empty],
      ),
      missing(
        (names) => l10n.t('Without steps over parts of the data: {0}.', names),
        runs.filter((run) => applies(run) && xScale(run) === null),
      ),
      differingUnits(drawn, metric.unit),
    ]
      .filter(Boolean)
      .join(' '),
  };
}

const X_NAMES = { step: 'step', seconds: 'second', items: 'item' } as const;

const keyOf = (group: number) => `group ${group}`;

/** Sentence on what was done to the values; omitted if nothing was. */
function abouts(group: string | null, isNoisy: boolean): { readonly about?: string } {
  const smoothed = isNoisy ? l10n.t('Each run is smoothed over {0} steps.', SMOOTHING) : '';
  const averaged =
    group === null ? '' : l10n.t('Mean of the runs of each group, with a band of one standard deviation on each side.');
  const about = [averaged, smoothed].filter(Boolean).join(' ');
  return about === '' ? {} : { about };
}

interface RunGroup {
  readonly label: string;
  readonly runs: readonly [ReportRun, ...ReportRun[]];
}

/** Runs with equal values in a column, in the order of the first run of each group. */
function groupsOf(runs: readonly ReportRun[], key: string): RunGroup[] {
  const column = COLUMNS.find((each) => each.key === key);
  const groups = new Map<string, [ReportRun, ...ReportRun[]]>();
  for (const run of runs) {
    const value = JSON.stringify(run.row.values[key] ?? null);
    const group = groups.get(value);
    if (group) group.push(run);
    else groups.set(value, [run]);
  }
  return [...groups.values()].map((members) => {
    const [{ row }] = members;
    const name = column?.format(row.values[key] ?? null, row) || l10n.t('without a value');
    return { label: l10n.t('{0} ({1})', name, members.length), runs: members };
  });
}

function differingUnits(runs: readonly ReportRun[], unit: (units: RunUnits) => string): string {
  const units = [...new Set(runs.map((run) => unit(run.units)))];
  if (units.length < 2) return '';
  return l10n.t('The units differ, so that these values cannot be compared: {0}.', units.join(', '));
}

function missing(sentence: (names: string) => string, runs: readonly ReportRun[]): string {
  return runs.length === 0 ? '' : sentence(namesOf(runs));
}

function namesOf(runs: readonly ReportRun[]): string {
  return runs.map(({ label }) => label).join(', ');
}
