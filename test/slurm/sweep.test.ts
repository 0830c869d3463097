import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { commandLine } from '../../scripts/lib/product.ts';
import { readMetrics } from '../../src/runs/metricsLog.ts';
import { readPlan } from '../../src/sweeps/plan/planFile.ts';
import { withoutEndings } from '../fixtures/withoutEndings.ts';
import { clusterOfTests } from '../harness/slurmCluster.ts';
import { until } from '../harness/until.ts';

/** Trials of a sweep, at most as many as `values`. */
const sweepOf = (steps: number, rates: readonly number[]) => ({
  base: {
    task: { name: 'adding', validationSequences: 20 },
    data: { sequenceLength: 10 },
    backend: 'wasm',
    threads: 1,
    model: { units: 8 },
    training: { steps, batchSize: 4, validateEvery: 20, checkpointEvery: 5, patience: 0 },
    probes: { every: 0 },
  },
  fields: { 'training.learningRate': { values: rates } },
  method: { name: 'grid' },
});

/** Values that differ from one run to the next. */
const TIMES: ReadonlySet<string> = new Set(['seconds', 'itemsPerSecond']);

describe('a sweep on a Slurm cluster', function () {
  this.timeout(300_000);
  const cluster = clusterOfTests();
  let folder: string;

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'sequence-lab-slurm-sweep-'));
  });

  afterEach(async () => rm(folder, { recursive: true, force: true }));

  /** Starts `sequence-lab sweep` with a home folder. */
  const start = (home: string, ...flags: readonly string[]): ChildProcess =>
    spawn(process.execPath, [commandLine, 'sweep', join(folder, 'rates.sequence-lab-sweep.json'), ...flags], {
      env: { ...cluster().env, SEQUENCE_LAB_HOME: join(folder, home) },
      stdio: ['ignore', 'ignore', 'inherit'],
    });

  const exitCode = async (child: ChildProcess): Promise<unknown> => ((await once(child, 'exit')) as unknown[])[0];

  const write = async (sweep: object) =>
    writeFile(join(folder, 'rates.sequence-lab-sweep.json'), JSON.stringify(sweep));

  /** What each trial leaves, without times, in the order of the trials. */
  const results = async (home: string): Promise<unknown[]> => {
    const runs = join(folder, home, 'runs');
    return Promise.all(
      (await readdir(runs)).sort().map(async (run) => {
        const files: Record<string, string> = {};
        for (const name of (await readdir(join(runs, run), { recursive: true })).sort())
          if (/^model.[^/\\]+$|tensors\.bin$/.test(name)) files[name] = await readFile(join(runs, run, name), 'latin1');
        assert.ok(Object.keys(files).length > 0);
        const metrics = withoutEndings(await readMetrics(join(runs, run)));
        return {
          files,
          metrics: JSON.parse(
            JSON.stringify(metrics, (key, value: unknown) => (TIMES.has(key) ? 0 : value)),
          ) as unknown,
        };
      }),
    );
  };

  /** Number of lines in the plan that say that a trial has ended, by trial. */
  const ends = async (home: string): Promise<Record<number, number>> => {
    const sweeps = join(folder, home, 'sweeps');
    const [sweep = ''] = await readdir(sweeps);
    const lines = (await readFile(join(sweeps, sweep, 'plan.jsonl'), 'utf8')).split('\n').slice(0, -1);
    const counts: Record<number, number> = {};
    for (const line of lines) {
      const { event, trial = 0 } = JSON.parse(line) as { event: string; trial?: number };
      if (event === 'ended') counts[trial] = (counts[trial] ?? 0) + 1;
    }
    const plan = await readPlan(join(sweeps, sweep));
    assert.ok(
      plan?.trials.every(({ status, results: [result] }) => status === 'ended' && result?.reason === 'completed'),
    );
    return counts;
  };

  const eachOnce = (count: number) => Object.fromEntries(Array.from({ length: count }, (_, index) => [index + 1, 1]));

  it('trains each trial once, bit for bit as on this machine', async () => {
    await write(sweepOf(60, [0.001, 0.003, 0.01, 0.03]));
    assert.equal(await exitCode(start('here', '--workers', '1')), 0);
    assert.equal(await exitCode(start('cluster', '--slurm', '--time', '5', '--trials-per-task', '2')), 0);
    assert.deepEqual(await ends('cluster'), eachOnce(4));
    assert.deepEqual(await results('cluster'), await results('here'));
  });

  it('goes on after the command and a node are killed', async () => {
    await write(sweepOf(1000, [0.001, 0.003, 0.01, 0.03]));
    await mkdir(join(folder, 'cluster'), { recursive: true });
    const first = start('cluster', '--slurm');
    const checkpoint = async () =>
      (await readdir(join(folder, 'cluster', 'runs'), { recursive: true })).some((name) => /tensors\.bin$/.test(name));
    await until('a trial has a checkpoint', checkpoint);
    first.kill('SIGKILL');
    await once(first, 'exit');
    const nodes = (await cluster().command('squeue', '--noheader', '--states=running', '--format=%N'))
      .trim()
      .split('\n');
    const node = nodes[0] ?? '';
    await cluster().killNode(node);
    await sleep(1000);
    assert.equal(await exitCode(start('cluster', '--slurm', '--resume')), 0);
    cluster().startNode(node);
    assert.deepEqual(await ends('cluster'), eachOnce(4));
    assert.equal(await exitCode(start('here', '--workers', '2')), 0);
    assert.deepEqual(await results('cluster'), await results('here'));
  });

  it('leaves the jobs when it is interrupted, and cancels them', async () => {
    await write(sweepOf(1_000_000, [0.001, 0.003]));
    const first = start('cluster', '--slurm');
    const queue = async () => (await cluster().command('squeue', '--noheader')).trim();
    await until('the jobs run', async () => (await queue()) !== '');
    first.kill('SIGINT');
    assert.equal(await exitCode(first), 130);
    assert.notEqual(await queue(), '');
    assert.equal(await exitCode(start('cluster', '--cancel')), 0);
    await until('no job is left', async () => (await queue()) === '');
  });

  it('marks no trial as failed if Slurm refuses the jobs', async () => {
    await write(sweepOf(20, [0.001, 0.003]));
    assert.equal(await exitCode(start('cluster', '--slurm', '--partition', 'none')), 2);
    assert.equal(await exitCode(start('cluster', '--slurm', '--resume')), 0);
    assert.deepEqual(await ends('cluster'), eachOnce(2));
  });
});
