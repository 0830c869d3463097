import type { ComparableRun, ComparedRun, comparedMetrics } from '../../../src/protocol/comparison.ts';
import { formatCount, formatNumber } from '../../charts/number.ts';
import { applyChange, noPoints, type Points } from '../../charts/points.ts';
import { smooth } from '../../charts/smoothing.ts';
import type { ChartSpec } from '../../charts/spec.ts';
import { lagPoints } from '../../probes/lagCurves.ts';
import { formatLoss } from '../format.ts';
import type { LineStyle } from './lineStyles.ts';

export type ComparedLoss = (typeof comparedMetrics)[number]['key'];

/** The curves of one run on the three charts. */
export interface RunCurves {
  readonly bySteps: Points;
  readonly bySeconds: Points;
  readonly lastStep: Points;
}

/**
 * What is drawn of a run. The training loss is smoothed over steps before its x becomes seconds, so that both charts
 * show the same values.
 * @param smoothing time constant in steps; 0 does not smooth
 */
export function runCurves(run: ComparedRun, loss: ComparedLoss, smoothing: number): RunCurves {
  const { points, seconds } = run.curves[loss] ?? { points: [], seconds: [] };
  const raw = applyChange(noPoints, { keep: 0, points });
  const bySteps = loss === 'trainLoss' && smoothing > 0 ? smooth(raw, smoothing) : raw;
  return { bySteps, bySeconds: { x: seconds, y: bySteps.y }, lastStep: lagPoints(run.lastStep?.curve) };
}

/** The three charts, with a line for each run. */
export function comparisonSpecs(
  runs: readonly ComparableRun[],
  styles: ReadonlyMap<string, LineStyle>,
  loss: ComparedLoss,
) {
  const lines = runs.flatMap(({ id, summary, name }) => {
    const style = styles.get(id);
    return style ? [{ key: id, label: `${summary} · ${name}`, ...style, smoothable: false }] : [];
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
    about: 'Seconds of training, pauses left out. Runs that trained side by side have shared the machine.',
    xName: 'second',
    ...losses,
  };
  const lastStep: ChartSpec = {
    id: 'comparedLastStep',
    title: 'Gradient of the last step',
    about:
      "What is left of the gradient of the last step's loss so many time steps before, at the latest probe of each run.",
    xName: 'lag',
    unit: 'relative to lag 0',
    lines,
    defaults: { logarithmic: true, smoothing: 0, range: 'fit', table: false },
    describe: (value) => `${formatNumber(value)} of lag 0`,
  };
  return { bySteps, bySeconds, lastStep };
}

/** Where the runs stand, best first, in a sentence. */
export function standingSentence(runs: readonly ComparableRun[]): string {
  const known = runs.flatMap(({ summary, step, loss }) => (loss === null ? [] : [{ summary, step, loss }]));
  if (known.length < 2) return '';
  const words = known
    .sort((a, b) => a.loss - b.loss)
    .map(({ summary, step, loss }) => `${sizeOf(summary)} ${formatLoss(loss)} after ${formatCount(step)} steps`);
  return `Lowest loss first: ${words.join(', ')}.`;
}

/** The cell and its size, which a summary begins with. */
function sizeOf(summary: string): string {
  return summary.split(',')[0] ?? summary;
}
