import { configDifference } from '../config/configDifference.ts';
import { ulpsApart } from '../format/ulps.ts';
import type { ComparedQuantity, NumberDifference, RunDifference } from '../protocol/difference.ts';
import type { MetricEvent, StepEvent, ValidationEvent } from '../protocol/events.ts';
import { measuredMetrics, type SeriesName } from '../protocol/metrics.ts';
import type { RunRecord } from './record.ts';
import { partOfStep, partsOf, type RunPart, unequalFacts } from './runPart.ts';

/** The record of a run and its log. */
export interface LoggedRun {
  readonly record: RunRecord;
  readonly metrics: readonly MetricEvent[];
}

/** Metrics that depend on the clock: those of equal runs differ. */
const CLOCKED: ReadonlySet<SeriesName> = new Set(['itemsPerSecond']);

/** Difference of two runs, as their records and logs show it. The lines of their data are not compared. */
export function differenceOf(a: LoggedRun, b: LoggedRun): RunDifference {
  const [first, second] = [new Log(a.metrics), new Log(b.metrics)];
  return {
    runs: [a.record.id, b.record.id],
    config: configFieldsApart(a.record.config, b.record.config),
    data: dataApart(a.record, b.record),
    trainers: trainersApart(a.record, b.record),
    steps: [first.lastStep, second.lastStep],
    quantities: quantitiesApart(first, second),
  };
}

/** Whether nothing differs but times and names. */
export function isEqual({ config, data, trainers, steps, quantities }: RunDifference): boolean {
  return (
    config.length === 0 &&
    data.equal !== false &&
    trainers.length === 0 &&
    steps[0] === steps[1] &&
    quantities.every(({ first }) => first === null)
  );
}

function configFieldsApart(a: RunRecord['config'], b: RunRecord['config']): RunDifference['config'] {
  const [before, after] = [configDifference(b, a), configDifference(a, b)];
  return Object.keys({ ...before, ...after }).map((field) => ({
    field,
    values: [before[field] ?? null, after[field] ?? null],
  }));
}

function dataApart(a: RunRecord, b: RunRecord): RunDifference['data'] {
  const [before, after] = [hashesOf(a), hashesOf(b)];
  const roles = [...new Set([...before.keys(), ...after.keys()])];
  return {
    names: [a.name, b.name],
    equal: a.source || b.source ? a.source?.sha256 === b.source?.sha256 : null,
    files: roles.flatMap((role) => {
      const sha256: [string | null, string | null] = [before.get(role) ?? null, after.get(role) ?? null];
      return sha256[0] === sha256[1] ? [] : [{ role, sha256, lines: null }];
    }),
  };
}

/** Hashes of the files of a run by their roles. A run of an earlier version has one hash of all of its data. */
function hashesOf({ source }: RunRecord): Map<string, string> {
  if (!source) return new Map();
  if (source.files.length === 0) return new Map([['train', source.sha256]]);
  return new Map(source.files.map(({ role, sha256 }) => [role, sha256]));
}

/** Facts about the trainers that differ, from each step at which a part of one of the runs begins. */
function trainersApart(a: RunRecord, b: RunRecord): RunDifference['trainers'] {
  const starts = [...new Set([...partsOf(a), ...partsOf(b)].map(({ from }) => from))].sort((x, y) => x - y);
  const latest = new Map<string, string>();
  return starts.flatMap((from) => {
    const facts = factsApart(partOfStep(a, from + 1), partOfStep(b, from + 1));
    const changed = facts.filter(({ fact, values }) => latest.get(fact) !== JSON.stringify(values));
    latest.clear();
    for (const { fact, values } of facts) latest.set(fact, JSON.stringify(values));
    return changed.map(({ fact, values }) => ({ fact, from, values }));
  });
}

type Facts = readonly { readonly fact: string; readonly values: [string | null, string | null] }[];

