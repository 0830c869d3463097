import * as l10n from '@vscode/l10n';
import type { ReportBlock } from '../../../src/protocol/report.ts';
import { formatCount, formatNumber } from '../../charts/number.ts';
import type { Points } from '../../charts/points.ts';
import type { ChartSpec, LineSpec } from '../../charts/spec.ts';

export type ForecastBlock = Extract<ReportBlock, { kind: 'forecast' }>;
type Errors = NonNullable<ForecastBlock['errors']>;

/** What is shown of a forecast. */
export interface ForecastChoice {
  /** Index of the origin. */
  readonly origin: number;
  /** True to show the values after the horizon, for which the model reads its own forecasts. */
  readonly continued: boolean;
  /** True to show all true values rather than those around the origin. */
  readonly whole: boolean;
}

/** Rows before the origin, and after it at least, that are shown around it. */
const BEFORE = 40;
const AFTER = 20;

/** Names of the baselines in the order of the chart. */
const BASELINES: readonly (readonly [keyof Errors, () => string, Pick<LineSpec, 'color' | 'dash'>])[] = [
  ['lastValue', () => l10n.t('last value repeated'), { color: 'green', dash: [6, 4] }],
  ['season', () => l10n.t('last season repeated'), { color: 'purple', dash: [2, 3] }],
  ['mean', () => l10n.t('mean of the training part'), { color: 'blue', dash: [10, 4] }],
  ['regression', () => l10n.t('linear regression'), { color: 'yellow', dash: [8, 3, 2, 3] }],
  ['smoothing', () => l10n.t('exponential smoothing'), { color: 'red', dash: [4, 2] }],
];

const PLAIN = { logarithmic: false, smoothing: 0, range: 'full', table: false } as const;

const line = (key: string, label: string, style: Pick<LineSpec, 'color' | 'dash'>): LineSpec => ({
  key,
  label,
  ...style,
  smoothable: false,
});

/** Chart of forecasts over the truth. */
export function forecastSpec(block: ForecastBlock): ChartSpec {
  const { times, firstRow } = block;
  return {
    id: 'forecast',
    title: block.errors ? l10n.t('{0}: forecast and truth', nameOf(block)) : l10n.t('{0}: next values', nameOf(block)),
    xName: 'row',
    ...(times && { describeX: (row) => times[row - firstRow] ?? formatCount(row) }),
    xFits: true,
    unit: unitOf(block),
    lines: [
      { ...line('truth', l10n.t('truth'), { color: 'blue', dash: [] }), dots: false },
      line('forecast', l10n.t('forecast'), { color: 'orange', dash: [] }),
      line('continued', l10n.t('forecast from forecasts'), { color: 'purple', dash: [6, 4] }),
      ...(hasInterval(block)
        ? [
            { ...line('high', quantileLabel(block, 1), { color: 'orange', dash: [2, 3] }), dots: false as const },
            { ...line('low', quantileLabel(block, 0), { color: 'orange', dash: [2, 3] }), dots: false as const },
          ]
        : []),
    ],
    ...(hasInterval(block) && { bands: [{ low: 'low', high: 'high', color: 'orange' as const }] }),
    defaults: PLAIN,
    describe: formatNumber,
  };
}

/** Chart of the errors by steps ahead. */
export function errorSpec(block: ForecastBlock): ChartSpec {
  return {
    id: 'forecastErrors',
    title: l10n.t('{0}: error by steps ahead', nameOf(block)),
    about: l10n.t('Root mean squared error over the whole validation part, beside forecasts that need no model.'),
    xName: 'steps ahead',
    xFits: true,
    unit: unitOf(block),
    lines: [
      line('model', l10n.t('model'), { color: 'orange', dash: [] }),
      ...BASELINES.flatMap(([key, label, style]) => (block.errors?.[key] ? [line(key, label(), style)] : [])),
    ],
    defaults: { ...PLAIN, range: 'full' },
    describe: formatNumber,
  };
}

/** The column, and the series if the file has several. */
function nameOf({ column, series }: ForecastBlock): string {
  return series === undefined ? column : `${column}, ${series}`;
}

/** The column with its unit. */
function unitOf({ column, unit }: ForecastBlock): string {
  return unit === undefined ? column : `${column} (${unit})`;
}

function hasInterval({ origins }: ForecastBlock): boolean {
  return origins.some(({ low }) => low !== undefined);
}

function quantileLabel({ interval }: ForecastBlock, end: 0 | 1): string {
  return l10n.t('quantile {0}', interval?.[end] ?? (end === 0 ? 0.1 : 0.9));
}

