import { BASELINE_NAMES, BASELINES } from '../../../data/numeric/baselines/baselines.ts';
import type { PreparedSeries, ScaledStretch } from '../../../data/numeric/preparedSeries.ts';
import { firstOrigin, type WindowAt } from '../../../data/numeric/seriesWindows.ts';
import { longestLag } from '../../../data/numeric/forecastPlan.ts';
import type { Stretch } from '../../../data/numeric/readSeries.ts';
import type { SequenceModel } from '../../../models/sequenceModel.ts';
import { phrase, type Text } from '../../../phrases/phrase.ts';
import type { ReportBlock } from '../../../protocol/report.ts';
import type { YieldNow } from '../../../training/trainingTask.ts';
import { backTest, backTestTable } from './backTest.ts';
import { canContinue, type ForecastLine, forecastLines } from './forecasts.ts';
import { type ColumnScores, type Method, scoreColumn } from './scoreForecasts.ts';
import { aheadTable, metricsTable } from './scoreTables.ts';
import { rounded, timeOf } from './steps.ts';

type ForecastBlock = Extract<ReportBlock, { kind: 'forecast' }>;

/** Steps of the validation part that are sent, the last ones, and number of origins. */
const MAX_TRUTH = 600;
const MAX_ORIGINS = 40;
/** Steps of a continuation, and steps that the model reads for it at most in all rounds, to bound the time. */
const CONTINUED = 120;
const MAX_READ_STEPS = 8000;
/** Series and columns whose forecasts are drawn at most. */
const MAX_SERIES = 4;
const MAX_COLUMNS = 4;
/** Last true values that are drawn before the forecast after the last row, at least. */
const MIN_BEFORE = 60;

/** The validation part of a series. */
interface ForecastPart {
  readonly prepared: PreparedSeries;
  /** Its steps in each stretch. */
  readonly parts: readonly Stretch[];
  /** Forecasts of the whole horizon for all windows whose forecast steps are in it. */
  readonly lines: readonly ForecastLine[];
}

/** Report of a forecaster: the forecast after the last row, forecasts over the truth, errors, and a back-test. */
export async function forecastReport(
  model: SequenceModel,
  part: ForecastPart,
  yieldNow: YieldNow,
): Promise<ReportBlock[]> {
  const { prepared, lines: scored } = part;
  const { plan } = prepared;
  const next = await forecastLines(model, prepared, lastWindows(prepared), plan.horizon, yieldNow);
  const shown = scored.length > 0 ? await shownLines(model, part, yieldNow) : undefined;
  const targets = plan.targets.slice(0, MAX_COLUMNS).map((_, k) => k);
  const tables = targets.map((k) => {
    const scores = scoreColumn(prepared, scored, plan.horizon, k);
    return { k, scores };
  });
  return [
    ...next.slice(0, MAX_SERIES).flatMap((line) => targets.map((k) => nextBlock(prepared, line, k))),
    ...(shown ? tables.map(({ k, scores }) => truthBlock(part, shown, scores, k)) : []),
    ...(scored.length > 0
      ? tables.flatMap(({ k, scores }) => [
          metricsTable(scores),
          ...(plan.horizon > 1 ? [aheadTable(scores)] : []),
          backTestTable(prepared, backTest(prepared, scored, k), k),
        ])
      : []),
  ];
}

/** The window that ends with the last row of each series, if it is long enough. */
export function lastWindows({ stretches, plan }: PreparedSeries): WindowAt[] {
  const last = new Map(stretches.map((stretch) => [stretch.group, stretch]));
  return [...last.values()].flatMap((stretch) => {
    const origin = stretch.first + stretch.steps - 1;
    return origin >= firstOrigin(stretch, plan.timeSteps, longestLag(plan)) ? [{ origin, stretch }] : [];
  });
}

/** The forecast after the last row of a series, after its last true values. */
function nextBlock(prepared: PreparedSeries, line: ForecastLine, k: number): ForecastBlock {
  const { plan, truth } = prepared;
  const { column, baselines } = plan.targets[k]!;
  const { origin, stretch } = line.at;
  const before = Math.max(MIN_BEFORE, 3 * (baselines.season ?? 0), 2 * plan.horizon);
  const first = Math.max(stretch.first, origin + 1 - Math.min(before, MAX_TRUTH));
  const values = truth[k]!.subarray(first, origin + 1);
  return {
    ...headOf(prepared, stretch, k),
    title:
      stretch.group === ''
        ? phrase('Forecast of {0} after the last row', column)
        : phrase('Forecast of {0} after the last row of {1}', column, stretch.group),
    firstRow: first + 1,
    truth: Array.from(values, rounded),
    ...timesOf(prepared, first, origin, plan.horizon),
    origins: [originOf(prepared, line, values.length - 1, k)],
    note: intervalNote(prepared, line),
  };
}

