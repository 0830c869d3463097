import assert from 'node:assert/strict';
import { clusterOfTests } from '../harness/slurmCluster.ts';
import { QueueWork } from './queueWork.ts';

describe('a queue on a Slurm cluster that limits memory with control groups', function () {
  this.timeout(300_000);
  const cluster = clusterOfTests({ nodes: 1, controlGroups: true });
  let work: QueueWork;

  beforeEach(async () => {
    work = await QueueWork.create(cluster().env, 'sequence-lab-memory-');
  });

  afterEach(async () => work.remove());

  it('says which item has used up the memory of its task, and ends the others', async () => {
    const queue = await work.open({ steps: 2, pause: 0.2 }, { mem: '80M', itemsPerTask: 3 });
    queue.add(['a', 'eater', 'b']);
    const seen = await work.follow(queue);
    assert.deepEqual(seen.dropped, [{ item: 'eater', cause: 'outOfMemory' }]);
    assert.deepEqual([...seen.ended].sort(), [
      ['a', [0]],
      ['b', [0]],
    ]);
  });

  it('ends an item within the memory of its task', async () => {
    const queue = await work.open({ steps: 2, pause: 0.2 }, { mem: '80M' });
    queue.add(['a']);
    await work.assertEndedOnce(['a'], await work.follow(queue));
  });
});