/** The last origin whose forecasts can all be compared with the truth, or the last one. */
export function firstOrigin({ origins, truth, horizon }: ForecastBlock): number {
  const complete = origins.findLastIndex(({ at }) => at + horizon < truth.length);
  return complete < 0 ? origins.length - 1 : complete;
}

/** True if the forecasts go on after the horizon. */
export function isContinued({ origins, horizon }: ForecastBlock): boolean {
  return origins.some(({ values }) => values.length > horizon);
}

/** Curves of the forecast chart over the number of the row. */
export function forecastCurves(block: ForecastBlock, choice: ForecastChoice): ReadonlyMap<string, Points> {
  const { firstRow, truth, horizon } = block;
  const { at = 0, values = [], low = [], high = [] } = block.origins[choice.origin] ?? {};
  const shown = choice.continued ? values.length : horizon;
  const from = choice.whole ? 0 : Math.max(0, at - BEFORE);
  const to = choice.whole ? truth.length : Math.min(truth.length, at + 1 + Math.max(AFTER, shown));
  const curve = (start: number, all: readonly number[]): Points => ({
    x: all.map((_, i) => firstRow + start + i),
    y: all,
  });
  return new Map([
    ['truth', curve(from, truth.slice(from, to))],
    ['forecast', curve(at + 1, values.slice(0, horizon))],
    ['continued', curve(at + 1 + horizon, values.slice(horizon, shown))],
    ['low', curve(at + 1, low.slice(0, shown))],
    ['high', curve(at + 1, high.slice(0, shown))],
  ]);
}

/** Curves of the errors over the number of steps ahead. */
export function errorCurves({ errors }: ForecastBlock): ReadonlyMap<string, Points> {
  return new Map(
    Object.entries(errors ?? {}).map(([method, values = []]) => [
      method,
      { x: values.map((_, i) => i + 1), y: values },
    ]),
  );
}

/** Number of the row of an origin, the last that the model has read. */
export function rowOf({ firstRow, origins }: ForecastBlock, origin: number): number {
  return firstRow + (origins[origin]?.at ?? 0);
}

/** A sentence about the error of the forecast that is shown, beside that of the last value repeated. */
export function describeForecast(block: ForecastBlock, { origin, continued }: ForecastChoice): string {
  const { truth, horizon, origins } = block;
  const { at = 0, values = [] } = origins[origin] ?? {};
  const shown = continued ? values : values.slice(0, horizon);
  const known = truth.slice(at + 1, at + 1 + shown.length);
  const row = formatCount(rowOf(block, origin));
  if (known.length === 0) return describeNext(block, row, shown.length);
  const error = (forecast: (ahead: number) => number) =>
    formatNumber(
      Number(
        Math.sqrt(
          known.reduce((sum, value, ahead) => sum + (value - forecast(ahead)) ** 2, 0) / known.length,
        ).toPrecision(3),
      ),
    );
  return l10n.t(
    'After row {0}, root mean squared error over {1} steps: model {2}, last value repeated {3}.',
    row,
    known.length,
    error((ahead) => shown[ahead] ?? 0),
    error(() => truth[at] ?? 0),
  );
}

/** A sentence about the forecast after the last row, with its dates where they are known. */
function describeNext({ times, truth }: ForecastBlock, row: string, steps: number): string {
  const [first, last] = [times?.[truth.length], times?.[truth.length + steps - 1]];
  return first === undefined || last === undefined
    ? l10n.t('After row {0}, the end of the data: there is no truth yet to compare with.', row)
    : l10n.t('After row {0}, the end of the data: {1} steps, {2} to {3}.', row, steps, first, last);
}

/** Sentences about how the error of the model grows with the steps ahead, and where it is below every baseline. */
export function describeErrors({ errors, horizon, season }: ForecastBlock): string[] {
  if (!errors) return [];
  const { model, ...baselines } = errors;
  const best = model.filter((error, ahead) =>
    Object.values(baselines).every((other) => !other || error < (other[ahead] ?? 0)),
  );
  const [first = 0, last = 0] = [model[0], model.at(-1)];
  return [
    l10n.t('The model is better than every baseline at {0} of {1} steps ahead.', best.length, horizon),
    ...(horizon > 1
      ? [
          l10n.t(
            'Its error is {0} at one step and {1} at {2} steps ahead.',
            formatNumber(first),
            formatNumber(last),
            horizon,
          ),
        ]
      : []),
    ...(season === null ? [] : [l10n.t('A season is {0} steps, found in the training part.', season)]),
  ];
}
