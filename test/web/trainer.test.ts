import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parseRunConfig } from '../../src/config/parse.ts';
import type { RunConfigInput } from '../../src/config/schema.ts';
import type { StartRequest } from '../../src/protocol/trainer.ts';
import { Generator } from '../../src/random/generator.ts';
import type { StorageQuota } from '../../src/platform/system.ts';
import { BrowserWorkers } from '../harness/browserWorkers.ts';
import { temporaryFolder } from '../unit/runs/temporary.ts';
import { rhyme, train } from '../unit/worker/fixture.ts';
import type { StoreCalls } from './storeCalls.ts';
import type { TrainCall, TrainedRun } from './trainRun.ts';

const STEPS = 30;
/** Runs whose worker is ended twice. */
const KILLS = 2;

/** The default language model, on one thread, with a number of steps. */
function starting(home: string, steps: number, config: RunConfigInput = {}, checkpointEvery = 10): StartRequest {
  return {
    config: parseRunConfig({
      backend: 'wasm',
      threads: 1,
      ...config,
      training: { steps, checkpointEvery, validateEvery: 10, patience: 0 },
      sampling: { every: 0 },
    }),
    source: { kind: 'text', text: rhyme.repeat(10), name: 'rhyme.txt' },
    backends: { home, tensorflowPath: '', wideSimd: false },
  };
}

const HOME = '/.sequence-lab';

describe('a trainer in a worker of Chromium', function () {
  this.timeout(300_000);
  const folder = temporaryFolder();
  let workers: BrowserWorkers;
  let trainRun: (call: TrainCall) => Promise<TrainedRun>;

  before(async () => {
    workers = await BrowserWorkers.open();
    trainRun = await workers.program<TrainCall, TrainedRun>('test/web/trainRun.ts');
  });
  after(async () => {
    await workers?.[Symbol.asyncDispose]();
  });

  /** Hashes of the files of a model that Node has trained. */
  async function hashes(run: string): Promise<Record<string, string>> {
    const names = (await readdir(join(run, 'model'))).sort();
    const hash = async (name: string) =>
      createHash('sha256')
        .update(await readFile(join(run, 'model', name)))
        .digest('hex');
    return Object.fromEntries(await Promise.all(names.map(async (name) => [name, await hash(name)] as const)));
  }

  it('trains the default language model to the weights of Node, bit for bit', async () => {
    const here = await train(starting(folder(), STEPS));
    const there = await trainRun({ start: starting(HOME, STEPS) });
    assert.equal(there.steps, STEPS);
    assert.equal(there.backend?.simd, here.events.of('start')[0]?.backend?.simd);
    assert.deepEqual(there.files, await hashes(here.folder));
  });

  it('goes on bit for bit, at once, after its worker was ended while it wrote checkpoints', async () => {
    const random = Generator.forPurpose(1, 'kills');
    const request = starting(HOME, STEPS, {}, 1);
    const whole = await trainRun({ start: request });
    for (let kill = 0; kill < KILLS; kill++) {
      const moment = () => ({ endAt: 1 + (random.nextWord() % (STEPS / 2)), endAfter: random.nextWord() % 60 });
      const { folder } = await trainRun({ start: request, ...moment() });
      const resume = { folder, changes: {}, backends: request.backends };
      await trainRun({ resume, ...moment(), endAt: STEPS / 2 });
      const resumed = await trainRun({ resume });
      assert.equal(resumed.steps, STEPS);
      assert.deepEqual(resumed.files, whole.files);
    }
  });

  it('ends with the cause when the storage is full, and goes on bit for bit when there is space', async () => {
    const store = await (await workers.workers<StoreCalls, readonly [StorageQuota]>('test/web/storeCalls.ts'))();
    const used = async () => (await store.call([['quota']]))[0].used;
    const request = starting(HOME, STEPS);
    const before = await used();
    const whole = await trainRun({ start: request });
    const after = await used();
    await workers.limitStorage(after + Math.round(0.7 * (after - before)));
    let full: TrainedRun;
    try {
      full = await trainRun({ start: request });
    } finally {
      await workers.limitStorage();
    }
    assert.match(full.failure ?? '', /"Free space\.\.\."/);
    assert.ok(full.steps < STEPS);
    const resumed = await trainRun({ resume: { folder: full.folder, changes: {}, backends: request.backends } });
    assert.equal(resumed.failure, undefined);
    assert.deepEqual(resumed.files, whole.files);
    await store.end();
  });

  it('goes on bit for bit after its page was reloaded', async () => {
    const whole = await trainRun({ start: starting(HOME, STEPS) });
    const left = await trainRun({ start: starting(HOME, STEPS), endAt: 12 });
    await workers.reload();
    const resume = { folder: left.folder, changes: {}, backends: starting(HOME, STEPS).backends };
    const resumed = await trainRun({ resume });
    assert.equal(resumed.steps, STEPS);
    assert.deepEqual(resumed.files, whole.files);
  });
});
