import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { SlurmClient } from '../../src/slurm/client.ts';
import type { SlurmOptions } from '../../src/slurm/options.ts';
import { type DiedItem, SlurmQueue } from '../../src/slurm/queue.ts';
import { clusterOfTests } from '../harness/slurmCluster.ts';
import { until } from '../harness/until.ts';

/**
 * Item of the tests, in bash: appends to `steps/ITEM` until it has the number of lines in `$STEPS`, one in each
 * `$PAUSE` seconds, and goes on with what it finds. It can be stopped at any time, such as a run with a checkpoint in
 * each step. At its end it appends a line to `ends/ITEM`.
 */
const WORKER = `#!/bin/bash
cd -- "$(dirname "$0")" || exit 1
trap 'exit 130' TERM
touch "steps/$1"
while [ "$(wc -l < "steps/$1")" -lt "$STEPS" ]; do
  sleep "$PAUSE" & wait $!
  echo "$SLURMD_NODENAME" >> "steps/$1"
done
echo "$SLURM_JOB_ID" >> "ends/$1"
exit "\${CODE:-0}"
`;

/** Milliseconds between two looks. */
const INTERVAL = 200;

interface Followed {
  readonly ended: Map<string, number[]>;
  readonly dropped: DiedItem[];
  readonly again: DiedItem[];
}

