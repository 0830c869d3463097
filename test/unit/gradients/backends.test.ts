import assert from 'node:assert/strict';
import { backends } from '../../../src/backends/registry.ts';
import { type BackendHost, BackendProcess, BackendThread, type RemoteCalculator } from './backendThread.ts';
import { SAMPLE, FULL } from './requirements.ts';
import { testGoldenRatio } from './goldenSuite.ts';
import { testLayers } from './layerSuite.ts';
import { testModels } from './modelSuite.ts';
import { testProjections } from './projectionSuite.ts';
import { testSequences } from './sequenceSuite.ts';

/** Compares every backend with the oracle and PyTorch, each in a separate thread or process. */
for (const { name: backend } of backends) {
  describe(`backend ${backend}`, function () {
    const requirements = backend === 'webgpu' ? SAMPLE : FULL;
    if (requirements === SAMPLE) this.timeout(120_000);
    let thread: BackendHost;
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

    it('keeps the values of each tensor separate from those of others', async () => {
      const { made, reshaped, later } = await thread.calculator.outlive();
      assert.deepEqual(
        made,
        Array.from({ length: 12 }, (_, index) => 1 + index),
      );
      assert.deepEqual([reshaped, later], [made, made]);
    });

    testModels(calculator, requirements);
    testSequences(calculator, requirements);
    testGoldenRatio(calculator, requirements);
    testLayers(calculator, requirements);
    testProjections(calculator, requirements);
  });
}

/** Kernels of a backend that it does not select on this machine. */
interface Variant {
  readonly title: string;
  readonly home: () => BackendHost;
  /** @returns the reason if it cannot be used here */
  readonly load: (calculator: RemoteCalculator) => Promise<string | undefined>;
  readonly test: (calculator: () => RemoteCalculator) => void;
}

const variants: readonly Variant[] = [
  {
    title: 'backend webgpu with states that exceed the shared memory',
    home: () => new BackendProcess(),
    async load(calculator) {
      const reason = await calculator.load('webgpu');
      if (reason === undefined) await calculator.disableSharedMemory();
      return reason;
    },
    test: (calculator) => testSequences(calculator, SAMPLE),
  },
  {
    title: 'backend tensorflow with TensorFlow ops, as on a GPU',
    home: () => new BackendThread(),
    async load(calculator) {
      const reason = await calculator.load('tensorflow');
      if (reason === undefined) await calculator.useTensorflowOps();
      return reason;
    },
    test: (calculator) => {
      testModels(calculator, FULL);
      testSequences(calculator, FULL);
      testLayers(calculator, FULL);
    },
  },
];

for (const { title, home: create, load, test } of variants) {
  describe(title, function () {
    this.timeout(120_000);
    let home: BackendHost;
    let reason: string | undefined;

    before(async () => {
      home = create();
      reason = await load(home.calculator);
    });

    after(() => home.stop());

    beforeEach(function () {
      if (reason === undefined) return;
      if (this.currentTest) this.currentTest.title += ` (skipped: ${reason})`;
      this.skip();
    });

    test(() => home.calculator);
  });
}
