/**
 * `npm run bench -- rangeTest [--data FOLDER] [--steps N] [--seeds N] [--only PART_OF_A_NAME] [--json FILE]` compares
 * what learning rate range tests show with sweeps of 10 learning rates over the same configurations: how much lower the
 * loss of the best rate of the sweep is than that of the rate that each rule reads from the range test, after equally
 * many steps. With `--data`, texts outside the project are included. `--json` keeps the losses in a file,
 * and trains only what the file lacks. Two processes share the work.
 */
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { allCases } from './rangeTest/cases.ts';
import { printTable } from './rangeTest/table.ts';
import { measureCase, type Measured } from './rangeTest/runs.ts';

const PROCESSES = 2;

const { values } = parseArgs({
  options: {
    data: { type: 'string' },
    steps: { type: 'string', default: '150' },
    seeds: { type: 'string', default: '1' },
    only: { type: 'string', default: '' },
    json: { type: 'string' },
    part: { type: 'string' },
  },
});
const cases = (await allCases(values.data ?? null)).filter(({ name }) => name.includes(values.only));

const kept = values.json === undefined ? [] : await readKept(values.json);

/** The results of an earlier call; none if the file does not exist. */
async function readKept(path: string): Promise<Measured[]> {
  return readFile(path, 'utf8').then(
    (text) => JSON.parse(text) as Measured[],
    () => [],
  );
}

/** Measures every `PROCESSES`-th case and sends each result to the parent. */
async function work(part: number): Promise<void> {
  const home = await mkdtemp(join(tmpdir(), 'sequence-lab-range-test-'));
  const settings = { steps: Number(values.steps), seeds: Number(values.seeds), home };
  try {
    for (const each of cases.filter((_, index) => index % PROCESSES === part)) {
      const known = kept.find(({ name }) => name === each.name);
      process.send?.(await measureCase(each, known, settings));
    }
  } finally {
    await rm(home, { recursive: true });
  }
}

async function main(): Promise<void> {
  const measured = new Map(kept.map((each) => [each.name, each]));
  let done = 0;
  await Promise.all(
    Array.from({ length: PROCESSES }, async (_, part) => {
      const child = fork(process.argv[1] ?? '', [...process.argv.slice(2), '--part', String(part)]);
      child.on('message', (result) => {
        const each = result as Measured;
        measured.set(each.name, each);
        if (values.json !== undefined) writeFileSync(values.json, JSON.stringify([...measured.values()]));
        process.stderr.write(`\r${++done} of ${cases.length}`);
      });
      const [code] = (await once(child, 'exit')) as [number | null];
      if (code !== 0) throw new Error(`Process ${part} ended with code ${code}.`);
    }),
  );
  process.stderr.write('\n');
  printTable([...measured.values()]);
}

if (values.part === undefined) await main();
else {
  await work(Number(values.part));
  process.disconnect();
}
