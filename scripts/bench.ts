/**
 * `npm run bench [-- options of sequence-lab bench]` builds, and times complete training steps on every backend and on
 * PyTorch, which is installed into the cache on first use. `npm run bench -- NAME` runs a benchmark of `test/bench`
 * instead: `tasks` times a training step of every kind of task beside PyTorch, `verdicts` measures the verdicts and the
 * advice, `lessons` the claims of the lessons, `runs` the lists of many runs, `forecasts` the forecasts of series,
 * `readers` the readers of large files, `loading` what a run waits for before its first step, `integrity` the cost of
 * hashes, `faults` what an accident at any file operation leaves of a run, `kills` what kills at random times leave of
 * it, `slurm` what Slurm adds to the trials of a sweep, `sweep` the trials of a sweep per hour, `sweepBest` what a sweep
 * gains over the defaults, `million` what grows with the number of trials, `rangeTest` what learning rate range tests
 * show, `writing` texts and beam searches, `web` a step in a browser beside one in Node, `workbench` what panels and runs leave in
 * a workbench, and `mutations` which test finds a fault in the code that stores runs.
 */
import { join } from 'node:path';
import { main } from './lib/main.ts';
import { root } from './lib/paths.ts';
import { commandLine } from './lib/product.ts';
import { run } from './lib/run.ts';
import { ensureTorch } from './lib/torch.ts';
import { Unavailable } from './lib/unavailable.ts';

/** Benchmarks of `test/bench` that run by name. */
const SCRIPTS: ReadonlySet<string> = new Set([
  'verdicts',
  'lessons',
  'runs',
  'forecasts',
  'readers',
  'loading',
  'integrity',
  'faults',
  'kills',
  'mutations',
  'slurm',
  'sweep',
  'million',
  'sweepBest',
  'rangeTest',
  'workbench',
  'tasks',
  'writing',
  'web',
]);
/** Those among them that compare with PyTorch. */
const WITH_TORCH: ReadonlySet<string> = new Set(['tasks']);

async function torchOption(args: readonly string[]): Promise<string[]> {
  if (args.includes('--torch')) return [];
  try {
    return ['--torch', await ensureTorch()];
  } catch (error) {
    if (!(error instanceof Unavailable)) throw error;
    console.error(`Without PyTorch: ${error.message}`);
    return [];
  }
}

await main(async () => {
  const args = process.argv.slice(2);
  // Only the benchmark may write to stdout: with --json its output is an array.
  await run(process.execPath, [join(root, 'esbuild.mjs')], { quiet: true });
  const [first, ...others] = args;
  if (first !== undefined && SCRIPTS.has(first)) {
    const torch = WITH_TORCH.has(first) ? await torchOption(others) : [];
    await run(process.execPath, [join(root, 'test', 'bench', `${first}.ts`), ...torch, ...others]);
    return;
  }
  const torch = await torchOption(args);
  await run(process.execPath, [commandLine, 'bench', ...torch, ...args]);
});
