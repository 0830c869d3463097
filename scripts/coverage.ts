/**
 * `npm run coverage [-- options of mocha]` runs the unit suite, prints the share of src that it covers by folder, and
 * writes a report of every line to out/coverage/index.html.
 */
import { readFile } from 'node:fs/promises';
import { join, relative, sep } from 'node:path';
import { z } from 'zod';
import { main } from './lib/main.ts';
import { outFolder, root } from './lib/paths.ts';
import { run } from './lib/run.ts';

const REPORT = join(outFolder, 'coverage');

const counts = z.object({ total: z.number(), covered: z.number() });
const summaries = z.record(z.string(), z.object({ lines: counts, branches: counts }));

type Counts = z.output<typeof counts>;

/** The folder of src that contains a file, such as "src/kernels"; "src" for a file in src itself. */
function folderOf(path: string): string {
  return relative(root, path).split(sep).slice(0, -1).slice(0, 2).join('/');
}

/** Formats the share of the total, such as "93.4 %". */
function share(all: readonly Counts[]): string {
  const sum = (kind: keyof Counts) => all.reduce((result, counts) => result + counts[kind], 0);
  return `${((100 * sum('covered')) / Math.max(1, sum('total'))).toFixed(1)} %`.padStart(10);
}

async function printSummary(): Promise<void> {
  const summary = summaries.parse(JSON.parse(await readFile(join(REPORT, 'coverage-summary.json'), 'utf8')));
  const files = Object.entries(summary)
    .filter(([path]) => path !== 'total')
    .map(([path, covered]) => ({ folder: folderOf(path), ...covered }));
  const folders = [...new Set(files.map(({ folder }) => folder))].sort();
  console.log(`\n${''.padEnd(20)}${'lines'.padStart(10)}${'branches'.padStart(10)}`);
  for (const { name, covered } of [
    ...folders.map((name) => ({ name, covered: files.filter(({ folder }) => folder === name) })),
    { name: 'all', covered: files },
  ]) {
    const [lines, branches] = [covered.map((each) => each.lines), covered.map((each) => each.branches)];
    console.log(`${name.padEnd(20)}${share(lines)}${share(branches)}`);
  }
  console.log(`\nReport: ${join(relative(root, REPORT), 'index.html')}`);
}

await main(async () => {
  try {
    await run('c8', [
      ...['--all', '--src=src', '--extension=.ts', '--include=src/**/*.ts', '--exclude=src/kernels/wasm/assembly/**'],
      ...[`--report-dir=${REPORT}`, `--temp-directory=${join(REPORT, 'raw')}`, '--reporter=json-summary'],
      '--reporter=html',
      ...['mocha', '--config', 'test/unit/.mocharc.json', ...process.argv.slice(2)],
    ]);
  } finally {
    await printSummary();
  }
});
