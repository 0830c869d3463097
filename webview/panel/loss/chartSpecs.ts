import { formatNumber } from '../../charts/number.ts';
import type { ChartSettings, ChartSpec, ColorName } from '../../charts/spec.ts';
import type { RunUnits, SeriesName } from '../../../src/protocol/panel.ts';
import { describeLoss, formatLoss } from '../format.ts';

const DASHED = [6, 4];

/** The charts of the tab "Loss", in reading order. */
export interface LossCharts {
  readonly loss: ChartSpec;
  readonly norm: ChartSpec;
  readonly learningRate: ChartSpec;
  readonly speed: ChartSpec;
}

/** The charts of a run whose losses are measured in these units. */
export function lossCharts(units: RunUnits): LossCharts {
  return { loss: lossChart(units), norm, learningRate, speed: speedChart(units) };
}

function lossChart(units: RunUnits): ChartSpec {
  return {
    id: 'loss',
    title: 'Loss',
    xName: 'step',
    unit: units.loss,
    lines: [
      line('trainLoss', 'training', 'blue', { smoothable: true }),
      line('validationLoss', 'validation', 'orange', { dash: DASHED }),
    ],
    defaults: settings({ smoothing: 20 }),
    describe: (value) => describeLoss(value, units),
  };
}

const norm: ChartSpec = {
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
};

const learningRate: ChartSpec = {
  id: 'learningRate',
  title: 'Learning rate',
  xName: 'step',
  unit: '',
  lines: [line('learningRate', 'learning rate', 'yellow', {})],
  defaults: settings({}),
  describe: formatNumber,
};

function speedChart({ items }: RunUnits): ChartSpec {
  return {
    id: 'itemsPerSecond',
    title: 'Speed',
    xName: 'step',
    unit: `${items} per second`,
    lines: [line('itemsPerSecond', 'trained', 'green', { smoothable: true })],
    defaults: settings({ smoothing: 20 }),
    describe: (value) => `${formatNumber(value)} ${items} per second`,
  };
}

function line(
  key: SeriesName,
  label: string,
  color: ColorName,
  { dash = [], smoothable = false }: { dash?: readonly number[]; smoothable?: boolean },
) {
  return { key, label, color, dash, smoothable };
}

function settings(changed: Partial<ChartSettings>): ChartSettings {
  return { logarithmic: false, smoothing: 0, range: 'fit', table: false, ...changed };
}
