/**
 * `npm run bench -- workbench [--panels N] [--runs N] [--minutes N]` opens and closes panels and trains runs in a real
 * workbench, by default 200 panels and 50 runs, or for a number of minutes, while one run trains all the time. It prints
 * what the extension host, the trainer of that run, the server and the page occupy before and after, and fails if
 * something has grown by more than its bound. Packages the extension first.
 */
import { mkdir, mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { outFolder, root } from '../../scripts/lib/paths.ts';
import { vsixFile } from '../../scripts/lib/product.ts';
import { run } from '../../scripts/lib/run.ts';
import { CodeServer } from '../harness/codeServer.ts';
import { testVariables } from '../harness/extensionHost.ts';
import { followEvents } from '../harness/followEvents.ts';
import { bundleTests, packTests } from '../harness/testBundle.ts';
import { Workbench } from '../harness/workbench.ts';
import { SOAK_VARIABLE, type SoakFigures, type SoakOptions, type SoakResult } from './workbench/soakResult.ts';

const MIB = 2 ** 20;
/**
 * Most bytes that the extension host keeps of each step of the run that goes on: six curves, each of two numbers of 8 bytes
 * for a step, in arrays that grow by doubling.
 */
const STEP_BYTES = 6 * 2 * 8 * 2;

interface Row {
  readonly title: string;
  readonly unit: number;
  /** Growth above which the soak fails. */
  readonly bound: number;
  /** Further bytes for each step of the run that goes on. */
  readonly perStep?: number;
}

/** Rows of the table, with bounds far below what a leak of each panel or run would add. */
const ROWS: Readonly<Record<keyof SoakFigures, Row>> = {
  hostHeap: { title: 'extension host: JavaScript heap after a collection, MiB', unit: MIB, bound: 8 },
  hostExternal: {
    title: 'extension host: buffers, with the curves of the run that goes on, MiB',
    unit: MIB,
    bound: 4,
    perStep: STEP_BYTES,
  },
  hostMemory: { title: 'extension host: private memory, MiB', unit: MIB, bound: 64 },
  hostFiles: { title: 'extension host: open files, sockets and pipes', unit: 1, bound: 4 },
  hostThreads: { title: 'extension host: threads', unit: 1, bound: 2 },
  hostResources: { title: 'extension host: active timers, sockets and pipes', unit: 1, bound: 4 },
  trainerMemory: { title: 'trainer of the run that goes on: private memory, MiB', unit: MIB, bound: 48 },
  trainerFiles: { title: 'trainer: open files, sockets and pipes', unit: 1, bound: 1 },
  trainerThreads: { title: 'trainer: threads', unit: 1, bound: 1 },
};

const { values } = parseArgs({
  options: {
    panels: { type: 'string', default: '200' },
    runs: { type: 'string', default: '50' },
    minutes: { type: 'string' },
  },
});

const home = await mkdtemp(join(tmpdir(), 'sequence-lab-soak-'));
try {
  const options: SoakOptions = {
    panels: Number(values.panels),
    runs: Number(values.runs),
    ...(values.minutes === undefined ? {} : { minutes: Number(values.minutes) }),
    result: join(home, 'soak.json'),
  };
  await run(process.execPath, [join(root, 'scripts', 'package.ts')], { quiet: true });
  process.exitCode = (await soak(options)) ? 0 : 1;
} finally {
  await rm(home, { recursive: true, force: true });
}

async function soak(options: SoakOptions): Promise<boolean> {
  const folder = join(home, 'workspace');
  await mkdir(folder);
  const bundle = join(home, 'bundle');
  await bundleTests(join(import.meta.dirname, 'workbench'), bundle);
  const env = { ...testVariables(home), [SOAK_VARIABLE]: JSON.stringify(options) };
  await using server = await CodeServer.start({ folder, vsix: [vsixFile, await packTests(bundle)], env });
  await using workbench = await Workbench.open(server);
  const { failed } = await followEvents(join(home, 'events.jsonl'), { silenceTimeout: 24 * 3600_000 });
  if (failed > 0) {
    await workbench.screenshot(join(outFolder, 'screenshots', 'soak.png'));
    console.error((await server.extensionHostLog()).slice(-4000));
    return false;
  }
  const result = JSON.parse(await readFile(options.result, 'utf8')) as SoakResult;
  const trainers = await server.trainers();
  const frames = workbench.page.frames().filter((frame) => frame.url().includes('webview')).length;
  const { panels, runs, steps, minutes, before, after } = result;
  console.log(`${panels} panels, ${runs} runs, ${steps} steps of the run that goes on, ${minutes.toFixed(1)} min\n`);
  console.log('| figure | before | after | bound |\n| --- | --- | --- | --- |');
  let isBounded = true;
  for (const key of Object.keys(ROWS) as (keyof SoakFigures)[]) {
    const { title, unit, bound: least, perStep = 0 } = ROWS[key];
    const bound = least + Math.ceil((perStep * steps) / unit);
    const shown = [before[key], after[key]].map((value) => (unit === 1 ? String(value) : (value / unit).toFixed(1)));
    const isRowBounded = (after[key] - before[key]) / unit <= bound;
    isBounded &&= isRowBounded;
    console.log(`| ${title} | ${shown.join(' | ')} | +${bound}${isRowBounded ? '' : ' EXCEEDED'} |`);
  }
  console.log(`| processes of trainers at the end | 0 | ${trainers.length} | 0 |`);
  console.log(`| frames of pages in the workbench at the end | 0 | ${frames} | 0 |`);
  for (const each of result.openedFiles) console.log(`Opened by the extension host since the start: ${each}`);
  return isBounded && trainers.length === 0 && frames === 0;
}
