import { formatNumber } from '../../charts/number.ts';
import type { ChartSettings, ChartSpec, ColorName } from '../../charts/spec.ts';
import type { MetricKey, RunUnits } from '../../../src/protocol/metrics.ts';
import { describeLoss, formatLoss } from '../format.ts';

const DASHED = [6, 4];

/** Id of the loss chart. */
export const LOSS_CHART = 'loss';

/**
 * Returns the charts of the tab "Loss" for a run with these units, in reading order. Charts of one inner list share a
 * slot on the page, with a switch in their heading. A line may show any metric, measured or derived.
 */
export function lossCharts({ loss, nats, item, items }: RunUnits): readonly (readonly ChartSpec[])[] {
  return [
    [
      {
        id: LOSS_CHART,
        title: 'Loss',
        xName: 'step',
        unit: loss,
        lines: [
          line('trainLoss', 'training', 'blue', { smoothable: true }),
          line('validationLoss', 'validation', 'orange', { dash: DASHED }),
        ],
        defaults: settings({ smoothing: 20 }),
        describe: (value) => describeLoss(value, { loss, nats, item, items }),
      },
    ],
    [
      {
        id: 'gradientNorm',
        title: 'Gradient norm',
        xName: 'step',
        unit: 'global L2 norm',
        lines: [
          line('gradientNorm', 'before clipping', 'purple', { smoothable: true }),
          line('clippedGradientNorm', 'after clipping', 'green', { dash: DASHED, smoothable: true }),
        ],
        defaults: settings({ logarithmic: true, smoothing: 20 }),
        describe: formatLoss,
      },
    ],
    [
      {
        id: 'learningRate',
        title: 'Learning rate',
        xName: 'step',
        unit: '',
        lines: [line('learningRate', 'learning rate', 'yellow', {})],
        defaults: settings({}),
        describe: formatNumber,
      },
      {
        id: 'itemsPerSecond',
        title: 'Speed',
        xName: 'step',
        unit: `${items} per second`,
        lines: [line('itemsPerSecond', 'trained', 'green', { smoothable: true })],
        defaults: settings({ smoothing: 20 }),
        describe: (value) => `${formatNumber(value)} ${items} per second`,
      },
    ],
  ];
}

function line(
  key: MetricKey,
  label: string,
  color: ColorName,
  { dash = [], smoothable = false }: { dash?: readonly number[]; smoothable?: boolean },
) {
  return { key, label, color, dash, smoothable };
}

function settings(changed: Partial<ChartSettings>): ChartSettings {
  return { logarithmic: false, smoothing: 0, range: 'fit', table: false, ...changed };
}
