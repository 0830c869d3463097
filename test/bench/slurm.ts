/**
 * `npm run bench -- slurm [--trials N] [--per-task N,N] [--steps N]` measures what Slurm adds to the trials of a sweep, on
 * a cluster that it starts on this machine: the time from the submission of a trial to its start, from its end to the
 * line in the plan, the trials per hour with one trial per task and with several, and the processor time of `squeue`
 * with the queue full.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { availableParallelism, loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { ensureSlurm } from '../../scripts/lib/slurm.ts';
import { SlurmClient } from '../../src/slurm/client.ts';
import type { PlanEvent } from '../../src/sweeps/plan/events.ts';
import { processorSeconds } from '../harness/processorTime.ts';
import { SlurmCluster } from '../harness/slurmCluster.ts';
import { tinyTrials } from '../slurm/sweepWork.ts';
import { median } from '../../src/judgment/quantiles.ts';

const { values } = parseArgs({
  options: {
    trials: { type: 'string', default: '40' },
    'per-task': { type: 'string', default: '1,10' },
    steps: { type: 'string', default: '60' },
    looks: { type: 'string', default: '50' },
    queued: { type: 'string', default: '1000' },
  },
});
const trials = Number(values.trials);
/** Tasks that run at the same time: nodes of the cluster with two processors each. */
const NODES = 3;
const TASKS = 2 * NODES;

const CLI = join(import.meta.dirname, '..', '..', 'dist', 'cli.js');

const sweep = {
  base: tinyTrials(Number(values.steps), 20),
  fields: { 'training.learningRate': { values: Array.from({ length: trials }, (_, i) => (i + 1) / 10_000) } },
  method: { name: 'grid' },
};

const version = await ensureSlurm();
const cluster = await SlurmCluster.start({ nodes: NODES });
const folder = await mkdtemp(join(tmpdir(), 'sequence-lab-slurm-bench-'));
const file = join(folder, 'rates.sequence-lab-sweep.json');
await writeFile(file, JSON.stringify(sweep));

try {
  console.log(
    `${version}, ${NODES} nodes on ${availableParallelism()} processors, load ${loadavg()[0]?.toFixed(1)}; ${trials} trials of ${values.steps} steps`,
  );
  report(
    `on this machine, ${TASKS} workers`,
    await measured('here', ['--workers', String(TASKS)]),
    'with the training',
  );
  for (const perTask of values['per-task'].split(',')) {
    const home = `per-task-${perTask}`;
    const result = await measured(home, ['--slurm', '--trials-per-task', perTask]);
    report(`Slurm, ${perTask} per task`, result, 'of Slurm and of the command that follows');
    await reportDelays(home);
  }
  await reportPolling();
} finally {
  await cluster.command('scancel', '--partition=main').catch(() => '');
  await cluster.stop();
  await rm(folder, { recursive: true, force: true, maxRetries: 5 });
}

interface Measured {
  readonly seconds: number;
  /** Processor time in seconds of the command and the daemons of Slurm. Its jobs have left them. */
  readonly processor: number;
}

async function measured(home: string, flags: readonly string[]): Promise<Measured> {
  const [before, worked] = [performance.now(), await processorSeconds()];
  const child = spawn(process.execPath, [CLI, 'sweep', file, ...flags], {
    env: { ...cluster.env, SEQUENCE_LAB_HOME: join(folder, home) },
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  const [code] = (await once(child, 'exit')) as [number | null];
  if (code !== 0) throw new Error(`sequence-lab sweep ${flags.join(' ')} ended with exit code ${code}.`);
  return { seconds: (performance.now() - before) / 1000, processor: (await processorSeconds()) - worked };
}

function report(name: string, { seconds, processor }: Measured, whose: string): void {
  const perHour = Math.round((3600 * trials) / seconds);
  console.log(
    `${name}: ${seconds.toFixed(1)} s, ${perHour} trials per hour, ${(processor / trials).toFixed(2)} s of processor time per trial ${whose}`,
  );
}

/** Prints the times between the steps of a trial: submission, start, end, line in the plan. */
async function reportDelays(home: string): Promise<void> {
  const sweeps = join(folder, home, 'sweeps');
  const [id = ''] = await readdir(sweeps);
  const plan = (await readFile(join(sweeps, id, 'plan.jsonl'), 'utf8')).trim().split('\n');
  const noticed = plan.map((line) => JSON.parse(line) as PlanEvent).filter((each) => each.event === 'ended');
  const ends = new Map(noticed.map(({ trial, at }) => [trial, Date.parse(at)]));
  const slurm = join(sweeps, id, 'slurm');
  const firstStarts: number[] = [];
  const delays: number[] = [];
  for (const batch of (await readdir(slurm)).filter((name) => name.startsWith('batch-'))) {
    const submitted = (await stat(join(slurm, batch, 'script.sh'))).mtimeMs;
    firstStarts.push((await stat(join(slurm, batch, 'job'))).mtimeMs - submitted);
    for (const name of (await readdir(join(slurm, batch))).filter((each) => each.startsWith('task-'))) {
      // The last line of a journal is the end of its last trial.
      const path = join(slurm, batch, name);
      const last = /^end (\d+)-/m.exec((await readFile(path, 'utf8')).trim().split('\n').at(-1) ?? '')?.[1];
      const end = ends.get(Number(last));
      if (end !== undefined) delays.push(end - (await stat(path)).mtimeMs);
    }
  }
  console.log(
    `  from the script to the first start ${milliseconds(firstStarts)}; from the end of a task to the plan ${milliseconds(delays)}`,
  );
}

/** Prints the time of `squeue` while the queue is full of tasks that are held. */
async function reportPolling(): Promise<void> {
  const [name, count] = ['sequence-lab-held', Number(values.queued)];
  await cluster.command(
    'sbatch',
    '--hold',
    `--job-name=${name}`,
    `--array=0-${count - 1}`,
    '--output=/dev/null',
    '--wrap=true',
  );
  const client = new SlurmClient(cluster.env);
  const times: number[] = [];
  const before = await processorSeconds();
  for (let look = 0; look < Number(values.looks); look++) {
    const began = performance.now();
    if ((await client.queued([name]))?.length !== count) throw new Error('squeue does not list all tasks.');
    times.push(performance.now() - began);
  }
  const processor = (await processorSeconds()) - before;
  console.log(
    `squeue with ${count} tasks: ${milliseconds(times)}, ${((1000 * processor) / times.length).toFixed(0)} ms of processor time of squeue and the controller`,
  );
}

/** Median and maximum. */
function milliseconds(numbers: readonly number[]): string {
  return `${Math.round(median(numbers))} ms (at most ${Math.round(Math.max(...numbers))} ms)`;
}
