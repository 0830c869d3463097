import assert from 'node:assert/strict';
import { backends } from '../../../src/backends/registry.ts';
import { type BackendHome, BackendProcess, BackendThread, type RemoteCalculator } from './backendThread.ts';
import { SAMPLE, WHOLE } from './demand.ts';
import { testGoldenRatio } from './goldenSuite.ts';
import { testLayers } from './layerSuite.ts';
import { testModels } from './modelSuite.ts';
import { testProjections } from './projectionSuite.ts';
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

    it('keeps the numbers of a tensor apart from those of others, whoever has made them', async () => {
      const { made, reshaped, later } = await thread.calculator.outlive();
      assert.deepEqual(
        made,
        Array.from({ length: 12 }, (_, index) => 1 + index),
      );
      assert.deepEqual([reshaped, later], [made, made]);
    });

    testModels(calculator, demand);
    testSequences(calculator, demand);
    testGoldenRatio(calculator, demand);
    testLayers(calculator, demand);
    testProjections(calculator, demand);
  });
}

/** Kernels that a backend has besides those that it takes by itself here. */
interface Variant {
  readonly title: string;
  readonly home: () => BackendHome;
  /** @returns why it cannot be used here */
  readonly load: (calculator: RemoteCalculator) => Promise<string | undefined>;
  readonly test: (calculator: () => RemoteCalculator) => void;
}

const variants: readonly Variant[] = [
  {
    title: 'backend webgpu, where states have no room in shared memory',
    home: () => new BackendProcess(),
    async load(calculator) {
      const reason = await calculator.load('webgpu');
      if (reason === undefined) await calculator.stepwise();
      return reason;
    },
    test: (calculator) => testSequences(calculator, SAMPLE),
  },
  {
    title: 'backend tensorflow, in its own ops, as on a GPU',
    home: () => new BackendThread(),
    async load(calculator) {
      const reason = await calculator.load('tensorflow');
      if (reason === undefined) await calculator.nativeOps();
      return reason;
    },
    test: (calculator) => {
      testModels(calculator, WHOLE);
      testSequences(calculator, WHOLE);
      testLayers(calculator, WHOLE);
    },
  },
];

for (const { title, home: create, load, test } of variants) {
  describe(title, function () {
    this.timeout(120_000);
    let home: BackendHome;
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
