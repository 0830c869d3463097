import assert from 'node:assert/strict';
import { webWorkerOptions } from '../../scripts/lib/webPlatform.ts';
import type { RunConfigInput } from '../../src/config/schema.ts';
import { say } from '../../src/phrases/phrase.ts';
import type { StartRequest } from '../../src/protocol/trainer.ts';
import { BrowserBackend } from '../harness/browserBackend.ts';
import { BrowserWorkers } from '../harness/browserWorkers.ts';
import { prepareOrSkip } from '../harness/prepareOrSkip.ts';
import { SAMPLE } from '../unit/gradients/requirements.ts';
import { assertSameToRounding, testThreads } from '../unit/kernels/wasm/threadSuite.ts';
import type { TrainingTask } from '../unit/kernels/wasm/trainingLosses.ts';
import { request } from '../unit/worker/fixture.ts';
import type { Measurement } from '../../src/worker/measure.ts';
import type { TaskCall } from './firstAnswer.ts';
import type { TrainCall, TrainedRun } from './trainRun.ts';

const HOME = '/.sequence-lab';
type TrainRun = (call: TrainCall) => Promise<TrainedRun>;

/** A run of a small model. */
function starting(config: RunConfigInput): StartRequest {
  return request(HOME, config);
}

/** Losses of a run without gaps. */
function lossesOf({ losses }: TrainedRun): number[] {
  return losses.map((loss) => loss ?? NaN);
}

function assertWithin(tolerance: number, actual: readonly number[], expected: readonly number[]): void {
  assert.equal(actual.length, expected.length);
  actual.forEach((loss, index) => {
    const error = Math.abs(loss / expected[index]! - 1);
    assert.ok(error <= tolerance, `step ${index + 1}: off by ${error}`);
  });
}

/** Opens a browser before the tests, and closes it after them. */
function browserWith(options: { isolated?: boolean; webgpu?: boolean }) {
  let workers: BrowserWorkers;
  let trainRun: TrainRun;
  before(async function () {
    workers = await prepareOrSkip(this, () => BrowserWorkers.open(options));
    trainRun = await workers.program<TrainCall, TrainedRun>('test/web/trainRun.ts');
  });
  after(async () => {
    await workers?.[Symbol.asyncDispose]();
  });
  return {
    workers: () => workers,
    trainRun: async (call: TrainCall) => trainRun(call),
    /** Path of a variant of the trainer. */
    trainer: async (name: string) => workers.script(`test/web/trainers/${name}.ts`, webWorkerOptions),
  };
}

describe('a trainer in a browser with WebGPU', function () {
  this.timeout(300_000);
  const { workers, trainRun, trainer } = browserWith({ webgpu: true });
  const steps = { training: { steps: 10 } };

  it('trains on the GPU to the losses of the other backends', async () => {
    const [webgpu, wasm, reference] = [
      await trainRun({ start: starting({ ...steps, backend: 'webgpu' }) }),
      await trainRun({ start: starting({ ...steps, backend: 'wasm' }) }),
      await trainRun({ start: starting({ ...steps, backend: 'reference' }) }),
    ];
    assert.deepEqual(
      [webgpu, wasm, reference].map(({ backend }) => backend?.name),
      ['webgpu', 'wasm', 'reference'],
    );
    assertWithin(SAMPLE.tolerance, lossesOf(webgpu), lossesOf(wasm));
    assertWithin(SAMPLE.tolerance, lossesOf(webgpu), lossesOf(reference));
  });

  it('resumes a run of the GPU on it', async () => {
    const start = starting({ backend: 'webgpu', training: { steps: 20 } });
    const whole = await trainRun({ start });
    const left = await trainRun({ start, endAt: 12 });
    const resumed = await trainRun({ resume: { folder: left.folder, changes: {}, backends: start.backends } });
    assert.equal(resumed.backend?.name, 'webgpu');
    assertWithin(SAMPLE.tolerance, lossesOf(resumed), lossesOf(whole).slice(-resumed.losses.length));
  });

  it('does not choose a software adapter for "auto"', async () => {
    const { backend } = await trainRun({ start: starting({ ...steps, backend: 'auto' }) });
    const timed = Object.keys(backend?.milliseconds ?? {});
    assert.equal(backend?.name, 'wasm');
    assert.ok(timed.length > 0 && timed.every((name) => !name.startsWith('webgpu')), timed.join());
  });

  it('times a step on a GPU for "auto", but not on a software adapter', async () => {
    const answer = await workers().program<TaskCall, Measurement>('test/web/firstAnswer.ts');
    const shape = { task: 'language-model', model: { units: 8 }, inputs: 20, timeSteps: 5, batchSize: 2 };
    const environment = { home: HOME, tensorflowPath: '', threads: 1, wideSimd: false, ownProcess: false };
    const task = { measure: 'webgpu', shape, environment };
    assert.deepEqual(Object.keys(await answer({ task })), ['reason']);
    assert.deepEqual(Object.keys(await answer({ task, script: await trainer('realGpu') })), ['milliseconds']);
  });

  it('lists its backends', async () => {
    const backend = await BrowserBackend.start(workers());
    const reports = await backend.calculator.backends();
    await backend.stop();
    assert.deepEqual(
      reports.filter(({ loads }) => loads).map(({ name }) => name),
      ['wasm', 'webgpu', 'reference'],
    );
  });
});

