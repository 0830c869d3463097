import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { SlurmClient } from '../../src/slurm/client.ts';
import { SlurmQueue } from '../../src/slurm/queue.ts';
import { clusterOfTests } from '../harness/slurmCluster.ts';
import { until } from '../harness/until.ts';
import { itemNames, QueueWork } from './queueWork.ts';

/** Milliseconds between two looks. */
const INTERVAL = 200;

describe('a queue on a Slurm cluster', function () {
  this.timeout(300_000);
  const cluster = clusterOfTests();
  let work: QueueWork;

  beforeEach(async () => {
    work = await QueueWork.create(cluster().env, "sequence lab's queue-");
  });

  afterEach(async () => work.remove());

  it('ends 100 items once each, with several items per task', async () => {
    const items = itemNames(100);
    const queue = await work.open({ steps: 1, pause: 0 }, { itemsPerTask: 3, atOnce: 5, mem: '100M', time: '2' });
    queue.add(items);
    await work.assertEndedOnce(items, await work.follow(queue));
  });

  it('reports the exit code of a command that fails, once', async () => {
    const queue = await work.open({ steps: 1, pause: 0, code: 2 });
    queue.add(['a', 'b']);
    const seen = await work.follow(queue);
    assert.deepEqual([...seen.ended].sort(), [
      ['a', [2]],
      ['b', [2]],
    ]);
    assert.deepEqual(seen.again, []);
  });

  it('goes on after a node is killed', async () => {
    const items = itemNames(8);
    const queue = await work.open({ steps: 10, pause: 0.5 }, { itemsPerTask: 2 });
    queue.add(items);
    const following = work.follow(queue);
    await until('the first item has begun', async () => work.hasBegun('trial-1', 2));
    const node = (await work.stepsOf('trial-1'))[0] ?? '';
    await cluster().killNode(node);
    const seen = await following;
    cluster().startNode(node);
    await work.assertEndedOnce(items, seen);
  });

  it('goes on after a task is requeued', async () => {
    const queue = await work.open({ steps: 6, pause: 0.5 });
    queue.add(['a']);
    const following = work.follow(queue);
    await until('the item has begun', async () => work.hasBegun('a'));
    const [job = ''] = (await cluster().command('squeue', '--noheader', '--format=%A')).trim().split('\n');
    await cluster().command('scontrol', 'requeue', job);
    await work.assertEndedOnce(['a'], await following);
  });

  it('goes on after the time limit', async () => {
    // One minute is the shortest limit of Slurm; it ends jobs at the next of its checks, in up to half a minute.
    const queue = await work.open({ steps: 80, pause: 1 }, { time: '1', secondsToStop: 20 });
    queue.add(['a']);
    const seen = await work.follow(queue);
    await work.assertEndedOnce(['a'], seen);
    const journal = await work.journals();
    assert.match(journal, /^stop a 130$/m);
    assert.match(journal, /^requeue /m);
  });

  for (const way of ['ended', 'killed'] as const)
    it(`goes on after the controller is ${way} and started again`, async () => {
      const items = itemNames(12);
      const queue = await work.open({ steps: 4, pause: 0.5 });
      queue.add(items);
      const following = work.follow(queue);
      await until('the first item has begun', async () => work.hasBegun('trial-1'));
      if (way === 'ended') await cluster().endController();
      else await cluster().killController();
      await sleep(1000);
      cluster().startController();
      await work.assertEndedOnce(items, await following);
    });

  it('goes on after the program that follows is killed at any moment', async () => {
    const items = itemNames(20);
    const program = join(import.meta.dirname, 'follower.ts');
    const start = () =>
      spawn(process.execPath, [program, work.folder, ...items], {
        env: cluster().env,
        stdio: ['ignore', 'ignore', 'inherit'],
      });
    for (const delay of [300, 400, 500, 600, 800, 1200]) {
      const child = start();
      const exit = once(child, 'exit');
      await Promise.race([exit, sleep(delay)]);
      child.kill('SIGKILL');
      await exit;
    }
    const [code] = (await once(start(), 'exit')) as [number | null];
    assert.equal(code, 0);
    assert.deepEqual([...(await work.ends())].sort(), items.map((item) => [item, 1]).sort());
    assert.equal((await cluster().command('squeue', '--noheader')).trim(), '');
  });

  it('cancels, and can be continued', async () => {
    const items = itemNames(10);
    const queue = await work.open({ steps: 1000, pause: 0.2 });
    queue.add(items);
    await queue.poll(performance.now());
    await until('the first item has begun', async () => work.hasBegun('trial-1'));
    await queue.cancel();
    const seen = await work.follow(queue);
    assert.deepEqual([...seen.dropped].map(({ item }) => item).sort(), [...items].sort());
    assert.deepEqual([...new Set(seen.dropped.map(({ cause }) => cause))], ['cancelled']);
    const next = await work.open({ steps: 1, pause: 0 });
    next.add(items);
    await work.assertEndedOnce(items, await work.follow(next));
  });

  it('tries an item that has failed again, while its array goes on', async () => {
    const failing = await work.open({ steps: 1, pause: 0, code: 3 }, { atOnce: 1 });
    failing.add(['a']);
    const first = await failing.poll(performance.now());
    assert.deepEqual(first.ended, []);
    // A program that follows is killed before it notes the end.
    await until('the item has ended', async () => (await work.ends()).has('a'));
    await sleep(INTERVAL);
    const next = await work.open({ steps: 1, pause: 0 });
    next.add(['a']);
    const seen = await work.follow(next);
    assert.deepEqual([...seen.ended], [['a', [0]]]);
    assert.equal((await work.ends()).get('a'), 2);
  });

  it('tells a program that follows that another one has canceled the jobs', async () => {
    const queue = await work.open({ steps: 1000, pause: 0.2 });
    queue.add(['a', 'b']);
    assert.equal((await queue.poll(performance.now())).isCancelled, false);
    await until('the first item has begun', async () => work.hasBegun('a'));
    await (await work.open({ steps: 1, pause: 0 })).cancel();
    assert.equal((await queue.poll(performance.now())).isCancelled, true);
    // Items of canceled jobs are tried again on request, at once.
    const next = await work.open({ steps: 1, pause: 0 });
    next.add(['a', 'b']);
    const seen = await work.follow(next);
    assert.deepEqual(
      [...seen.ended].sort(),
      ['a', 'b'].map((item) => [item, [0]]),
    );
    assert.deepEqual(seen.dropped, []);
  });

  it('drops items without their program', async () => {
    const queue = await SlurmQueue.open({
      folder: join(work.folder, 'queue'),
      command: ['/nowhere/node', 'cli.js'],
      options: {},
      client: new SlurmClient(cluster().env),
      settling: 1000,
    });
    queue.add(['a']);
    assert.deepEqual((await work.follow(queue)).dropped, [{ item: 'a', cause: 'noProgram' }]);
  });

  it('says which partitions exist', async () => {
    const queue = await work.open({ steps: 1, pause: 0 }, { partition: 'none' });
    queue.add(['a']);
    await assert.rejects(
      queue.poll(0),
      (error: Error) => error.name === 'UnusableError' && /main, short/.test(error.message),
    );
    // The item waits for other options.
    const next = await work.open({ steps: 1, pause: 0 }, { partition: 'short', time: '1' });
    next.add(['a']);
    await work.assertEndedOnce(['a'], await work.follow(next));
  });

  it('says that a task cannot start', async () => {
    const queue = await work.open({ steps: 1, pause: 0 }, { partition: 'short', time: '10' });
    queue.add(['a']);
    await until('it is blocked', async () => (await queue.poll(performance.now())).blocked.has('PartitionTimeLimit'));
  });

  it('goes on once a task that is held is released', async () => {
    const queue = await work.open({ steps: 1, pause: 0 }, { lines: ['--hold'] });
    queue.add(['a', 'b']);
    let job: string | undefined;
    await until('it is held', async () => {
      job = (await queue.poll(performance.now())).blocked.get('JobHeldUser');
      return job !== undefined;
    });
    await cluster().command('scontrol', 'release', job ?? '');
    await work.assertEndedOnce(['a', 'b'], await work.follow(queue));
  });

  it('drops items of jobs that scancel has ended, and of no others', async () => {
    const queue = await work.open({ steps: 1000, pause: 0.2 });
    const items = itemNames(10);
    queue.add(items);
    await queue.poll(performance.now());
    await until('a task runs', async () => work.hasBegun('trial-1'));
    // Of the running tasks, of one that waits, and of all others, which Slurm lists as one record.
    const [job = ''] = (await cluster().command('squeue', '--noheader', '--format=%F')).split('\n');
    await cluster().command('scancel', `${job}_0`);
    await cluster().command('scancel', `${job}_9`);
    const first = await work.follow(queue, ({ dropped }) => dropped.length === 2);
    assert.deepEqual(first.dropped.map(({ item }) => item).sort(), ['trial-1', 'trial-10']);
    await cluster().command('scancel', job);
    const seen = await work.follow(queue);
    assert.deepEqual(seen.dropped.map(({ item }) => item).sort(), items.slice(1, 9).sort());
    assert.deepEqual([...new Set([...first.dropped, ...seen.dropped].map(({ cause }) => cause))], ['cancelled']);
    assert.deepEqual([...first.again, ...seen.again], []);
  });

  it('goes on after urgent jobs have taken the nodes', async () => {
    for (const partition of ['main', 'polite']) {
      const items = itemNames(2).map((item) => `${item}-${partition}`);
      const queue = await work.open({ steps: 25, pause: 0.2 }, { partition });
      queue.add(items);
      const following = work.follow(queue);
      await until('the items have begun', async () =>
        (await Promise.all(items.map(async (item) => work.hasBegun(item)))).every(Boolean),
      );
      await cluster().command(
        'sbatch',
        '--partition=urgent',
        '--nodes=3',
        '--exclusive',
        '--output=/dev/null',
        '--wrap=sleep 1',
      );
      const seen = await following;
      assert.deepEqual(seen.dropped, []);
      assert.deepEqual([...seen.ended].sort(), items.map((item) => [item, [0]]).sort());
      const restarts = (await work.journals()).match(/^start /gm)?.length ?? 0;
      assert.ok(restarts > items.length, 'no task lost its node');
      await cluster().untilIdle();
    }
  });

  it('goes on however often a task loses its node in order', async () => {
    const queue = await work.open({ steps: 40, pause: 0.2 });
    queue.add(['a']);
    const following = work.follow(queue);
    for (let end = 1; end <= 7; end++) {
      await until('the item goes on', async () => ((await work.journals()).match(/^start a /gm)?.length ?? 0) === end);
      await until('it makes progress', async () => work.hasBegun('a', end));
      const running = await cluster().command('squeue', '--noheader', '--states=running', '--format=%i');
      // To the script only, as at the end of the time that a job has to leave a node.
      await cluster().command('scancel', '--batch', '--signal=TERM', running.trim());
    }
    const seen = await following;
    await work.assertEndedOnce(['a'], seen);
    assert.deepEqual(
      seen.again,
      Array.from({ length: 7 }, () => ({ item: 'a', cause: 'interrupted' })),
    );
  });

  it('works in a folder whose name has characters that Slurm replaces', async () => {
    const strange = await QueueWork.create(cluster().env, '100%a \\ "x" #ü-');
    try {
      const queue = await strange.open({ steps: 1, pause: 0, code: 4 });
      queue.add(['a']);
      const seen = await strange.follow(queue);
      assert.deepEqual([...seen.ended], [['a', [4]]]);
    } finally {
      await strange.remove();
    }
  });

  it('says that a node cannot write to the folder', async function () {
    const [node, ...others] = cluster().nodes;
    if (node === undefined || !(await cluster().restartWithout(node, work.folder))) this.skip();
    for (const other of others)
      await cluster().command('scontrol', 'update', `NodeName=${other}`, 'State=DRAIN', 'Reason=test');
    const queue = await work.open({ steps: 1, pause: 0 });
    queue.add(['a']);
    const seen = await work.follow(queue);
    await cluster().restartNode(node);
    assert.deepEqual(seen.dropped, [{ item: 'a', cause: 'noFolder' }]);
  });
});
