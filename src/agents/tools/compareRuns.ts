import * as z from 'zod';
import { describeStored } from '../../catalog/storedRun.ts';
import { COLUMNS } from '../../catalog/columns.ts';
import { differs, isResult } from '../../catalog/comparedColumns.ts';
import { rowOf } from '../../catalog/row.ts';
import { CHARACTERS } from '../../protocol/metrics.ts';
import type { IndexedRun } from '../../runs/runIndex.ts';
import { readMetrics } from '../../runs/metricsLog.ts';
import { readDifference } from '../../runs/readDifference.ts';
import { AgentError } from '../agentError.ts';
import { curvesOf, picturePoints, titleOf } from '../curves.ts';
import { exact } from '../rounded.ts';
import { findRuns } from '../runs.ts';
import { scoredApart, unitOf } from '../scored.ts';
import { copied, fieldValue, runName } from '../schemas.ts';
import { defineTool } from '../tool.ts';

const input = z.strictObject({
  runs: z.array(runName).min(2).max(10).describe('Runs to compare.'),
});

const values = z.array(fieldValue).describe('One value per run, in the order of "runs".');

const output = z.object({
  runs: z.array(z.object({ id: z.string(), name: z.string() })),
  differs: z.array(z.object({ field: z.string(), values })).describe('Fields and facts in which the runs differ.'),
  results: z.array(z.object({ field: z.string(), values })).describe('Losses, verdict and time.'),
  best: z.string().nullable().describe('Run with the lowest validation loss; null if their losses cannot be compared.'),
  whyNoBest: z
    .string()
    .nullable()
    .describe('Why there is no best run: in what their data or its validation part differs.'),
  firstDifference: z
    .object({ step: z.int(), metric: z.string(), values: z.array(z.number().nullable()) })
    .nullable()
    .describe('Of two runs, the first step at which their numbers differ; null for none, and for more runs.'),
});

/** Losses of which a picture shows one: the first that was measured. */
const COMPARED = ['validationLoss', 'trainLoss'] as const;

export const compareRuns = defineTool({
  name: 'compare_runs',
  title: 'Compare Runs',
  description:
    'Compares runs: the fields of the configuration in which they differ, their losses and verdicts, the best run, and for two runs the first step at which their numbers differ.',
  effect: 'reads',
  cost: 'Reads the records of the runs, and the metrics of two runs.',
  input,
  output,
  async picture({ runs }, context) {
    const found = await findRuns(
      runs.map(({ id }) => id),
      context,
    );
    const measured = await Promise.all(
      found.map(async ({ folder }) => curvesOf(await readMetrics(folder), COMPARED, picturePoints(runs.length))),
    );
    const key = COMPARED.find((each) => measured.some(({ [each]: points = [] }) => points.length > 0)) ?? COMPARED[0];
    const units = new Set(found.map(({ record }) => unitOf(record)));
    return {
      kind: 'curves',
      title: titleOf(key, CHARACTERS),
      unit: units.size === 1 ? ([...units][0] ?? '') : '',
      curves: runs.map(({ name }, i) => ({ label: name, points: measured[i]?.[key] ?? [] })),
    };
  },
  async run({ runs: names }, context) {
    const found = await findRuns(names, context);
    const runs = [...new Map(found.map((run) => [run.folder, run])).values()];
    if (runs.length < 2) throw new AgentError('These names mean the same run. Give at least two different runs.');
    const labeled = describeStored(runs);
    const rows = labeled.map(rowOf);
    const line = ({ key }: (typeof COLUMNS)[number]) => ({
      field: key,
      values: rows.map(({ values }) => copied(values[key] ?? null)),
    });
    return {
      runs: labeled.map(({ id, title, annotations }) => ({ id, name: annotations.name ?? title })),
      differs: exact(COLUMNS.filter((column) => differs(column, rows)).map(line)),
      results: COLUMNS.filter((column) => isResult(column, rows)).map(line),
      ...bestOf(runs),
      firstDifference: await firstDifference(runs.map(({ folder }) => folder)),
    };
  },
});

/** The run with the lowest validation loss, or why there is none: all losses have to be of the same data and unit. */
function bestOf(runs: readonly IndexedRun[]) {
  const apart = scoredApart(runs.map(({ record }) => record));
  if (apart.length > 0)
    return { best: null, whyNoBest: `The losses cannot be compared: the runs differ in ${apart.join(', ')}.` };
  const scored = runs.flatMap(({ record: { id, progress } }) =>
    progress.best ? [{ id, loss: progress.best.loss }] : [],
  );
  if (scored.length === 0) return { best: null, whyNoBest: 'None of the runs has a validation loss.' };
  return { best: scored.reduce((lowest, each) => (each.loss < lowest.loss ? each : lowest)).id, whyNoBest: null };
}

async function firstDifference([a, b, ...others]: readonly string[]) {
  if (a === undefined || b === undefined || others.length > 0) return null;
  const { quantities } = await readDifference([a, b], async () => Promise.resolve(undefined));
  const firsts = quantities.flatMap(({ metric, name, first }) =>
    first ? [{ step: first.step, metric: name ?? metric, values: exact([...first.values]) }] : [],
  );
  return firsts.sort((one, other) => one.step - other.step)[0] ?? null;
}
