import * as l10n from '@vscode/l10n';
import { type LessonId, lessons } from '../../../src/protocol/lessons/lessons.ts';
import type { SeriesName } from '../../../src/protocol/metrics.ts';
import type { LessonRunView } from '../../../src/protocol/lessons/runs.ts';
import { formatNumber } from '../../charts/number.ts';
import { applyChange, noPoints, type Points } from '../../charts/points.ts';
import type { ChartSpec, LineSpec } from '../../charts/spec.ts';
import { assignStyles, type LineStyle } from '../../panel/compare/lineStyles.ts';

/** Style of the curves of a run: the same for all seeds. */
export function runStyle(lesson: LessonId, key: string): LineStyle {
  const keys = (lessons[lesson].runs ?? []).map((run) => run.key);
  return assignStyles(new Map(), keys).get(key) ?? { color: 'blue', dash: [] };
}

/** Name of a run in its lesson, with its seed if the lesson was trained with several. */
export function runLabel(lesson: LessonId, { key, seed }: LessonRunView, runs: readonly LessonRunView[]): string {
  const label = lessons[lesson].runs?.find((run) => run.key === key)?.label() ?? key;
  return runs.some((run) => run.seed !== seed) ? l10n.t('{0}, seed {1}', label, seed) : label;
}

/** A line for each run, whose key is the id of the run. */
export function runLines(lesson: LessonId, runs: readonly LessonRunView[]): LineSpec[] {
  return runs.map((run) => ({
    key: run.id,
    label: runLabel(lesson, run, runs),
    ...runStyle(lesson, run.key),
    smoothable: false,
  }));
}

/** The chart of the validation losses of the runs of a lesson, in nats per sequence. */
export function lossSpec(lesson: LessonId, runs: readonly LessonRunView[]): ChartSpec {
  return {
    id: `${lesson}.validationLoss`,
    title: l10n.t('Validation loss'),
    xName: 'step',
    unit: l10n.t('nats per sequence'),
    lines: runLines(lesson, runs),
    defaults: { logarithmic: false, smoothing: 0, range: 'fit', table: false },
    describe: formatNumber,
  };
}

/** Curves of one metric, by the ids of the runs. */
export function runCurves(runs: readonly LessonRunView[], name: SeriesName): Map<string, Points> {
  return new Map(runs.map((run) => [run.id, applyChange(noPoints, { keep: 0, points: run.curves[name] ?? [] })]));
}

/** Largest value of a curve and its x; undefined without a finite value. */
export function largestOf({ x, y }: Points): { readonly x: number; readonly y: number } | undefined {
  let largest: { x: number; y: number } | undefined;
  y.forEach((value, i) => {
    if (value !== null && (!largest || value > largest.y)) largest = { x: x[i] ?? 0, y: value };
  });
  return largest;
}
