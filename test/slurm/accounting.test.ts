import assert from 'node:assert/strict';
import { writeFile } from 'node:fs/promises';
import { userInfo } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { clusterOfTests } from '../harness/slurmCluster.ts';
import { until } from '../harness/until.ts';
import { itemNames, QueueWork } from './queueWork.ts';

/** Tasks of an array, at most. */
const LARGEST_ARRAY = 5;

describe('a queue on a Slurm cluster with accounting and limits', function () {
  this.timeout(300_000);
  const cluster = clusterOfTests({
    nodes: 2,
    accounting: true,
    settings: {
      AccountingStorageEnforce: 'limits',
      MaxArraySize: LARGEST_ARRAY + 1,
      // Ended jobs leave the queue after two seconds, so that only the accounting knows them.
      MinJobAge: 2,
      SelectTypeParameters: 'CR_Core_Memory',
      JobAcctGatherType: 'jobacct_gather/linux',
      JobAcctGatherFrequency: 'task=1',
      JobAcctGatherParams: 'OverMemoryKill',
    },
  });
  let work: QueueWork;

  beforeEach(async () => {
    work = await QueueWork.create(cluster().env, 'sequence-lab-accounts-');
  });

  afterEach(async () => {
    await limitJobs(-1);
    await work.remove();
  });

  /** Sets how many jobs the user may have; -1 for no limit. */
  const limitJobs = async (count: number) =>
    cluster().command(
      'sacctmgr',
      '--immediate',
      'modify',
      'user',
      userInfo().username,
      'set',
      `MaxSubmitJobs=${count}`,
    );

  it('submits several arrays where one would be too large', async () => {
    const items = itemNames(12);
    const queue = await work.open({ steps: 1, pause: 0 }, { mem: '50M' });
    queue.add(items);
    const seen = await work.follow(queue);
    await work.assertEndedOnce(items, seen);
    assert.equal(await work.batches(), Math.ceil(items.length / LARGEST_ARRAY));
  });

  it('submits as many jobs as the account may have', async () => {
    await limitJobs(3);
    const items = itemNames(8);
    // No task ends before the limit is reached.
    const gate = join(work.folder, 'gate');
    const setup = [`until [ -e ${gate} ]; do sleep 0.2; done`];
    const queue = await work.open({ steps: 1, pause: 0 }, { mem: '50M', itemsPerTask: 2, setup });
    queue.add(items);
    const first = await queue.poll(performance.now());
    assert.notEqual(first.limit, undefined);
    await writeFile(gate, '');
    // The clock of the test is ahead, so that it does not wait.
    let now = performance.now();
    const seen = new Map<string, number>();
    for (const { item, code } of first.ended) seen.set(item, code);
    for (let isDone = false; !isDone; await sleep(200)) {
      now += 10_000;
      const report = await queue.poll(now);
      for (const { item, code } of report.ended) seen.set(item, code);
      assert.deepEqual(report.dropped, []);
      isDone = report.isDone;
    }
    assert.deepEqual([...seen].sort(), items.map((item) => [item, 0]).sort());
    assert.deepEqual([...(await work.ends())].sort(), items.map((item) => [item, 1]).sort());
  });

  it('says which item has used up the memory, and goes on with the others', async () => {
    const items = ['a', 'eater', 'b'];
    const queue = await work.open({ steps: 2, pause: 0.2 }, { mem: '80M', itemsPerTask: 3 });
    queue.add(items);
    const seen = await work.follow(queue);
    assert.deepEqual(seen.dropped, [{ item: 'eater', cause: 'outOfMemory' }]);
    assert.deepEqual([...seen.ended].sort(), [
      ['a', [0]],
      ['b', [0]],
    ]);
    assert.deepEqual(seen.again, [{ item: 'b', cause: 'interrupted' }]);
  });

  it('tries an item whose process is killed again, a bounded number of times', async () => {
    const queue = await work.open({ steps: 1, pause: 0, code: 137 }, { mem: '50M' });
    queue.add(['a']);
    const seen = await work.follow(queue);
    assert.deepEqual(seen.dropped, [{ item: 'a', cause: 'killed' }]);
    assert.deepEqual([...new Set(seen.again.map(({ cause }) => cause))], ['killed']);
    assert.equal((await work.ends()).get('a'), seen.again.length + 1);
  });

  it('knows from the accounting what has become of tasks that have left the queue', async () => {
    const queue = await work.open({ steps: 1000, pause: 0.2 }, { mem: '50M' });
    queue.add(['a', 'b']);
    await queue.poll(performance.now());
    await until('both run', async () => (await work.hasBegun('a')) && (await work.hasBegun('b')));
    await cluster().command('scancel', `--user=${userInfo().username}`);
    await until(
      'the queue is empty',
      async () => (await cluster().command('squeue', '--noheader', '--states=all')) === '',
    );
    const seen = await work.follow(queue);
    assert.deepEqual(seen.again, []);
    assert.deepEqual(seen.dropped.map(({ item, cause }) => `${item} ${cause}`).sort(), ['a cancelled', 'b cancelled']);
  });

  it('says why the account does not allow a job', async () => {
    for (const options of [{ account: 'none' }, { mem: '900G' }, { constraint: 'none' }, { gpus: '1' }]) {
      const queue = await work.open({ steps: 1, pause: 0 }, options);
      queue.add(['a']);
      await assert.rejects(queue.poll(performance.now()), { name: 'UnusableError' });
      assert.equal(await work.batches(), 0);
    }
  });
});
