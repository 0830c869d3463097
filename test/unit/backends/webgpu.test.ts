import assert from 'node:assert/strict';
import { checkInProcess } from '../../../src/cli/bench/checkInProcess.ts';
import { backendNamed } from '../../../src/backends/registry.ts';
import { modelSchema } from '../../../src/config/schema.ts';
import { measureStep } from '../../../src/worker/measure.ts';
import type { StepShape } from '../../../src/worker/stepShape.ts';
import { cellKinds, randomSequence } from '../../oracle/cells.ts';
import { Random } from '../../oracle/random.ts';
import { BackendProcess } from '../gradients/backendThread.ts';
import { temporaryFolder } from '../runs/temporary.ts';
import { SAMPLE } from '../gradients/requirements.ts';
import { sequenceCall } from '../gradients/sequenceCall.ts';
import { say } from '../../../src/phrases/phrase.ts';

describe('WebGPU backend', function () {
  this.timeout(180_000);
  const home = temporaryFolder();
  let process: BackendProcess;

  beforeEach(async function () {
    process = new BackendProcess();
    const reason = await process.calculator.load('webgpu');
    if (reason === undefined) return;
    if (this.currentTest) this.currentTest.title += ` (skipped: ${reason})`;
    this.skip();
  });

  afterEach(() => process.stop());

  it('reports its device, and whether it is a software adapter', async () => {
    const device = await process.calculator.deviceOf('webgpu');
    assert.match(device, /\w/);
    assert.equal(device.includes('SwiftShader'), device.endsWith('(software)'));
  });

  it('matches the reference in each kernel', async () => {
    const { checks } = await checkInProcess({
      check: 'webgpu',
      units: 20,
      environment: { home: '', tensorflowPath: '', ownProcess: true },
    });
    assert.ok(checks.length > 30);
    for (const { kernel, error } of checks) assert.ok(error <= SAMPLE.tolerance, `${kernel}: ${error}`);
  });

  it('is not timed for "auto" if it is a software adapter', async function () {
    const device = await process.calculator.deviceOf('webgpu');
    if (!device.endsWith('(software)')) this.skip();
    const shape: StepShape = {
      task: 'language-model',
      model: modelSchema.parse({ units: 8 }),
      inputs: 20,
      timeSteps: 5,
      batchSize: 2,
    };
    const measured = await measureStep(backendNamed('webgpu'), shape, { home: '', tensorflowPath: '' }, 30_000);
    assert.deepEqual(Object.keys(measured), ['reason']);
  });

  it('requires a separate process', async () => {
    await assert.rejects(backendNamed('webgpu').load({ home: '', tensorflowPath: '', ownProcess: false }), {
      name: 'BackendUnavailableError',
    });
  });

  for (const manner of ['whole', 'stepwise']) {
    it(`has a program for the forward and backward pass of every cell: ${manner}`, async () => {
      if (manner === 'stepwise') await process.calculator.disableSharedMemory();
      const shape = { timeSteps: 2, batchSize: 1, units: 3, inputs: 2, masked: false, reverse: false, oneHot: false };
      for (const kind of Object.values(cellKinds))
        await process.calculator.sequence(sequenceCall(randomSequence(new Random(5), kind, shape)));
      const programs = (await process.calculator.programs()).filter((name) => /^(Lstm|Gru|Rnn)/.test(name));
      const cells = ['Lstm', 'GruResetBefore', 'GruResetAfter', 'Rnn linear', 'Rnn relu', 'Rnn tanh'];
      assert.equal(programs.length, 2 * cells.length);
      for (const cell of cells) {
        const [name, activation = ''] = cell.split(' ');
        for (const direction of [`${name} ${activation}`, `${name}Grad ${activation}`]) {
          assert.ok(
            programs.some(
              (program) =>
                program.startsWith(direction.trim() + ' 3 false') &&
                program.includes('stepwise') === (manner === 'stepwise'),
            ),
            direction,
          );
        }
      }
    });
  }

  it('rejects every pending read with an explanation if the device is lost', async () => {
    for (const heard of await process.calculator.loseGpu()) {
      assert.match(heard, /^GpuLostError: .*\(.+\)/);
    }
  });

  it('ends a run with the reason if the GPU is lost, and the run resumes on another backend', async () => {
    const { reason, record, memory, resumed } = await process.calculator.loseGpuInRun(home());
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
