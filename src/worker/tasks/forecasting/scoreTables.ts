import { naiveBaseline } from '../../../data/numeric/baselines/baselines.ts';
import { baselineName } from '../../../config/baselines.ts';
import { formatPercent } from '../../../format/percent.ts';
import { joined, phrase, sentences, type Text } from '../../../phrases/phrase.ts';
import type { ReportBlock } from '../../../protocol/report.ts';
import type { ColumnScores, Method } from './scoreForecasts.ts';

type Table = Extract<ReportBlock, { kind: 'table' }>;

/** Significant digits of errors in tables. */
const DIGITS = 4;

/** Name of a method of forecasting. */
export function methodName(method: Method): Text {
  return method === 'model' ? phrase('model') : baselineName(method);
}

/** Table of the errors of the model and of each baseline, which says whether the model is better. */
export function metricsTable(scores: ColumnScores): Table {
  const { column, unit, methods, n } = scores;
  const inUnit = (name: string) => (unit === '' ? name : `${name} (${unit})`);
  return {
    kind: 'table',
    title: phrase('Forecast errors of {0}', column),
    columns: [phrase('forecast'), inUnit('MAE'), inUnit('RMSE'), 'sMAPE (%)', 'MASE'],
    rows: [...methods].map(([method, { metrics }]) => [
      methodName(method),
      digits(metrics.mae),
      digits(metrics.rmse),
      digits(metrics.smape),
      metrics.mase === null ? '–' : digits(metrics.mase),
    ]),
    note: sentences(
      comparison(scores),
      n === 1 ? phrase('Over 1 validation window.') : phrase('Over {0} validation windows.', n),
      intervalNote(scores),
    ),
  };
}

/** Table of the root mean squared errors by steps ahead. */
export function aheadTable({ column, methods, season }: ColumnScores): Table {
  const all = [...methods];
  const steps = all[0]?.[1].rmseAhead.length ?? 0;
  return {
    kind: 'table',
    title: phrase('Errors of {0}, by steps ahead', column),
    columns: [phrase('steps ahead'), ...all.map(([method]) => methodName(method))],
    rows: Array.from({ length: steps }, (_, h) => [h + 1, ...all.map(([, { rmseAhead }]) => digits(rmseAhead[h]!))]),
    note: sentences(
      phrase('Root mean squared errors over all validation windows, in the units of {0}.', column),
      season === null ? undefined : phrase('A season is {0} steps, found in the training part.', season),
    ),
  };
}

/** Whether the model beats the seasonal naive forecast, or the last value without a season, and by how much. */
export function comparison({ methods, season }: ColumnScores): Text {
  const model = methods.get('model');
  const name = naiveBaseline(season);
  const naive = methods.get(name);
  if (!model || !naive) return '';
  const [own, other] = [model.metrics.mae, naive.metrics.mae];
  const difference = Math.abs(own / other - 1);
  const values = [
    formatPercent(difference, difference < 0.1 ? 1 : 0),
    String(digits(own)),
    String(digits(other)),
  ] as const;
  const against =
    own < other
      ? season === null
        ? phrase('The model beats the last value: its mean absolute error is {0} lower ({1} against {2}).', ...values)
        : phrase(
            'The model beats the seasonal naive forecast, the value {3} steps before: its mean absolute error is {0} lower ({1} against {2}).',
            ...values,
            season,
          )
      : season === null
        ? phrase(
            'The model does not beat the last value: its mean absolute error is {0} higher ({1} against {2}).',
            ...values,
          )
        : phrase(
            'The model does not beat the seasonal naive forecast, the value {3} steps before: its mean absolute error is {0} higher ({1} against {2}).',
            ...values,
            season,
          );
  const better = [...methods].filter(
    ([method, { metrics }]) => method !== 'model' && method !== name && metrics.mae < own,
  );
  return better.length === 0
    ? against
    : sentences(
        against,
        phrase(
          'Better than the model: {0}.',
          joined(
            better.map(([method]) => methodName(method)),
            ', ',
          ),
        ),
      );
}

/** The errors of the model and of the forecast that it is compared with, scaled by those of the training part. */
export function scaledComparison({ methods, season }: ColumnScores): Text | undefined {
  const name = naiveBaseline(season);
  const [own, other] = [methods.get('model')?.metrics.mase, methods.get(name)?.metrics.mase];
  if (own === undefined || other === undefined || own === null || other === null) return undefined;
  return phrase('MASE: {0} (model) against {1} ({2}).', String(digits(own)), String(digits(other)), methodName(name));
}

function intervalNote({ coverage }: ColumnScores): Text | undefined {
  return coverage === null
    ? undefined
    : phrase('The interval that the model has learned holds {0} of the true values.', formatPercent(coverage, 0));
}

/** Rounds an error for a table. */
export function digits(value: number): number {
  return Number(value.toPrecision(DIGITS));
}
