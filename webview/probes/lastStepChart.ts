import * as l10n from '@vscode/l10n';
import { type Flow, FLOW_LIMITS } from '../../src/protocol/flow.ts';
import type { LagCurve } from '../../src/protocol/probes.ts';
import { formatNumber } from '../charts/number.ts';
import { noPoints, type Points } from '../charts/points.ts';
import type { ChartSpec, ColorName, LineSpec, Mark, Reference } from '../charts/spec.ts';
import { lagPoints } from './lagCurves.ts';

/** Curves in addition to the median over sequences and its band. */
export const FLOW_EXTRAS = ['none', 'mean', 'singles'] as const;

export type FlowExtra = (typeof FLOW_EXTRAS)[number];

/** Number of single sequences that a complete probe holds at most. */
const SINGLES = 8;

/**
 * Chart of the curves behind a verdict: the median over sequences of the gradient of the whole state, the band of the
 * middle 80 %, and the median of the run's first probe; for an LSTM, also of h and c alone.
 */
export function lastStepChart(id: string, withCell: boolean, extra: FlowExtra = 'none'): ChartSpec {
  return {
    id,
    title: l10n.t('Gradient of the last step'),
    term: 'lastStepGradient',
    about: l10n.t(
      "Norm of the gradient of the last step's loss with respect to earlier states, by lag in time steps: median over sequences, with the band of the middle 80 %.",
    ),
    xName: 'lag',
    unit: l10n.t('relative to lag 0'),
    lines: [
      line('flow.first', l10n.t('first probe'), 'orange', [6, 4]),
      ...(extra === 'singles'
        ? Array.from({ length: SINGLES }, (_, index) => ({
            ...line(`flow.single${index}`, l10n.t('sequence {0}', index + 1), 'yellow'),
            dots: false as const,
          }))
        : []),
      ...(extra === 'mean' ? [line('flow.mean', l10n.t('root mean square'), 'red', [8, 3])] : []),
      { ...line('flow.low', l10n.t('10 % quantile'), 'blue', [1, 3]), dots: false },
      { ...line('flow.high', l10n.t('90 % quantile'), 'blue', [1, 3]), dots: false },
      ...(withCell
        ? [
            line('flow.h', l10n.t('hidden state h'), 'green', [4, 2]),
            line('flow.c', l10n.t('cell state c'), 'purple', [2, 3]),
          ]
        : []),
      line('flow.median', withCell ? l10n.t('median, whole state [h; c]') : l10n.t('median'), 'blue'),
    ],
    bands: [{ low: 'flow.low', high: 'flow.high', color: 'blue' }],
    defaults: { logarithmic: true, smoothing: 0, range: 'fit', table: false },
    describe: (value) => l10n.t('{0} of lag 0', formatNumber(value)),
  };
}

function line(key: string, label: string, color: ColorName, dash: readonly number[] = []): LineSpec {
  return { key, label, color, dash, smoothable: false };
}

/**
 * Curves of the chart by the keys of its lines.
 * @param first the same direction in the run's first probe; undefined if that is the probe shown
 * @param complete the same direction in the latest probe that holds single sequences
 */
export function flowCurves(current: Flow, first: Flow | undefined, complete: Flow | undefined): [string, Points][] {
  const curves: [string, LagCurve | null | undefined][] = [
    ['flow.median', current.median],
    ['flow.low', current.low],
    ['flow.high', current.high],
    ['flow.mean', current.mean],
    ['flow.h', current.h],
    ['flow.c', current.c],
    ['flow.first', first?.median],
    ...Array.from({ length: SINGLES }, (_, index): [string, LagCurve | undefined] => [
      `flow.single${index}`,
      complete?.singles[index],
    ]),
  ];
  return curves.map(([key, curve]) => [key, curve ? lagPoints(curve) : noPoints]);
}

/** Limits at the end of the window below and above which the gradient has vanished or exploded. */
export const verdictLines: readonly Reference[] = [
  { label: l10n.t('vanishing below'), value: FLOW_LIMITS.vanishing },
  { label: l10n.t('exploding above'), value: FLOW_LIMITS.exploding },
];

/** Lag at which training truncates the gradient. */
export function cutMark(truncation: number): Mark {
  return { label: l10n.t('truncation'), x: truncation };
}
