import * as l10n from '@vscode/l10n';
import { formatNumber } from '../../charts/number.ts';
import type { ChartSettings, ChartSpec, ColorName } from '../../charts/spec.ts';
import { type RangeTestRates, rateOfStep, stepOfRate } from '../../../src/config/rangeTest.ts';
import type { Applicable } from '../../../src/protocol/applicable.ts';
import { derivedMetrics, type MetricKey, type RunUnits, type SeriesName } from '../../../src/protocol/metrics.ts';
import { describeLoss, formatLoss } from '../format.ts';
import { formatRate } from './rangeTest.ts';

const DASHED = [6, 4];

/** Id of the loss chart. */
export const LOSS_CHART = 'loss';

/** Key of the smoothed losses of a range test. */
export const SMOOTHED_TEST = 'smoothedTest';

/**
 * Returns the charts of the tab "Loss" for a run with these units and metrics, in reading order: those that have a curve
 * of a metric whose value is not fixed. Charts of one inner list share a slot on the page, with a switch in their heading.
 */
export function lossCharts(
  units: RunUnits,
  { metrics, fixed, rangeTest }: Pick<Applicable, 'metrics' | 'fixed' | 'rangeTest'>,
): readonly (readonly ChartSpec[])[] {
  const drawnMetrics = metrics.filter((metric) => !fixed.includes(metric));
  const slots = allCharts(units).flatMap((slot) => {
    const charts = slot.map((spec) => ({ ...spec, lines: spec.lines.filter(({ key }) => has(drawnMetrics, key)) }));
    const drawn = charts.filter(({ lines }) => lines.length > 0);
    return drawn.length === 0 ? [] : [drawn];
  });
  if (!rangeTest) return slots;
  return slots.map((slot) => slot.map((spec) => (spec.id === LOSS_CHART ? byRate(spec, rangeTest) : spec)));
}

/** The loss chart of a range test, over the learning rates of its steps. */
function byRate(spec: ChartSpec, test: RangeTestRates): ChartSpec {
  const exponents = [test.first, test.last].map((rate) => Math.ceil(Math.log10(rate)));
  const [from = 0, to = 0] = exponents;
  const decades = Array.from({ length: Math.max(0, to - from + 1) }, (_, i) => 10 ** (from + i));
  return {
    ...spec,
    title: l10n.t('Loss by learning rate'),
    xName: 'rate',
    xFits: true,
    xPlaces: decades.map((rate) => stepOfRate(rate, test)),
    describeX: (step) => formatRate(rateOfStep(step, test)),
    lines: [
      { ...line('trainLoss', l10n.t('each step'), 'yellow', {}), dots: false },
      { ...line(SMOOTHED_TEST, l10n.t('smoothed'), 'blue', {}), dots: false },
    ],
    defaults: settings({}),
  };
}

/** Whether a metric is among those that a run measures, or derives from one of them. */
function has(metrics: readonly SeriesName[], key: string): boolean {
  const source = derivedMetrics.find((derived) => derived.key === key)?.from.metric ?? key;
  return metrics.some((metric) => metric === source);
}

/** All charts. A line may show any metric, measured or derived. */
function allCharts({ loss, nats, itemsPerSecond }: RunUnits): readonly (readonly ChartSpec[])[] {
  return [
    [
      {
        id: LOSS_CHART,
        title: l10n.t('Loss'),
        term: 'loss',
        xName: 'step',
        unit: loss,
        lines: [
          line('trainLoss', l10n.t('training'), 'blue', { smoothable: true }),
          line('validationLoss', l10n.t('validation'), 'orange', { dash: DASHED }),
        ],
        defaults: settings({ smoothing: 20 }),
        describe: (value) => describeLoss(value, { loss, nats }),
      },
    ],
    [
      {
        id: 'gradientNorm',
        title: l10n.t('Gradient norm'),
        term: 'gradientNorm',
        xName: 'step',
        unit: l10n.t('global L2 norm'),
        lines: [
          line('gradientNorm', l10n.t('before clipping'), 'purple', { smoothable: true }),
          line('clippedGradientNorm', l10n.t('after clipping'), 'green', { dash: DASHED, smoothable: true }),
        ],
        defaults: settings({ logarithmic: true, smoothing: 20 }),
        describe: formatLoss,
      },
    ],
    [
      {
        id: 'learningRate',
        title: l10n.t('Learning rate'),
        term: 'learningRate',
        xName: 'step',
        unit: '',
        lines: [line('learningRate', l10n.t('learning rate'), 'yellow', {})],
        defaults: settings({}),
        describe: formatNumber,
      },
      {
        id: 'itemsPerSecond',
        title: l10n.t('Speed'),
        term: 'throughput',
        xName: 'step',
        unit: itemsPerSecond,
        lines: [line('itemsPerSecond', l10n.t('trained'), 'green', { smoothable: true })],
        defaults: settings({ smoothing: 20 }),
        describe: (value) => `${formatNumber(value)} ${itemsPerSecond}`,
      },
    ],
  ];
}

function line(
  key: MetricKey | typeof SMOOTHED_TEST,
  label: string,
  color: ColorName,
  { dash = [], smoothable = false }: { dash?: readonly number[]; smoothable?: boolean },
) {
  return { key, label, color, dash, smoothable };
}

function settings(changed: Partial<ChartSettings>): ChartSettings {
  return { logarithmic: false, smoothing: 0, range: 'fit', table: false, ...changed };
}
