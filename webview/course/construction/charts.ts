import * as l10n from '@vscode/l10n';
import { type ConstructionRequest, type ConstructionResult } from '../../../src/protocol/lessons/construction.ts';
import { formatNumber } from '../../charts/number.ts';
import type { Points } from '../../charts/points.ts';
import type { ChartSettings, ChartSpec } from '../../charts/spec.ts';

const settings: ChartSettings = { logarithmic: true, smoothing: 0, range: 'full', table: false };

/** The gradient over the lag, with its band over sequences and the power of the largest singular value. */
export function flowSpec(): ChartSpec {
  return {
    id: 'lessonConstructedFlow',
    title: l10n.t('Gradient by lag'),
    about: l10n.t(
      "Norm of the gradient of the last step's loss with respect to earlier states: median over sequences, with the band of the middle 80 %. The dashed line is its upper bound.",
    ),
    xName: 'lag',
    unit: l10n.t('relative to lag 0'),
    lines: [
      { key: 'low', label: l10n.t('10 % quantile'), color: 'blue', dash: [1, 3], smoothable: false, dots: false },
      { key: 'high', label: l10n.t('90 % quantile'), color: 'blue', dash: [1, 3], smoothable: false, dots: false },
      {
        key: 'bound',
        label: l10n.t('largest singular value to the power of the lag'),
        color: 'orange',
        dash: [6, 4],
        smoothable: false,
        dots: false,
      },
      { key: 'median', label: l10n.t('median'), color: 'blue', dash: [], smoothable: false, dots: false },
    ],
    bands: [{ low: 'low', high: 'high', color: 'blue' }],
    defaults: settings,
    describe: (value) => l10n.t('{0} of lag 0', formatNumber(value)),
  };
}

export function flowCurves({ flow, singularValues }: ConstructionResult): Map<string, Points> {
  const [largest = 0] = singularValues;
  const byLag = (y: readonly (number | null)[]): Points => ({ x: y.map((_, lag) => lag), y });
  return new Map([
    ['median', byLag(flow.median)],
    ['low', byLag(flow.low)],
    ['high', byLag(flow.high)],
    ['bound', byLag(flow.median.map((_, lag) => largest ** lag))],
  ]);
}

export function singularSpec(matrix: ConstructionRequest['matrix']): ChartSpec {
  return {
    id: 'lessonSingularValues',
    title: l10n.t('Singular values of the recurrent matrix'),
    about: l10n.t('Factors by which the matrix stretches orthogonal directions, largest first.'),
    xName: 'index',
    unit: l10n.t('singular value'),
    lines: [
      {
        key: 'singular',
        label: matrix === 'orthogonal' ? l10n.t('orthogonal matrix') : l10n.t('Gaussian matrix'),
        color: 'green',
        dash: [],
        smoothable: false,
      },
    ],
    defaults: { ...settings, logarithmic: false },
    describe: formatNumber,
  };
}

export function singularCurves({ singularValues }: ConstructionResult): Map<string, Points> {
  return new Map([['singular', { x: singularValues.map((_, i) => i + 1), y: singularValues }]]);
}
