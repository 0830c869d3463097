import * as l10n from '@vscode/l10n';
import type { ComparableRun, ComparedRun, comparedMetrics } from '../../../src/protocol/comparison.ts';
import { applyChange, noPoints, type Points } from '../../charts/points.ts';
import { smooth } from '../../charts/smoothing.ts';
import type { ChartSpec, LineSpec } from '../../charts/spec.ts';
import { formatLoss } from '../format.ts';
import type { LineStyle } from './lineStyles.ts';

export type ComparedLoss = (typeof comparedMetrics)[number]['key'];

/** Curves of one run on the charts of the loss. */
export interface RunCurves {
  readonly bySteps: Points;
  readonly bySeconds: Points;
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
  return { bySteps, bySeconds: { x: seconds, y: bySteps.y } };
}

/** A line for each run, whose key is the id of the run. */
export function runLines(runs: readonly ComparableRun[], styles: ReadonlyMap<string, LineStyle>): LineSpec[] {
  return runs.flatMap(({ id, label }) => {
    const style = styles.get(id);
    return style ? [{ key: id, label, ...style, smoothable: false }] : [];
  });
}

/** Definitions of the charts of the loss, with a line for each run. */
export function comparisonSpecs(
  runs: readonly ComparableRun[],
  styles: ReadonlyMap<string, LineStyle>,
  loss: ComparedLoss,
) {
  const losses = {
    unit: loss === 'trainLoss' ? l10n.t('training') : l10n.t('validation'),
    lines: runLines(runs, styles),
    describe: formatLoss,
    defaults: { logarithmic: false, smoothing: 0, range: 'fit', table: false },
  } as const;
  const bySteps: ChartSpec = {
    id: 'comparedBySteps',
    title: l10n.t('Loss by step'),
    term: 'loss',
    xName: 'step',
    ...losses,
  };
  const bySeconds: ChartSpec = {
    id: 'comparedBySeconds',
    title: l10n.t('Loss by second'),
    term: 'loss',
    about: l10n.t('Seconds of training, without pauses. Runs trained at the same time shared the machine.'),
    xName: 'second',
    ...losses,
  };
  return { bySteps, bySeconds };
}
