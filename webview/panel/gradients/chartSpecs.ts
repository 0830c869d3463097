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
      title: 'Gradient of all losses',
      term: 'summedGradient',
      about:
        'Norm of the gradient of all later losses with respect to the state at each step. It hides vanishing, because every step has a loss nearby.',
      xName: 'lag',
      unit: 'L2 norm',
      lines: [
        line('summed.h', 'hidden state h', 'blue'),
        ...(withCell ? [line('summed.c', 'cell state c', 'purple', [2, 3])] : []),
      ],
      defaults: logarithmic,
      describe: formatNumber,
    },
    {
      id: 'gradients.jacobian',
      title: 'Jacobian product',
      term: 'jacobian',
      about: `Largest change of the last state per change of an earlier state, independent of the loss. ${SINGULAR_VALUES}`,
      xName: 'lag',
      unit: 'largest singular value',
      lines: [
        line('jacobian.state', withCell ? 'whole state [h; c]' : 'state h', 'green'),
        ...(withCell ? [line('jacobian.h', 'h alone, without the cell path', 'orange', DASHED)] : []),
      ],
      defaults: logarithmic,
      describe: formatNumber,
    },
    ...(withCell ? [forgetChart] : []),
  ];
}

const forgetChart: ChartSpec = {
  id: 'gradients.forget',
  title: 'Product of forget gates',
  term: 'forgetProduct',
  about: 'Fraction of the cell state, and of its gradient, that the forget gates keep over the lag.',
  xName: 'lag',
  unit: 'mean over units',
  lines: [line('forgetProduct', 'product of forget gates', 'purple')],
  defaults: logarithmic,
  describe: formatNumber,
};

/** Charts over the training steps, with a point for each probe. */
export const trendCharts: readonly ChartSpec[] = [
  {
    id: 'gradients.recurrentKernel',
    title: 'Recurrent kernel',
    term: 'recurrentKernel',
    about: `Values above 1 mean that the recurrent weights can stretch the state. ${SINGULAR_VALUES}`,
    xName: 'step',
    unit: '',
    lines: [
      line('sigmaMax', 'largest singular value', 'red'),
      line('spectralRadius', 'spectral radius', 'yellow', DASHED),
    ],
    defaults: { ...linear, range: 'fit' },
    describe: formatNumber,
  },
  {
    id: 'gradients.memory',
    title: 'Effective memory',
    term: 'effectiveMemory',
    about:
      "First lag at which less than 1 % of the last step's gradient remains, in the median over sequences. Probes without such a lag have no point.",
    xName: 'step',
    unit: 'time steps',
    lines: [line('effectiveMemory', 'effective memory', 'blue')],
    defaults: linear,
    describe: (value) => `${formatNumber(value)} time steps`,
  },
  {
    id: 'gradients.clipped',
    title: 'Clipped steps',
    term: 'clippedSteps',
    about: 'Percentage of the 100 steps before each probe whose gradient was clipped.',
    xName: 'step',
    unit: '%',
    lines: [line('clippedShare', 'clipped', 'orange')],
    defaults: linear,
    describe: (value) => `${formatNumber(value)} %`,
  },
];

function line(key: string, label: string, color: ColorName, dash: readonly number[] = []): LineSpec {
  return { key, label, color, dash, smoothable: false };
}
