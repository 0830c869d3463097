import type { MetricEvent } from '../../protocol/events.ts';
import { measuredMetrics } from '../../protocol/metrics.ts';
import type { StoredRun } from '../storedRun.ts';
import { type Cell, type ColumnType, type Table, TableBuilder } from '../table.ts';

const NAMES = ['run', 'name', 'step', 'seconds', ...measuredMetrics.map(({ key }) => key)];

const TYPES: Readonly<Record<string, ColumnType>> = { run: 'text', name: 'text', step: 'integer' };

/**
 * Curves of runs in long form: one row per run and step, with the seconds of training, every measured metric, and the
 * scores of the validations, each in the row of the step after which it was measured.
 */
export async function curvesTable(runs: readonly StoredRun[]): Promise<Table> {
  const table = new TableBuilder(NAMES, (name) => TYPES[name] ?? 'number');
  for (const { record, metrics } of await withMetrics(runs)) {
    const run = { run: record.id, name: record.name };
    for (const [step, values] of rowsByStep(metrics)) table.add({ ...run, step, ...values });
  }
  return table.finish();
}

async function withMetrics(runs: readonly StoredRun[]) {
  return Promise.all(runs.map(async (run) => ({ record: run.record, metrics: await run.metrics() })));
}

/** Values of each step, in the order of the steps. */
function rowsByStep(metrics: readonly MetricEvent[]): [number, Record<string, Cell>][] {
  const rows = new Map<number, Record<string, Cell>>();
  for (const event of metrics) {
    if (event.event === 'sample') continue;
    const row = rows.get(event.step) ?? {};
    rows.set(event.step, Object.assign(row, valuesOf(event)));
  }
  return [...rows].sort(([a], [b]) => a - b);
}

function valuesOf(event: Exclude<MetricEvent, { event: 'sample' }>): Record<string, Cell> {
  if (event.event === 'step') {
    const values = measuredMetrics.flatMap(({ key, from }) =>
      'step' in from ? [[key, from.step(event)] as const] : [],
    );
    return { seconds: event.seconds, ...Object.fromEntries(values) };
  }
  const values = measuredMetrics.flatMap(({ key, from }) =>
    'validation' in from ? [[key, from.validation(event)] as const] : [],
  );
  return { ...event.scores, ...Object.fromEntries(values) };
}
