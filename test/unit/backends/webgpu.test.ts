import assert from 'node:assert/strict';
import { backendNamed } from '../../../src/backends/registry.ts';
import { cellKinds, randomSequence } from '../../oracle/cells.ts';
import { Random } from '../../oracle/random.ts';
import { BackendProcess } from '../gradients/backendThread.ts';
import { sequenceCall } from '../gradients/sequenceCall.ts';

describe('the backend webgpu', function () {
  this.timeout(60_000);
  let process: BackendProcess;

  beforeEach(async function () {
    process = new BackendProcess();
    const reason = await process.calculator.load('webgpu');
    if (reason === undefined) return;
    if (this.currentTest) this.currentTest.title += ` (skipped: ${reason})`;
    this.skip();
  });

  afterEach(() => process.stop());

  it('names its device, and software as software', async () => {
    const device = await process.calculator.deviceOf('webgpu');
    assert.match(device, /\w/);
    assert.equal(device.includes('SwiftShader'), device.endsWith('(software)'));
  });

  it('is never taken by "auto", and not in a process that others live in', async () => {
    assert.equal(backendNamed('webgpu').byHand, true);
    await assert.rejects(backendNamed('webgpu').load({ home: '', tensorflowPath: '', ownProcess: false }), { name: 'BackendUnavailableError', message: /needs a trainer in a process of its own/ });
  });

  it('walks every cell, forward and back, in a program of ours', async () => {
    const shape = { timeSteps: 2, batchSize: 1, units: 3, inputs: 2, masked: false, reverse: false, oneHot: false };
    for (const kind of Object.values(cellKinds)) await process.calculator.sequence(sequenceCall(randomSequence(new Random(5), kind, shape)));
    const cells = ['Gru false', 'Gru true', 'GruGrad false', 'GruGrad true', 'Lstm', 'LstmGrad', ...['Rnn', 'RnnGrad'].flatMap((name) => ['linear', 'relu', 'tanh'].map((activation) => `${name} ${activation}`))];
    assert.deepEqual((await process.calculator.programs()).sort(), cells.map((cell) => `sequenceLab${cell} 3 false`).sort());
  });

  it('says that the device was lost, and how to go on, to all who wait for a number', async () => {
    for (const heard of await process.calculator.loseGpu()) {
      assert.match(heard, /GpuLostError: The GPU was lost \(.+\)\. The run can be resumed from its last checkpoint, on another backend too\./);
    }
  });
});