function factsApart(a: RunPart, b: RunPart): Facts {
  const [before, after] = [commitOf(a), commitOf(b)];
  return [
    ...unequalFacts(a, b).map(({ fact, recorded, now }) => ({
      fact,
      values: [recorded, now] as [typeof recorded, typeof now],
    })),
    ...(before === after ? [] : [{ fact: 'workspace', values: [before, after] as [typeof before, typeof after] }]),
  ];
}

/** Commit of the workspace, with a `+` if its files differed from it. */
function commitOf({ workspace }: RunPart): string | null {
  return workspace && `${workspace.commit}${workspace.dirty === true ? '+' : ''}`;
}

/** Steps and validations of a run; of a step that was logged twice, the later one. */
class Log {
  readonly steps = new Map<number, StepEvent>();
  readonly validations = new Map<number, ValidationEvent>();

  constructor(metrics: readonly MetricEvent[]) {
    for (const event of metrics) {
      if (event.event === 'step') this.steps.set(event.step, event);
      if (event.event === 'validation') this.validations.set(event.step, event);
    }
  }

  get lastStep(): number {
    return [...this.steps.keys()].reduce((most, step) => Math.max(most, step), 0);
  }
}

/** Quantities that both runs have at a step in common, in the order in which a step computes them. */
function quantitiesApart(a: Log, b: Log): ComparedQuantity[] {
  const metrics = measuredMetrics.filter(({ key }) => !CLOCKED.has(key));
  const ofSteps = metrics.flatMap(({ key, from }) =>
    'step' in from ? (compare(key, null, pairsOf(a.steps, b.steps, from.step)) ?? []) : [],
  );
  const ofValidations = metrics.flatMap(({ key, from }) =>
    'validation' in from ? (compare(key, null, pairsOf(a.validations, b.validations, from.validation)) ?? []) : [],
  );
  const scores = new Set([...a.validations.values()].flatMap((event) => Object.keys(event.scores ?? {})));
  const ofScores = [...scores].sort().flatMap((name) => {
    const score = (event: ValidationEvent) => event.scores?.[name];
    return compare('score', name, pairsOf(a.validations, b.validations, score)) ?? [];
  });
  return [...ofSteps, ...ofValidations, ...ofScores];
}

interface Pair {
  readonly step: number;
  readonly values: [number | null, number | null];
}

/** Values at the steps at which both runs have one, in the order of the steps. */
function pairsOf<Event>(
  a: ReadonlyMap<number, Event>,
  b: ReadonlyMap<number, Event>,
  valueOf: (event: Event) => number | null | undefined,
): Pair[] {
  const steps = [...a.keys()].filter((step) => b.has(step)).sort((x, y) => x - y);
  return steps.flatMap((step) => {
    const [before, after] = [a.get(step), b.get(step)].map((event) => event && valueOf(event));
    return before === undefined || after === undefined ? [] : [{ step, values: [before, after] }];
  });
}

function compare(
  metric: ComparedQuantity['metric'],
  name: string | null,
  pairs: readonly Pair[],
): ComparedQuantity | undefined {
  if (pairs.length === 0) return undefined;
  const different = pairs.filter(({ values: [before, after] }) => before !== after);
  const largest = different.reduce<Pair | undefined>(
    (most, pair) => (distance(pair) > (most ? distance(most) : 0) ? pair : most),
    undefined,
  );
  return {
    metric,
    name,
    compared: pairs.length,
    differing: different.length,
    first: different[0] ? measured(different[0]) : null,
    largest: largest ? measured(largest) : null,
  };
}

/** Absolute difference; 0 if a value is not finite. */
function distance({ values: [before, after] }: Pair): number {
  return before === null || after === null ? 0 : Math.abs(after - before);
}

function measured({ step, values }: Pair): NumberDifference {
  return { step, values, ulps: ulpsApart(values[0] ?? NaN, values[1] ?? NaN) };
}
