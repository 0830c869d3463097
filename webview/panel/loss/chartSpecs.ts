import { formatNumber } from '../../charts/number.ts';
import type { ChartSettings, ChartSpec, ColourName } from '../../charts/spec.ts';
import type { SeriesName } from '../../../src/protocol/panel.ts';
import { describeLoss, formatLoss } from '../format.ts';

const DASHED = [6, 4];

export const lossChart = chart({
  id: 'loss',
  title: 'Loss',
  xName: 'step',
  unit: 'nats per character',
  lines: [
    line('trainLoss', 'training', 'blue', { smoothable: true }),
    line('validationLoss', 'validation', 'orange', { dash: DASHED }),
  ],
  defaults: settings({ smoothing: 20 }),
  describe: describeLoss,
});

export const normChart = chart({
  id: 'gradientNorm',
  title: 'Gradient norm',
  xName: 'step',
  unit: 'global L2 norm',
  lines: [
    line('gradNorm', 'before clipping', 'purple', { smoothable: true }),
    line('clippedNorm', 'after clipping', 'green', { dash: DASHED, smoothable: true }),
  ],
  defaults: settings({ logarithmic: true, smoothing: 20 }),
  describe: formatLoss,
});

export const learningRateChart = chart({
  id: 'learningRate',
  title: 'Learning rate',
  xName: 'step',
  unit: '',
  lines: [line('learningRate', 'learning rate', 'yellow', {})],
  defaults: settings({}),
  describe: formatNumber,
});

export const speedChart = chart({
  id: 'charactersPerSecond',
  title: 'Speed',
  xName: 'step',
  unit: 'characters per second',
  lines: [line('charactersPerSecond', 'trained', 'green', { smoothable: true })],
  defaults: settings({ smoothing: 20 }),
  describe: (value) => `${formatNumber(value)} characters per second`,
});

/** All charts of the panel, in reading order. */
export const chartSpecs = [lossChart, normChart, learningRateChart, speedChart] as const;

function chart(spec: ChartSpec): ChartSpec {
  return spec;
}

function line(
  key: SeriesName,
  label: string,
  colour: ColourName,
  { dash = [], smoothable = false }: { dash?: readonly number[]; smoothable?: boolean },
) {
  return { key, label, colour, dash, smoothable };
}

function settings(changed: Partial<ChartSettings>): ChartSettings {
  return { logarithmic: false, smoothing: 0, range: 'fit', table: false, ...changed };
}
