import { backends } from '../../../src/backends/registry.ts';
import { type BackendHome, BackendProcess, BackendThread } from './backendThread.ts';
import { SAMPLE, WHOLE } from './demand.ts';
import { testGoldenRatio } from './goldenSuite.ts';
import { testLayers } from './layerSuite.ts';
import { testModels } from './modelSuite.ts';
import { testSequences } from './sequenceSuite.ts';

/** Every backend against the oracle and PyTorch, each in a thread or a process of its own. */
for (const { name: backend } of backends) {
  describe(`backend ${backend}`, function () {
    const demand = backend === 'webgpu' ? SAMPLE : WHOLE;
    if (demand === SAMPLE) this.timeout(120_000);
    let thread: BackendHome;
    let reason: string | undefined;

    before(async () => {
      thread = backend === 'webgpu' ? new BackendProcess() : new BackendThread();
      reason = await thread.calculator.load(backend);
    });

    after(() => thread.stop());

    beforeEach(function () {
      if (reason === undefined) return;
      if (this.currentTest) this.currentTest.title += ` (skipped: ${reason})`;
      this.skip();
    });

    const calculator = () => thread.calculator;
    testModels(calculator, demand);
    testSequences(calculator, demand);
    testGoldenRatio(calculator, demand);
    testLayers(calculator, demand);
  });
}

describe('backend webgpu, where states have no room in shared memory', function () {
  this.timeout(120_000);
  let home: BackendHome;
  let reason: string | undefined;

  before(async () => {
    home = new BackendProcess();
    reason = await home.calculator.load('webgpu');
    if (reason === undefined) await home.calculator.stepwise();
  });

  after(() => home.stop());

  beforeEach(function () {
    if (reason === undefined) return;
    if (this.currentTest) this.currentTest.title += ` (skipped: ${reason})`;
    this.skip();
  });

  testSequences(() => home.calculator, SAMPLE);
});
