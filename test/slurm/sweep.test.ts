import assert from 'node:assert/strict';
import { once } from 'node:events';
import { mkdir, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { clusterOfTests } from '../harness/slurmCluster.ts';
import { until } from '../harness/until.ts';
import { exitCode, sweepOf, sweepWorkOfTests } from './sweepWork.ts';

const RATES = [0.001, 0.003, 0.01, 0.03];

describe('a sweep on a Slurm cluster', function () {
  this.timeout(300_000);
  const cluster = clusterOfTests();
  const work = sweepWorkOfTests(cluster);

  const queue = async () => (await cluster().command('squeue', '--noheader')).trim();

  it('trains each trial once, bit for bit as on this machine', async () => {
    await work().write(sweepOf(60, RATES));
    assert.equal(await work().run('here', '--workers', '1'), 0);
    assert.equal(await work().run('cluster', '--slurm', '--time', '5', '--trials-per-task', '2'), 0);
    await work().assertEndedOnce('cluster', 4);
    assert.deepEqual(await work().results('cluster', 4), await work().results('here', 4));
  });

  it('goes on after the command and a node are killed', async () => {
    await work().write(sweepOf(1000, RATES));
    await mkdir(join(work().folder, 'cluster'), { recursive: true });
    const first = work().start('cluster', '--slurm');
    const checkpoint = async () =>
      (await readdir(join(work().folder, 'cluster', 'runs'), { recursive: true })).some((name) =>
        /tensors\.bin$/.test(name),
      );
    await until('a trial has a checkpoint', checkpoint);
    first.kill('SIGKILL');
    await once(first, 'exit');
    const nodes = (await cluster().command('squeue', '--noheader', '--states=running', '--format=%N'))
      .trim()
      .split('\n');
    const node = nodes[0] ?? '';
    await cluster().killNode(node);
    await sleep(1000);
    assert.equal(await work().run('cluster', '--slurm', '--resume'), 0);
    cluster().startNode(node);
    await work().assertEndedOnce('cluster', 4);
    assert.equal(await work().run('here', '--workers', '2'), 0);
    assert.deepEqual(await work().results('cluster', 4), await work().results('here', 4));
  });

  it('leaves the jobs when it is interrupted, and cancels them', async () => {
    await work().write(sweepOf(1_000_000, [0.001, 0.003]));
    const first = work().start('cluster', '--slurm');
    await until('the jobs run', async () => (await queue()) !== '');
    first.kill('SIGINT');
    assert.equal(await exitCode(first), 130);
    assert.notEqual(await queue(), '');
    assert.equal(await work().run('cluster', '--cancel'), 0);
    await until('no job is left', async () => (await queue()) === '');
  });

  it('marks no trial as failed if Slurm refuses the jobs', async () => {
    await work().write(sweepOf(20, [0.001, 0.003]));
    assert.equal(await work().run('cluster', '--slurm', '--partition', 'none'), 2);
    assert.equal(await work().run('cluster', '--slurm', '--resume'), 0);
    await work().assertEndedOnce('cluster', 2);
  });
});
