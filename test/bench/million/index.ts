/** The index of a run store of many trials of a sweep: `node test/bench/million/index.ts TRIALS [index]`, with `index` without the extension host. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { mkdtemp, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { RunList } from '../../../src/host/runs/runList.ts';
import { relabel } from '../../../src/host/runs/labels.ts';
import { annotate } from '../../../src/runs/annotations.ts';
import { storedRecord } from '../../../src/runs/record.ts';
import { RunIndex } from '../../../src/runs/runIndex.ts';
import { quickFiles } from '../../unit/runs/examples.ts';
import { trialRecord } from './trialRecord.ts';
import { fact, figure, heading, heapInUse } from './figures.ts';

const count = Number(process.argv[2] ?? 10_000);
/** Runs that are added to the store. */
const MORE = 30;
const options = { settled: -Infinity };
const home = await mkdtemp(join(tmpdir(), 'sequence-lab-index-'));
const runs = join(home, 'runs');

try {
  heading(`Run store of ${count} trials`);
  await figure('write the runs', writeRuns);
  await index();
  if (process.argv[3] !== 'index') await host();
} finally {
  await rm(home, { recursive: true });
}

function writeRuns(): void {
  for (let i = 0; i < count; i++) {
    const record = trialRecord(i);
    mkdirSync(join(runs, record.id), { recursive: true });
    writeFileSync(join(runs, record.id, 'run.json'), JSON.stringify(storedRecord(record)));
  }
}

async function index(): Promise<void> {
  const empty = heapInUse();
  await figure('first list: reads every run, writes the index', async () => new RunIndex(runs, options).list());
  fact('bytes of a run in the index file', await stat(join(home, 'index.jsonl')).then(perRun, () => 'no file'));
  const known = new RunIndex(runs, options);
  const { runs: listed } = await figure('list in a new process, from the index file', async () => known.list());
  fact('bytes of a run in memory', ((heapInUse() - empty) / listed.length).toFixed(0));
  await figure('list again, nothing changed', async () => known.list());
  const [first] = listed;
  if (!first) throw new Error('There is no run.');
  await annotate(first.folder, { starred: true }, quickFiles);
  await figure('list after one run has changed', async () => known.list());
  for (let i = count; i < count + MORE; i++) {
    const record = trialRecord(i);
    mkdirSync(join(runs, record.id), { recursive: true });
    writeFileSync(join(runs, record.id, 'run.json'), JSON.stringify(storedRecord(record)));
    if (i % 10 === 0) await known.list();
  }
  await figure('list in a new process after 30 more runs', async () => new RunIndex(runs, options).list());
}

function perRun({ size }: { readonly size: number }): string {
  return (size / count).toFixed(0);
}

/** What the extension host does with the list. */
async function host(): Promise<void> {
  const empty = heapInUse();
  const list = new RunList({
    folder: () => runs,
    isLive: () => false,
    changedRun: () => undefined,
    changedList: () => undefined,
  });
  await figure('first list of the extension host', async () => list.refresh());
  await figure('list of the extension host, nothing changed', async () => list.refresh());
  await figure('all runs of the extension host in their order', () => list.runs);
  await figure('all runs of the extension host in their order, again', () => list.runs);
  await figure('labels in the extension host', () => relabel(list.runs));
  await figure('labels in the extension host, again', () => relabel(list.runs));
  fact('bytes of a run in the extension host', ((heapInUse() - empty) / list.runs.length).toFixed(0));
}
