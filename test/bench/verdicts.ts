/**
 * `npm run bench -- verdicts [--seeds N] [--only PART_OF_A_NAME] [--write]` trains a table of small configurations, three seeds each, and prints how often
 * each verdict is right and how often each piece of advice helps. The truth is computed apart from the verdicts'
 * code: Jacobians with float64 cells, and plain definitions over whole loss curves. Two processes share the work.
 */
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { root } from '../../scripts/lib/paths.ts';
import { allCases } from './verdicts/cases.ts';
import { type Judged, judgeCase, type Tried } from './verdicts/runs.ts';
import { oddsOf, printTables } from './verdicts/tables.ts';

const PROCESSES = 2;

const option = (name: string): string | undefined => {
  const place = process.argv.indexOf(`--${name}`);
  return place < 0 ? undefined : process.argv[place + 1];
};
const seeds = Number(option('seeds') ?? 3);
const only = option('only') ?? '';
const cases = allCases().filter(({ name }) => name.includes(only));
const jobs = cases.flatMap((each) => Array.from({ length: seeds }, (_, index) => ({ each, seed: index + 1 })));

interface Result {
  readonly judged: Judged[];
  readonly tried: Tried[];
}

/** Does every `PROCESSES`-th job and sends each result to the parent. */
async function work(part: number): Promise<void> {
  const home = await mkdtemp(join(tmpdir(), 'sequence-lab-verdicts-'));
  try {
    for (const { each, seed } of jobs.filter((_, index) => index % PROCESSES === part)) {
      process.send?.(await judgeCase(each, seed, home));
    }
  } finally {
    await rm(home, { recursive: true });
  }
}

async function main(): Promise<void> {
  const before = performance.now();
  const results: Result[] = [];
  const script = process.argv[1] ?? '';
  await Promise.all(
    Array.from({ length: PROCESSES }, async (_, part) => {
      const child = fork(script, ['--seeds', String(seeds), '--only', only, '--part', String(part)]);
      child.on('message', (result) => {
        results.push(result as Result);
        process.stderr.write(`\r${results.length} of ${jobs.length}`);
      });
      const [code] = (await once(child, 'exit')) as [number | null];
      if (code !== 0) throw new Error(`Process ${part} ended with code ${code}.`);
    }),
  );
  process.stderr.write('\n');
  const tried = results.flatMap((each) => each.tried);
  printTables(
    results.flatMap(({ judged }) => judged),
    tried,
  );
  if (process.argv.includes('--write'))
    await writeFile(
      join(root, 'src', 'protocol', 'adviceOdds.json'),
      `${JSON.stringify(oddsOf(tried), undefined, 2)}\n`,
    );
  const minutes = (performance.now() - before) / 60_000;
  console.log(
    `\n${cases.length} configurations, ${seeds} seeds, ${minutes.toFixed(0)} minutes, Node ${process.version}`,
  );
}

const part = option('part');
if (part === undefined) await main();
else {
  await work(Number(part));
  process.disconnect();
}