describe('a queue on a Slurm cluster', function () {
  this.timeout(300_000);
  const cluster = clusterOfTests();
  let folder: string;

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), "sequence lab's queue-"));
    await writeFile(join(folder, 'worker.sh'), WORKER);
    for (const name of ['steps', 'ends']) await mkdir(join(folder, name));
  });

  afterEach(async () => rm(folder, { recursive: true, force: true }));

  const open = async (work: { steps: number; pause: number; code?: number }, options: SlurmOptions = {}) =>
    SlurmQueue.open({
      folder: join(folder, 'queue'),
      command: [
        'env',
        `STEPS=${work.steps}`,
        `PAUSE=${work.pause}`,
        `CODE=${work.code ?? 0}`,
        'bash',
        join(folder, 'worker.sh'),
      ],
      options,
      client: new SlurmClient(cluster().env),
      settling: 1000,
    });

  const follow = async (queue: SlurmQueue, isEnough: (seen: Followed) => boolean = () => false): Promise<Followed> => {
    const seen: Followed = { ended: new Map(), dropped: [], again: [] };
    for (;;) {
      const report = await queue.poll(performance.now());
      for (const { item, code } of report.ended) seen.ended.set(item, [...(seen.ended.get(item) ?? []), code]);
      seen.dropped.push(...report.dropped);
      seen.again.push(...report.again);
      if (report.isDone || isEnough(seen)) {
        await queue.close();
        return seen;
      }
      await sleep(INTERVAL);
    }
  };

  const itemNames = (count: number) => Array.from({ length: count }, (_, index) => `trial-${index + 1}`);

  /** Number of times that each item reached its end. */
  const ends = async (): Promise<Map<string, number>> =>
    new Map(
      await Promise.all(
        (await readdir(join(folder, 'ends'))).map(
          async (name) =>
            [name, (await readFile(join(folder, 'ends', name), 'utf8')).trim().split('\n').length] as const,
        ),
      ),
    );

  const assertEndedOnce = async (items: readonly string[], seen: Followed) => {
    assert.deepEqual(seen.dropped, []);
    assert.deepEqual([...seen.ended].sort(), items.map((item) => [item, [0]]).sort());
    assert.deepEqual([...(await ends())].sort(), items.map((item) => [item, 1]).sort());
  };

  const hasBegun = async (item: string, steps = 1) =>
    (await readFile(join(folder, 'steps', item), 'utf8').catch(() => '')).split('\n').length > steps;

  it('ends 100 items once each, with several items per task', async () => {
    const items = itemNames(100);
    const queue = await open({ steps: 1, pause: 0 }, { itemsPerTask: 3, atOnce: 5, mem: '100M', time: '2' });
    queue.add(items);
    await assertEndedOnce(items, await follow(queue));
  });

  it('reports the exit code of a command that fails, once', async () => {
    const queue = await open({ steps: 1, pause: 0, code: 2 });
    queue.add(['a', 'b']);
    const seen = await follow(queue);
    assert.deepEqual([...seen.ended].sort(), [
      ['a', [2]],
      ['b', [2]],
    ]);
    assert.deepEqual(seen.again, []);
  });

  it('goes on after a node is killed', async () => {
    const items = itemNames(8);
    const queue = await open({ steps: 10, pause: 0.5 }, { itemsPerTask: 2 });
    queue.add(items);
    const following = follow(queue);
    await until('the first item has begun', async () => hasBegun('trial-1', 2));
    const node = (await readFile(join(folder, 'steps', 'trial-1'), 'utf8')).trim().split('\n')[0] ?? '';
    await cluster().killNode(node);
    const seen = await following;
    cluster().startNode(node);
    await assertEndedOnce(items, seen);
  });

  it('goes on after a task is requeued', async () => {
    const queue = await open({ steps: 6, pause: 0.5 });
    queue.add(['a']);
    const following = follow(queue);
    await until('the item has begun', async () => hasBegun('a'));
    const [job = ''] = (await cluster().command('squeue', '--noheader', '--format=%A')).trim().split('\n');
    await cluster().command('scontrol', 'requeue', job);
    await assertEndedOnce(['a'], await following);
  });

  it('goes on after the time limit', async () => {
    // One minute is the shortest limit of Slurm; it ends jobs at the next of its checks, in up to half a minute.
    const queue = await open({ steps: 80, pause: 1 }, { time: '1', secondsToStop: 20 });
    queue.add(['a']);
    const seen = await follow(queue);
    await assertEndedOnce(['a'], seen);
    const journal = await readFile(join(folder, 'queue', 'batch-1', 'task-0.txt'), 'utf8');
    assert.match(journal, /^stop a 130$/m);
    assert.match(journal, /^requeue /m);
  });

  for (const way of ['ended', 'killed'] as const)
    it(`goes on after the controller is ${way} and started again`, async () => {
      const items = itemNames(12);
      const queue = await open({ steps: 4, pause: 0.5 });
      queue.add(items);
      const following = follow(queue);
      await until('the first item has begun', async () => hasBegun('trial-1'));
      if (way === 'ended') await cluster().endController();
      else await cluster().killController();
      await sleep(1000);
      cluster().startController();
      await assertEndedOnce(items, await following);
    });

  it('goes on after the program that follows is killed at any moment', async () => {
    const items = itemNames(20);
    const program = join(import.meta.dirname, 'follower.ts');
    const start = () =>
      spawn(process.execPath, [program, folder, ...items], {
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
    assert.deepEqual([...(await ends())].sort(), items.map((item) => [item, 1]).sort());
    assert.equal((await cluster().command('squeue', '--noheader')).trim(), '');
  });

  it('cancels, and can be continued', async () => {
    const items = itemNames(10);
    const queue = await open({ steps: 1000, pause: 0.2 });
    queue.add(items);
    await queue.poll(performance.now());
    await until('the first item has begun', async () => hasBegun('trial-1'));
    await queue.cancel();
    const seen = await follow(queue);
    assert.deepEqual([...seen.dropped].map(({ item }) => item).sort(), [...items].sort());
    assert.deepEqual([...new Set(seen.dropped.map(({ cause }) => cause))], ['cancelled']);
    const next = await open({ steps: 1, pause: 0 });
    next.add(items);
    await assertEndedOnce(items, await follow(next));
  });

  it('tries an item that has failed again, while its array goes on', async () => {
    const failing = await open({ steps: 1, pause: 0, code: 3 }, { atOnce: 1 });
    failing.add(['a']);
    const first = await failing.poll(performance.now());
    assert.deepEqual(first.ended, []);
    // A program that follows is killed before it notes the end.
    await until('the item has ended', async () => (await ends()).has('a'));
    await sleep(INTERVAL);
    const next = await open({ steps: 1, pause: 0 });
    next.add(['a']);
    const seen = await follow(next);
    assert.deepEqual([...seen.ended], [['a', [0]]]);
    assert.equal((await ends()).get('a'), 2);
  });

  it('tells a program that follows that another one has canceled the jobs', async () => {
    const queue = await open({ steps: 1000, pause: 0.2 });
    queue.add(['a', 'b']);
    assert.equal((await queue.poll(performance.now())).isCancelled, false);
    await until('the first item has begun', async () => hasBegun('a'));
    await (await open({ steps: 1, pause: 0 })).cancel();
    assert.equal((await queue.poll(performance.now())).isCancelled, true);
    // Items of canceled jobs are tried again on request, at once.
    const next = await open({ steps: 1, pause: 0 });
    next.add(['a', 'b']);
    const seen = await follow(next);
    assert.deepEqual(
      [...seen.ended].sort(),
      ['a', 'b'].map((item) => [item, [0]]),
    );
    assert.deepEqual(seen.dropped, []);
  });

  it('drops items without their program', async () => {
    const queue = await SlurmQueue.open({
      folder: join(folder, 'queue'),
      command: ['/nowhere/node', 'cli.js'],
      options: {},
      client: new SlurmClient(cluster().env),
      settling: 1000,
    });
    queue.add(['a']);
    assert.deepEqual((await follow(queue)).dropped, [{ item: 'a', cause: 'noProgram' }]);
  });

  it('says which partitions exist', async () => {
    const queue = await open({ steps: 1, pause: 0 }, { partition: 'none' });
    queue.add(['a']);
    await assert.rejects(
      queue.poll(0),
      (error: Error) => error.name === 'UnusableError' && /main, short/.test(error.message),
    );
    // The item waits for other options.
    const next = await open({ steps: 1, pause: 0 }, { partition: 'short', time: '1' });
    next.add(['a']);
    await assertEndedOnce(['a'], await follow(next));
  });

  it('says that a task cannot start', async () => {
    const queue = await open({ steps: 1, pause: 0 }, { partition: 'short', time: '10' });
    queue.add(['a']);
    await until('it is blocked', async () => (await queue.poll(performance.now())).blocked.has('PartitionTimeLimit'));
  });
});
