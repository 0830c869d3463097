/** The table of many trials of a sweep: `node test/bench/million/table.ts TRIALS`. */
import { predicateOf } from '../../../src/catalog/filter/matches.ts';
import { parseFilter } from '../../../src/catalog/filter/parseFilter.ts';
import { completions } from '../../../src/catalog/filter/completions.ts';
import { columnNamed } from '../../../src/catalog/columns.ts';
import { groupRows } from '../../../src/catalog/groupRows.ts';
import { rowOf } from '../../../src/catalog/row.ts';
import { sortRows } from '../../../src/catalog/sortRows.ts';
import { catalogRun, describeRuns } from '../../../src/catalog/storedRun.ts';
import { fieldImportance } from '../../../src/catalog/study/importance.ts';
import { RunModel } from '../../../src/host/runs/runModel.ts';
import { RUNS_AT_A_TIME, RowsFeed } from '../../../src/host/runsPage/rowsFeed.ts';
import { NO_ANNOTATIONS } from '../../../src/protocol/annotations.ts';
import { runsLayout } from '../../../src/protocol/runsPage.ts';
import type { RunRow } from '../../../src/protocol/runRow.ts';
import { fact, figure, heading, heapInUse } from './figures.ts';
import { trialRecord } from './trialRecord.ts';

const count = Number(process.argv[2] ?? 10_000);
heading(`Table of ${count} trials`);

const runs = Array.from({ length: count }, (_, i) => {
  const record = trialRecord(i);
  return { ...catalogRun({ folder: `/runs/${record.id}`, record, holder: undefined }), annotations: NO_ANNOTATIONS };
});
const empty = heapInUse();
const described = await figure('label all runs', () => describeRuns(runs));
const rows = await figure('rows of all runs', () => described.map(rowOf));
fact('bytes of a row and its label in memory', ((heapInUse() - empty) / count).toFixed(0));
await figure('filter', () => rows.filter(predicateOf(parseFilter('lr > 0.001 and best < 1.6'))));
await figure('sort by a number', () => sortRows(rows, [{ column: 'best', descending: false }]));
await figure('group by a field', () => groupRows(rows, 'units'));
await figure('group by setup', () => groupRows(rows, 'setup'));
await figure('completions of a filter', () => completions('data = ', 7, rows));
const [best, fields] = [columnNamed('best'), ['lr', 'units', 'clipNorm'].flatMap((name) => columnNamed(name) ?? [])];
if (best) await figure('importance of fields', () => fieldImportance(rows, fields, best));

const { sort } = runsLayout.parse({});
let messages = 0;
await figure('page: sort the rows so far after each message, as the page did', () => {
  for (let at: number = RUNS_AT_A_TIME.first; at < rows.length; at += RUNS_AT_A_TIME.others, messages++)
    sortRows(rows.slice(0, at), sort);
});
fact('messages', String(messages));
await figure('page: sort all rows', () => sortRows(rows, sort));

const models = described.map((run, i) => {
  const model = RunModel.stored({ folder: run.folder, record: trialRecord(i), holder: undefined });
  model.setLabel({ text: run.title, title: run.title, difference: run.difference, setup: run.setup });
  return model;
});
const byId = new Map(models.map((model) => [model.id, model]));
const source = {
  runs: models,
  unreadable: [],
  run: (id: string) => byId.get(id),
  onDidChangeRun: () => ({ dispose: () => undefined }),
  onDidChangeList: () => ({ dispose: () => undefined }),
};
let bytes = 0;
const begin = performance.now();
await figure('extension host: make and send all rows', async () => {
  let first: number | undefined;
  await new Promise<void>((resolve) => {
    const feed = new RowsFeed(source, {
      rows: async ({ changed, isComplete }: { changed: RunRow[]; isComplete: boolean }) => {
        first ??= performance.now() - begin;
        bytes += JSON.stringify(changed).length;
        if (isComplete) resolve();
      },
      unreadable: async () => undefined,
    });
    feed.start();
  });
  fact('extension host: milliseconds until the first rows', (first ?? NaN).toFixed(1));
});
fact('bytes of a row that is sent', (bytes / count).toFixed(0));
