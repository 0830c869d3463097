import { formatNumber } from '../../charts/number.ts';
import type { ChartSettings, ChartSpec, ColorName, LineSpec } from '../../charts/spec.ts';
import { lastStepChart } from '../../probes/lastStepChart.ts';
import { SINGULAR_VALUES } from '../../probes/describeProbe.ts';

const DASHED = [6, 4];
const logarithmic: ChartSettings = { logarithmic: true, smoothing: 0, range: 'fit', table: false };
const linear: ChartSettings = { ...logarithmic, logarithmic: false, range: 'full' };

/** The charts over the lag for a layer; those with a cell state have more of them. */
export function lagCharts(withCell: boolean): readonly ChartSpec[] {
  return [
    lastStepChart('gradients.lastStep', withCell),
    {
      id: 'gradients.summed',
      title: 'Gradient of all losses',
      about:
        'What arrives at each step from all losses after it: it hides vanishing, because every step has a loss near by.',
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
      about: `How much the state at the end can change with the state so many steps before, whatever the loss. ${SINGULAR_VALUES}`,
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
  about: 'What the forget gates leave of the cell state so many steps later, and of its gradient on the way back.',
  xName: 'lag',
  unit: 'mean over units',
  lines: [line('forgetProduct', 'product of forget gates', 'purple')],
  defaults: logarithmic,
  describe: formatNumber,
};

/** The charts over the steps of training: a point for each probe. */
export const trendCharts: readonly ChartSpec[] = [
  {
    id: 'gradients.recurrentKernel',
    title: 'Recurrent kernel',
    about: `Whether the recurrent weights can stretch the state. ${SINGULAR_VALUES}`,
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
    about:
      "The lag at which less than 1 % of the last step's gradient is left; no point where there is more throughout the window.",
    xName: 'step',
    unit: 'time steps',
    lines: [line('effectiveMemory', 'effective memory', 'blue')],
    defaults: linear,
    describe: (value) => `${formatNumber(value)} time steps`,
  },
  {
    id: 'gradients.clipped',
    title: 'Clipped steps',
    about: 'How many of the 100 steps before each probe had their gradient scaled down.',
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