describe('a trainer in a browser without WebGPU', function () {
  this.timeout(300_000);
  const { workers, trainRun, trainer } = browserWith({});

  it('lists its backends, and why others are missing', async () => {
    const backend = await BrowserBackend.start(workers());
    const reports = await backend.calculator.backends();
    await backend.stop();
    assert.deepEqual(
      reports.map(({ name, loads }) => [name, loads]),
      [
        ['wasm', true],
        ['tensorflow', false],
        ['webgpu', false],
        ['reference', true],
      ],
    );
    for (const { loads, reason } of reports) assert.equal(loads, say(reason ?? '') === '');
  });

  it('trains on wasm when the GPU of the configuration is missing', async () => {
    const { backend, steps } = await trainRun({ start: starting({ backend: 'webgpu', training: { steps: 10 } }) });
    assert.deepEqual([backend?.name, steps], ['wasm', 10]);
  });

  it('has one thread, also if more are wanted', async () => {
    const { backend } = await trainRun({ start: starting({ backend: 'wasm', threads: 2, training: { steps: 10 } }) });
    assert.equal(backend?.threads, 1);
  });

  it('uses the relaxed build of the kernels, and the plain one where the engine refuses it', async () => {
    const start = starting({ backend: 'wasm' });
    const relaxed = await trainRun({ start });
    const plain = await trainRun({ start, script: await trainer('withoutRelaxed') });
    assert.deepEqual([relaxed.backend?.simd, plain.backend?.simd], ['relaxed', 'simd']);
    assertSameToRounding(lossesOf(plain), lossesOf(relaxed));
  });

  it('learns that its worker has ended by itself, and goes on bit for bit from the last checkpoint', async () => {
    const start = starting({ backend: 'wasm' });
    const script = await trainer('ending');
    const whole = await trainRun({ start });
    const lost = await trainRun({ start, endAt: 12, byItself: true, script });
    const resumed = await trainRun({ resume: { folder: lost.folder, changes: {}, backends: start.backends } });
    assert.equal(resumed.steps, whole.steps);
    assert.deepEqual(resumed.files, whole.files);
  });
});

describe('a trainer in a page that is isolated from other origins', function () {
  this.timeout(300_000);
  const { workers, trainRun } = browserWith({ isolated: true });

  it('trains on two threads, with the losses of one up to rounding', async () => {
    // Large enough that a job is worth two threads.
    const config = { backend: 'wasm', model: { units: 160 }, training: { batchSize: 32, steps: 10 } } as const;
    const one = await trainRun({ start: starting({ ...config, threads: 1 }) });
    const two = await trainRun({ start: starting({ ...config, threads: 2 }) });
    assert.deepEqual([one.backend?.threads, two.backend?.threads], [1, 2]);
    assertSameToRounding(lossesOf(two), lossesOf(one));
  });

  let losses: ((task: TrainingTask) => Promise<number[]>) | undefined;
  testThreads(
    async (task) => {
      losses ??= await workers().program<TrainingTask, number[]>('test/web/trainThreads.ts');
      return losses(task);
    },
    { wide: false },
  );
});
