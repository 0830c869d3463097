import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parseRunConfig } from '../../src/config/parse.ts';
import type { RunConfigInput } from '../../src/config/schema.ts';
import type { StartRequest } from '../../src/protocol/trainer.ts';
import { BrowserWorkers } from '../harness/browserWorkers.ts';
import { temporaryFolder } from '../unit/runs/temporary.ts';
import { rhyme, train } from '../unit/worker/fixture.ts';
import type { TrainCall, TrainedRun } from './trainRun.ts';

const STEPS = 30;

/** The default language model, on one thread, with a number of steps. */
function starting(home: string, steps: number, config: RunConfigInput = {}): StartRequest {
  return {
    config: parseRunConfig({
      backend: 'wasm',
      threads: 1,
      ...config,
      training: { steps, checkpointEvery: 10, validateEvery: 10, patience: 0 },
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
