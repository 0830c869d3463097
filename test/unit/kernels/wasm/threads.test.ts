import assert from 'node:assert/strict';
import { Worker } from 'node:worker_threads';
import { once } from 'node:events';

/** Enough for every kernel to be divided among the threads, in sizes that do not divide evenly. */
const SIZES = { T: 24, B: 13, H: 66, V: 37 };
const STEPS = 12;

/** Losses of a short training in a thread of its own. */
async function losses(threads: number, wideSimd: boolean): Promise<number[]> {
  const worker = new Worker(new URL('trainingWorker.ts', import.meta.url), { workerData: { ...SIZES, steps: STEPS, threads, wideSimd } });
  const [result] = (await once(worker, 'message')) as [number[]];
  await worker.terminate();
  return result;
}

describe('training on the kernels', () => {
  let alone: number[];
  before(async () => {
    alone = await losses(1, false);
    assert.equal(alone.length, STEPS);
    assert.ok((alone.at(-1) as number) < (alone[0] as number), 'it does not learn');
  });

  for (const threads of [2, 4]) {
    it(`gives the same losses to rounding on ${threads} threads, and the same bits twice`, async () => {
      const first = await losses(threads, false);
      first.forEach((loss, step) => assert.ok(Math.abs(loss / (alone[step] as number) - 1) < 1e-5));
      assert.deepEqual(await losses(threads, false), first);
    });
  }

  it('gives the same losses to rounding with wide vectors', async () => {
    (await losses(2, true)).forEach((loss, step) => assert.ok(Math.abs(loss / (alone[step] as number) - 1) < 1e-5));
  });
});
