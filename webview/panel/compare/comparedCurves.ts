import type { ComparableRun, ComparedRun, comparedMetrics } from '../../../src/protocol/comparison.ts';
import { formatCount, formatNumber } from '../../charts/number.ts';
import { applyChange, noPoints, type Points } from '../../charts/points.ts';
import { smooth } from '../../charts/smoothing.ts';
import type { ChartSpec } from '../../charts/spec.ts';
import { lagPoints } from '../../probes/lagCurves.ts';
import { formatLoss } from '../format.ts';
import type { LineStyle } from './lineStyles.ts';

export type ComparedLoss = (typeof comparedMetrics)[number]['key'];

/** Curves of one run on the three charts. */
export interface RunCurves {
  readonly bySteps: Points;
  readonly bySeconds: Points;
  readonly lastStep: Points;
}

/**
 * Returns the curves of a run. The training loss is smoothed over steps before its x becomes seconds, so that both
 * charts show the same values.
 * @param smoothing time constant in steps; 0 for no smoothing
 */
export function runCurves(run: ComparedRun, loss: ComparedLoss, smoothing: number): RunCurves {
  const { points, seconds } = run.curves[loss] ?? { points: [], seconds: [] };
  const raw = applyChange(noPoints, { keep: 0, points });
  const bySteps = loss === 'trainLoss' && smoothing > 0 ? smooth(raw, smoothing) : raw;
  return { bySteps, bySeconds: { x: seconds, y: bySteps.y }, lastStep: lagPoints(run.lastStep?.curve) };
}

/** Definitions of the three charts, with a line for each run. */
export function comparisonSpecs(
  runs: readonly ComparableRun[],
  styles: ReadonlyMap<string, LineStyle>,
  loss: ComparedLoss,
) {
  const lines = runs.flatMap(({ id, label }) => {
    const style = styles.get(id);
    return style ? [{ key: id, label, ...style, smoothable: false }] : [];
  });
  const losses = {
    unit: loss === 'trainLoss' ? 'training' : 'validation',
    lines,
    describe: formatLoss,
    defaults: { logarithmic: false, smoothing: 0, range: 'fit', table: false },
  } as const;
  const bySteps: ChartSpec = { id: 'comparedBySteps', title: 'Loss by step', xName: 'step', ...losses };
  const bySeconds: ChartSpec = {
    id: 'comparedBySeconds',
    title: 'Loss by second',
    about: 'Seconds of training, without pauses. Runs trained at the same time shared the machine.',
    xName: 'second',
    ...losses,
  };
  const lastStep: ChartSpec = {
    id: 'comparedLastStep',
    title: 'Gradient of the last step',
    about:
      "Norm of the gradient of the last step's loss with respect to earlier states, by lag in time steps: median over sequences in the layer where it is worst, at the latest probe of each run.",
    xName: 'lag',
    unit: 'relative to lag 0',
    lines,
    defaults: { logarithmic: true, smoothing: 0, range: 'fit', table: false },
    describe: (value) => `${formatNumber(value)} of lag 0`,
  };
  return { bySteps, bySeconds, lastStep };
}

/** Lists the runs by their loss, the lowest first; empty for fewer than two losses. */
export function describeRanking(runs: readonly ComparableRun[]): string {
  const known = runs.flatMap(({ label, step, loss }) => (loss === null ? [] : [{ label, step, loss }]));
  if (known.length < 2) return '';
  const entries = known
    .sort((a, b) => a.loss - b.loss)
    .map(({ label, step, loss }) => `${label} ${formatLoss(loss)} after ${formatCount(step)} steps`);
  return `Lowest loss first: ${entries.join(', ')}.`;
}
