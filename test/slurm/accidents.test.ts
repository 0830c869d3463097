import assert from 'node:assert/strict';
import { once } from 'node:events';
import fc from 'fast-check';
import { clusterOfTests } from '../harness/slurmCluster.ts';
import { until } from '../harness/until.ts';
import { exitCode, sweepOf, sweepWorkOfTests } from './sweepWork.ts';

/** Number of trials; `SEQUENCE_LAB_SLURM_TRIALS` for a long run. */
const TRIALS = Number(process.env['SEQUENCE_LAB_SLURM_TRIALS'] ?? 24);
const STEPS = 100;
/** Trials that are compared with the same trial on this machine. */
const COMPARED = 3;

const rates = Array.from({ length: TRIALS }, (_, index) => Number((0.0005 * 1.04 ** index).toPrecision(4)));

describe('a sweep on a Slurm cluster with accidents', function () {
  this.timeout(Math.max(300_000, 15_000 * TRIALS));
  const cluster = clusterOfTests();
  const work = sweepWorkOfTests(cluster);

  beforeEach(async () => {
    await work().write(sweepOf(STEPS, rates));
  });

  /** A task that runs: its job and its node; undefined if there is none. */
  const running = async () => {
    const tasks = await cluster().command('squeue', '--noheader', '--states=running', '--format=%A %N');
    const [job, node] = tasks.split('\n')[0]?.split(' ') ?? [];
    return job === undefined || node === undefined ? undefined : { job, node };
  };

  const requeueTask = async () => {
    await until('a running task is requeued', async () => {
      const task = await running();
      if (task === undefined) return false;
      // It may end at this moment.
      await cluster().command('scontrol', 'requeue', task.job);
      return true;
    });
  };

  const killNode = async () => {
    await until('a task runs', async () => (await running()) !== undefined);
    const { node } = (await running()) ?? { node: cluster().nodes[0] ?? '' };
    await cluster().killNode(node);
    cluster().startNode(node);
  };

  const restartController = async () => {
    await cluster().endController();
    cluster().startController();
  };

  /** Follows a sweep to its end, with an accident after each part of its trials. */
  const trainWith = async (accidents: readonly (() => Promise<void>)[], ...flags: readonly string[]) => {
    let child = work().start('cluster', '--slurm', ...flags);
    for (const [index, accident] of accidents.entries()) {
      const part = Math.floor((TRIALS * (index + 1)) / (accidents.length + 2));
      await until(`${part} trials have ended`, async () => (await work().ended('cluster')) >= part, 10_000 * TRIALS);
      child.kill('SIGKILL');
      await once(child, 'exit');
      await accident();
      child = work().start('cluster', '--slurm', '--resume', ...flags);
    }
    assert.equal(await exitCode(child), 0);
    await work().assertEndedOnce('cluster', TRIALS);
    assert.equal((await cluster().command('squeue', '--noheader')).trim(), '');
    const places = fc.uniqueArray(fc.nat(TRIALS - 1), { minLength: COMPARED, maxLength: COMPARED });
    for (const place of fc.sample(places, { numRuns: 1, seed: 21 })[0] ?? [])
      assert.deepEqual(await work().result('cluster', place + 1), await work().alone(rates[place] ?? 0, STEPS));
  };

  it('ends each trial once, bit for bit as alone', async () => {
    await trainWith([requeueTask, killNode, restartController]);
  });

  it('ends each trial once with several trials per task', async () => {
    await trainWith([killNode, requeueTask], '--trials-per-task', '4');
  });
});
