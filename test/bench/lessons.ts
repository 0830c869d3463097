/**
 * `npm run bench -- lessons [--seeds N] [--only LESSON]` trains the runs of the lessons and prints for how many seeds each
 * claim holds (test/bench/lessons/claims.ts). Exits with 1 if a claim holds for fewer seeds than it must. Two processes
 * share the work.
 */
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { claims } from './lessons/claims.ts';
import { jobKey, jobsOf, judge, tableOf } from './lessons/judge.ts';
import { type LessonRecord, trainRecord } from './lessons/records.ts';

const PROCESSES = 2;

const option = (name: string): string | undefined => {
  const place = process.argv.indexOf(`--${name}`);
  return place < 0 ? undefined : process.argv[place + 1];
};
const only = option('only');
const seeds = Array.from({ length: Number(option('seeds') ?? 5) }, (_, index) => index + 1);
const wanted = claims.filter(({ lesson }) => only === undefined || lesson === only);
const jobs = jobsOf(wanted, seeds);

interface Result {
  readonly key: string;
  readonly record: LessonRecord;
}

/** Does every `PROCESSES`-th job and sends each record to the parent. */
async function work(part: number): Promise<void> {
  const home = await mkdtemp(join(tmpdir(), 'sequence-lab-lessons-'));
  try {
    for (const job of jobs.filter((_, index) => index % PROCESSES === part)) {
      const result: Result = { key: jobKey(job), record: await trainRecord(job, home) };
      process.send?.(result);
    }
  } finally {
    await rm(home, { recursive: true });
  }
}

async function main(): Promise<void> {
  if (wanted.length === 0) throw new Error(`No claim is about the lesson "${only}".`);
  const before = performance.now();
  const records = new Map<string, LessonRecord>();
  await Promise.all(
    Array.from({ length: PROCESSES }, async (_, part) => {
      const child = fork(process.argv[1] ?? '', [...process.argv.slice(2), '--part', String(part)]);
      child.on('message', (result: Result) => {
        records.set(result.key, result.record);
        process.stderr.write(`\r${records.size} of ${jobs.length}`);
      });
      const [code] = (await once(child, 'exit')) as [number | null];
      if (code !== 0) throw new Error(`Process ${part} ended with code ${code}.`);
    }),
  );
  process.stderr.write('\n');
  const judged = judge(wanted, seeds, records);
  console.log(tableOf(judged));
  const minutes = (performance.now() - before) / 60_000;
  console.log(`\n${jobs.length} runs, ${minutes.toFixed(1)} minutes, Node ${process.version}`);
  if (judged.some(({ passes }) => !passes)) process.exitCode = 1;
}

const part = option('part');
if (part === undefined) await main();
else {
  await work(Number(part));
  process.disconnect();
}
