import * as l10n from '@vscode/l10n';
import { formatNumber } from '../../charts/number.ts';
import type { ChartSettings, ChartSpec, ColorName, LineSpec } from '../../charts/spec.ts';
import { type FlowExtra, lastStepChart } from '../../probes/lastStepChart.ts';
import { SINGULAR_VALUES } from '../../probes/describeProbe.ts';

const DASHED = [6, 4];
const logarithmic: ChartSettings = { logarithmic: true, smoothing: 0, range: 'fit', table: false };
const linear: ChartSettings = { ...logarithmic, logarithmic: false, range: 'full' };

/**
 * Charts over the lag for a layer.
 * @param withCell true if the layer has a cell state, which adds curves and a chart
 */
export function lagCharts(withCell: boolean, extra: FlowExtra): readonly ChartSpec[] {
  return [
    lastStepChart('gradients.lastStep', withCell, extra),
    {
      id: 'gradients.summed',
      title: l10n.t('Gradient of all losses'),
      term: 'summedGradient',
      about: l10n.t(
        'Norm of the gradient of all later losses with respect to the state at each step. It hides vanishing, because every step has a loss nearby.',
      ),
      xName: 'lag',
      unit: l10n.t('L2 norm'),
      lines: [
        line('summed.h', l10n.t('hidden state h'), 'blue'),
        ...(withCell ? [line('summed.c', l10n.t('cell state c'), 'purple', [2, 3])] : []),
      ],
      defaults: logarithmic,
      describe: formatNumber,
    },
    {
      id: 'gradients.jacobian',
      title: l10n.t('Jacobian product'),
      term: 'jacobian',
      about: `${l10n.t('Largest change of the last state per change of an earlier state, independent of the loss.')} ${SINGULAR_VALUES}`,
      xName: 'lag',
      unit: l10n.t('largest singular value'),
      lines: [
        line('jacobian.state', withCell ? l10n.t('whole state [h; c]') : l10n.t('state h'), 'green'),
        ...(withCell ? [line('jacobian.h', l10n.t('h alone, without the cell path'), 'orange', DASHED)] : []),
      ],
      defaults: logarithmic,
      describe: formatNumber,
    },
    ...(withCell ? [forgetChart] : []),
  ];
}

const forgetChart: ChartSpec = {
  id: 'gradients.forget',
  title: l10n.t('Product of forget gates'),
  term: 'forgetProduct',
  about: l10n.t('Fraction of the cell state, and of its gradient, that the forget gates keep over the lag.'),
  xName: 'lag',
  unit: l10n.t('mean over units'),
  lines: [line('forgetProduct', l10n.t('product of forget gates'), 'purple')],
  defaults: logarithmic,
  describe: formatNumber,
};

/** Charts over the training steps, with a point for each probe. */
export const trendCharts: readonly ChartSpec[] = [
  {
    id: 'gradients.recurrentKernel',
    title: l10n.t('Recurrent kernel'),
    term: 'recurrentKernel',
    about: `${l10n.t('Values above 1 mean that the recurrent weights can stretch the state.')} ${SINGULAR_VALUES}`,
    xName: 'step',
    unit: '',
    lines: [
      line('sigmaMax', l10n.t('largest singular value'), 'red'),
      line('spectralRadius', l10n.t('spectral radius'), 'yellow', DASHED),
    ],
    defaults: { ...linear, range: 'fit' },
    describe: formatNumber,
  },
  {
    id: 'gradients.memory',
    title: l10n.t('Effective memory'),
    term: 'effectiveMemory',
    about: l10n.t(
      "First lag at which less than 1 % of the last step's gradient remains, in the median over sequences. Probes without such a lag have no point.",
    ),
    xName: 'step',
    unit: l10n.t('time steps'),
    lines: [line('effectiveMemory', l10n.t('effective memory'), 'blue')],
    defaults: linear,
    describe: (value) => l10n.t('{0} time steps', formatNumber(value)),
  },
  {
    id: 'gradients.clipped',
    title: l10n.t('Clipped steps'),
    term: 'clippedSteps',
    about: l10n.t('Percentage of the 100 steps before each probe whose gradient was clipped.'),
    xName: 'step',
    unit: '%',
    lines: [line('clippedShare', l10n.t('clipped'), 'orange')],
    defaults: linear,
    describe: (value) => `${formatNumber(value)} %`,
  },
];

function line(key: string, label: string, color: ColorName, dash: readonly number[] = []): LineSpec {
  return { key, label, color, dash, smoothable: false };
}
