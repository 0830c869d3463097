/**
 * Times of a list of many runs: `node test/bench/runs.ts [RUNS]`, 10,000 by default. The runs are made up, but valid; they
 * are written into the temporary folder of the system as the trainer writes them, and removed. Each figure is the median
 * of a few repetitions, except for what can only be measured once. Besides the elapsed time, it prints the time that the
 * processors have worked, which does not depend on what else the machine does.
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { predicateOf } from '../../src/catalog/filter/matches.ts';
import { parseFilter } from '../../src/catalog/filter/parseFilter.ts';
import { groupRows } from '../../src/catalog/groupRows.ts';
import { rowOf } from '../../src/catalog/row.ts';
import { sortRows } from '../../src/catalog/sortRows.ts';
import { catalogRun, describeRuns } from '../../src/catalog/storedRun.ts';
import { CELL_NAMES } from '../../src/config/cells.ts';
import { RunList } from '../../src/host/runs/runList.ts';
import { relabel } from '../../src/host/runs/labels.ts';
import { annotate } from '../../src/runs/annotations.ts';
import { RunIndex } from '../../src/runs/runIndex.ts';
import { exampleRecord, quickFiles, writeExample } from '../unit/runs/examples.ts';
import { Random } from '../oracle/random.ts';
import { firstPaints } from './runsPage.ts';
import { median } from '../../src/judgment/quantiles.ts';

const REPETITIONS = 5;
/** The page is opened with this many of the runs at most: the driver of the browser passes more of them on slowly. */
const PAGE_RUNS = 200;
const FILTER = 'cell = gru and best < 1.6 and (lr <= 0.005 or tags ~ paper) and not hamlet-9';

const number = Number(process.argv[2] ?? 10_000);
const home = await mkdtemp(join(tmpdir(), 'sequence-lab-runs-'));
const runs = join(home, 'runs');
try {
  await writeRuns(number);
  await measure();
} finally {
  await rm(home, { recursive: true });
}

async function writeRuns(count: number): Promise<void> {
  const random = new Random(1);
  const oneOf = <T>(values: readonly T[]): T => values[Math.floor(random.next() * values.length)] ?? (values[0] as T);
  for (let i = 0; i < count; i++) {
    const loss = 1.2 + random.next();
    const createdAt = new Date(Date.UTC(2026, 0, 1) + i * 60_000).toISOString();
    const time = createdAt.replaceAll(/[-:]|\..*/g, '').replace('T', '-');
    const name = `${oneOf(['hamlet', 'ferry', 'walden'])}-${i % 20}.txt`;
    const record = exampleRecord(`${time}-${name.replace('.txt', '')}-${i.toString(16).padStart(4, '0')}`, {
      name,
      createdAt,
      config: {
        seed: 1 + (i % 5),
        model: { cell: oneOf(CELL_NAMES), units: oneOf([32, 64, 128, 256]), layers: oneOf([1, 2]) },
        training: { learningRate: oneOf([0.001, 0.002, 0.005, 0.01]), clipNorm: oneOf([0, 1, 5]) },
      },
      progress: { ...exampleRecord('').progress, validationLoss: loss + 0.01, best: { step: 10 * (i % 90), loss } },
    });
    const folder = await writeExample(runs, record);
    if (i % 10 === 0) await annotate(folder, { tags: [oneOf(['paper', 'draft'])], note: `Run ${i}` }, quickFiles);
  }
}

async function measure(): Promise<void> {
  const options = { settled: -Infinity };
  const figures: [string, Time][] = [];
  const once = async <T>(name: string, work: () => T | Promise<T>): Promise<T> => {
    const time = stopwatch();
    const result = await work();
    figures.push([name, time()]);
    return result;
  };
  const often = async (name: string, work: (repetition: number) => unknown): Promise<void> => {
    const times: Time[] = [];
    for (let i = 0; i < REPETITIONS; i++) {
      const time = stopwatch();
      await work(i);
      times.push(time());
    }
    figures.push([
      name,
      {
        elapsed: median(times.map((time) => time.elapsed)),
        processor: median(times.map(({ processor }) => processor ?? NaN)),
      },
    ]);
  };

  const index = new RunIndex(runs, options);
  const { runs: listed } = await once('first list: reads every run, writes the index', () => index.list());
  await often('list in a new process, from the index file', () => new RunIndex(runs, options).list());
  await often('list again, nothing changed', () => index.list());
  const [first] = listed;
  if (!first) throw new Error('There is no run.');
  await often('list after one run has changed', async (i) => {
    await annotate(first.folder, { starred: i % 2 === 0 }, quickFiles);
    await index.list();
  });
  const all = listed.map((run) => ({ ...catalogRun(run), annotations: run.annotations }));
  const described = await once('label all runs', () => describeRuns(all));
  await often('label all runs again', () => describeRuns(all));
  const rows = await once('rows of all runs', () => described.map(rowOf));
  const filter = parseFilter(FILTER);
  await often('filter', () => rows.filter(predicateOf(filter)));
  await often('search for a text', () => rows.filter(predicateOf(parseFilter('paper'))));
  await often('sort by a number', () => sortRows(rows, [{ column: 'best', descending: false }]));
  const keys = ['cell', 'training.learningRate', 'name'].map((column) => ({ column, descending: column === 'cell' }));
  await often('sort by three columns, one a distinct text', () => sortRows(rows, keys));
  await often('filter, and sort by two columns', () => {
    const passed = rows.filter(predicateOf(parseFilter('best < 2')));
    return sortRows(passed, [
      { column: 'cell', descending: false },
      { column: 'best', descending: false },
    ]);
  });
  await often('group over seeds', () => groupRows(rows, 'setup'));

  const list = new RunList({
    folder: () => runs,
    isLive: () => false,
    changedRun: () => undefined,
    changedList: () => undefined,
  });
  await once('first list of the extension host', () => list.refresh());
  await often('list of the extension host, nothing changed', () => list.refresh());
  await once('labels in the extension host', () => relabel(list.runs));
  await often('labels in the extension host, again', () => relabel(list.runs));

  const shown = rows.slice(0, PAGE_RUNS);
  const elapsed = median(await firstPaints(shown, REPETITIONS));
  figures.push([`first paint of ${shown.length} runs in the page`, { elapsed, processor: null }]);

  console.log(`${rows.length} runs, Node ${process.version}\n\n| step | ms | processor ms |\n| --- | ---: | ---: |`);
  for (const [name, { elapsed, processor }] of figures) {
    console.log(`| ${name} | ${elapsed.toFixed(1)} | ${processor?.toFixed(1) ?? ''} |`);
  }
}

interface Time {
  /** Milliseconds. */
  readonly elapsed: number;
  /** Milliseconds of all threads of the process; null for the work of another process. */
  readonly processor: number | null;
}

function stopwatch(): () => Time {
  const start = performance.now();
  const before = process.cpuUsage();
  return () => {
    const { user, system } = process.cpuUsage(before);
    return { elapsed: performance.now() - start, processor: (user + system) / 1000 };
  };
}
