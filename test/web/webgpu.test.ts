import assert from 'node:assert/strict';
import { say } from '../../src/phrases/phrase.ts';
import { prepareOrSkip } from '../harness/prepareOrSkip.ts';
import { BrowserBackend } from '../harness/browserBackend.ts';
import { BrowserWorkers } from '../harness/browserWorkers.ts';
import { testGoldenRatio } from '../unit/gradients/goldenSuite.ts';
import { testLayers } from '../unit/gradients/layerSuite.ts';
import { testModels } from '../unit/gradients/modelSuite.ts';
import { testProjections } from '../unit/gradients/projectionSuite.ts';
import { SAMPLE } from '../unit/gradients/requirements.ts';
import { testSequences } from '../unit/gradients/sequenceSuite.ts';

describe('backend webgpu in a worker of Chromium', function () {
  this.timeout(300_000);
  let workers: BrowserWorkers;

  before(async function () {
    workers = await prepareOrSkip(this, () => BrowserWorkers.open({ webgpu: true }));
  });
  after(async () => {
    await workers?.[Symbol.asyncDispose]();
  });

  /** A worker with the backend. */
  async function start(): Promise<BrowserBackend> {
    const started = await BrowserBackend.start(workers);
    assert.equal(await started.calculator.load('webgpu'), undefined);
    return started;
  }

  describe('on its arrays', () => {
    let backend: BrowserBackend;
    before(async () => {
      backend = await start();
    });
    after(() => backend?.stop());
    const calculator = () => backend.calculator;

    it('reports its device, which is a software adapter', async () => {
      assert.match(await calculator().deviceOf('webgpu'), /swiftshader \(software\)$/);
    });

    it('keeps the values of each tensor separate from those of others', async () => {
      const { made, reshaped, later } = await calculator().outlive();
      assert.deepEqual(
        made,
        Array.from({ length: 12 }, (_, index) => 1 + index),
      );
      assert.deepEqual([reshaped, later], [made, made]);
    });

    testModels(calculator, SAMPLE);
    testSequences(calculator, SAMPLE);
    testGoldenRatio(calculator, SAMPLE);
    testLayers(calculator, SAMPLE);
    testProjections(calculator, SAMPLE);
  });

  describe('with states that exceed the shared memory', () => {
    let backend: BrowserBackend;
    before(async () => {
      backend = await start();
      await backend.calculator.disableSharedMemory();
    });
    after(() => backend?.stop());

    testSequences(() => backend.calculator, SAMPLE);
  });

  describe('when its GPU is lost', () => {
    let backend: BrowserBackend;
    beforeEach(async () => {
      backend = await start();
    });
    afterEach(() => backend?.stop());

    it('rejects every pending read with an explanation', async () => {
      const outcomes = await backend.calculator.loseGpu();
      assert.equal(outcomes.length, 2);
      for (const outcome of outcomes) assert.match(outcome, /^GpuLostError: .*\(.+\)/);
    });

    it('ends a run with the reason, and the run resumes on another backend', async () => {
      const { reason, record, memory, resumed } = await backend.calculator.loseGpuInRun('/.sequence-lab');
      assert.match(reason, /^GpuLostError: .*\(.+\)/);
      assert.deepEqual([record.state, record.backend.name, record.progress.step], ['failed', 'webgpu', 10]);
      assert.equal(`GpuLostError: ${say(record.message ?? '')}`, reason);
      assert.ok(memory.length > 0 && memory.every((bytes) => bytes > 0));
      assert.deepEqual(resumed, {
        reason: 'completed',
        backend: 'wasm',
        steps: Array.from({ length: 20 }, (_, index) => 11 + index),
      });
    });
  });
});