/** Forecasts over the true values of the longest series of the validation part. */
function truthBlock(
  { prepared }: Pick<ForecastPart, 'prepared'>,
  { stretch, start, lines }: ShownLines,
  scores: ColumnScores,
  k: number,
): ForecastBlock {
  const { column } = prepared.plan.targets[k]!;
  const end = stretch.first + stretch.steps - 1;
  const longest = Math.max(...lines.map(({ at, values }) => at.origin + values.length / prepared.plan.targets.length));
  return {
    ...headOf(prepared, stretch, k),
    title: phrase('Forecasts of {0}', column),
    firstRow: start + 1,
    truth: Array.from(prepared.truth[k]!.subarray(start, end + 1), rounded),
    ...timesOf(prepared, start, end, Math.max(0, longest - end)),
    origins: lines.map((line) => originOf(prepared, line, line.at.origin - start, k)),
    errors: errorsOf(scores),
    note: '',
  };
}

/** The parts that all forecasts of a column share. */
function headOf({ plan }: PreparedSeries, { group }: Stretch, k: number) {
  const { column, unit, baselines } = plan.targets[k]!;
  const { quantiles, errors } = plan;
  const interval: [number, number] | undefined =
    quantiles.length > 1 ? [quantiles[0]!, quantiles.at(-1)!] : errors ? [errors.low, errors.high] : undefined;
  return {
    kind: 'forecast',
    column,
    ...(unit !== '' && { unit }),
    ...(group !== '' && { series: group }),
    horizon: plan.horizon,
    season: baselines.season,
    ...(interval && { interval }),
  } as const;
}

function originOf(
  { plan }: PreparedSeries,
  line: ForecastLine,
  at: number,
  k: number,
): ForecastBlock['origins'][number] {
  const own = (values: Float64Array) => Array.from(values.filter((_, i) => i % plan.targets.length === k));
  const known = (values: Float64Array) => {
    const all = own(values);
    const unknown = all.findIndex(Number.isNaN);
    return all.slice(0, unknown < 0 ? all.length : unknown).map(rounded);
  };
  const [low, high] = [known(line.low), known(line.high)];
  return { at, values: own(line.values).map(rounded), ...(low.length > 0 && { low, high }) };
}

/** Times of steps and of those that are forecast after them. */
function timesOf(prepared: PreparedSeries, first: number, last: number, ahead: number): { times?: string[] } {
  if (!prepared.series.times) return {};
  const known = Array.from({ length: last - first + 1 }, (_, i) => timeOf(prepared, first + i) ?? '');
  const next = Array.from({ length: ahead }, (_, h) => timeOf(prepared, last, h + 1));
  return { times: [...known, ...next.filter((time) => time !== undefined)] };
}

/** How the interval of a forecast was found. */
export function intervalNote({ plan }: PreparedSeries, { low }: ForecastLine): Text {
  const { quantiles, errors } = plan;
  if (Number.isNaN(low[0]!)) return '';
  return quantiles.length > 0
    ? phrase(
        'The interval is from quantile {0} to {1}, as the model has learned them.',
        quantiles[0]!,
        quantiles.at(-1)!,
      )
    : phrase(
        'The interval is from quantile {0} to {1} of the errors in the validation part.',
        errors?.low ?? 0,
        errors?.high ?? 0,
      );
}

interface ShownLines {
  readonly stretch: ScaledStretch;
  /** First true value that is sent. */
  readonly start: number;
  readonly lines: readonly ForecastLine[];
}

/** Forecasts from origins spread over the longest validation part, to its end and beyond. */
async function shownLines(
  model: SequenceModel,
  { prepared, parts }: Omit<ForecastPart, 'lines'>,
  yieldNow: YieldNow,
): Promise<ShownLines> {
  const { plan, stretches } = prepared;
  const longest = parts.reduce((most, { steps }, i) => (steps > parts[most]!.steps ? i : most), 0);
  const [stretch, part] = [stretches[longest]!, parts[longest]!];
  const end = stretch.first + stretch.steps - 1;
  const begin = Math.max(firstOrigin(stretch, plan.timeSteps, longestLag(plan)), part.first - 1);
  const start = Math.max(stretch.first, part.first - plan.timeSteps, end + 1 - MAX_TRUTH);
  const first = Math.max(begin, start);
  const count = Math.min(MAX_ORIGINS, end - first + 1);
  const origins = Array.from({ length: count }, (_, i) => ({
    origin: count === 1 ? end : Math.round(first + (i * (end - first)) / (count - 1)),
    stretch,
  }));
  const lines = await forecastLines(model, prepared, origins, continuedSteps(prepared), yieldNow);
  return { stretch, start, lines };
}

function continuedSteps(prepared: PreparedSeries): number {
  const { timeSteps, horizon, outputSteps } = prepared.plan;
  if (!canContinue(prepared)) return horizon;
  const rounds = Math.min(Math.ceil(CONTINUED / outputSteps), Math.max(1, Math.floor(MAX_READ_STEPS / timeSteps)));
  return Math.max(horizon, rounds * outputSteps);
}

function errorsOf({ methods }: ColumnScores): NonNullable<ForecastBlock['errors']> {
  const of = (method: Method) => methods.get(method)?.rmseAhead.map((error) => Number(error.toPrecision(4)));
  const baselines = BASELINE_NAMES.map((name) => [BASELINES[name], of(name)] as const);
  const known = Object.fromEntries(baselines.filter(([, errors]) => errors !== undefined));
  return { model: of('model') ?? [], lastValue: [], mean: [], ...known };
}
