import assert from 'node:assert/strict';
import fc from 'fast-check';
import { backends } from '../../../src/backends/registry.ts';
import { assertAllClose, assertClose } from '../../oracle/compare.ts';
import { forwardAndBackward } from '../../oracle/languageModel.ts';
import type { Window } from '../../oracle/languageModel.ts';
import { lstmBackward, lstmForward } from '../../oracle/lstm.ts';
import type { LstmState } from '../../oracle/lstm.ts';
import { build, sideBySide, zerosLike } from '../../oracle/matrix.ts';
import { Random, randomLayer, randomWeights, randomWindow } from '../../oracle/random.ts';
import type { Matrix } from '../../oracle/matrix.ts';
import type { LayerCase } from '../../oracle/random.ts';
import { matrices, stored, storedModel, storedSequence, storedStates } from '../../oracle/storedTensors.ts';
import type { StoredModel } from '../../oracle/storedTensors.ts';
import { firstWindow, readFixtures, weightsOf } from '../../oracle/torchFixture.ts';
import type { TorchFixture, TorchTraining } from '../../oracle/torchFixture.ts';
import { named } from '../../oracle/weights.ts';
import { BackendThread } from './backendThread.ts';
import type { RemoteCalculator } from './backendThread.ts';

/** Backends compute in single precision. */
const TOLERANCE = 1e-4;

const fixtures = readFixtures();

/** Sizes that no vector width divides, and the smallest ones. */
const sizes = {
  seed: fc.nat(),
  timeSteps: fc.integer({ min: 1, max: 12 }),
  batchSize: fc.integer({ min: 1, max: 5 }),
  units: fc.integer({ min: 1, max: 13 }),
};
const models = fc.record({
  ...sizes,
  vocabularySize: fc.integer({ min: 2, max: 12 }),
  embedding: fc.integer({ min: 0, max: 7 }),
  layers: fc.integer({ min: 1, max: 3 }),
});
const layers = fc.record({ ...sizes, inputs: fc.integer({ min: 1, max: 9 }) });

type Expected = Pick<TorchFixture, 'loss' | 'gradients' | 'final'>;

/** Loss, final states and all gradients of one window. */
async function assertWindowAgrees(
  calculator: RemoteCalculator,
  model: StoredModel,
  { ids, targets, initial }: Window,
  expected: Expected,
): Promise<void> {
  const window = {
    inputs: Int32Array.from(ids.flat()),
    targets: Int32Array.from(targets.flat()),
    timeSteps: ids.length,
    batch: ids[0]?.length ?? 0,
  };
  const actual = await calculator.lossAndGradients(model, window, storedStates(initial));
  assertClose('loss', [actual.loss], [expected.loss], TOLERANCE);
  assertAllClose(matrices(actual.gradients), expected.gradients, TOLERANCE);
  assertAllClose(matrices(actual.final), matrices(storedStates(expected.final)), TOLERANCE);
}

/** The L2 norm of each row, a row of norms for each matrix. */
function normsOf(gradients: readonly Matrix[]): Matrix {
  return build(gradients.length, gradients[0]?.rows ?? 0, (step, b) => {
    const { columns = 0, values } = gradients[step] ?? {};
    return Math.hypot(...(values?.subarray(b * columns, (b + 1) * columns) ?? []));
  });
}

/** All outputs and gradients of the LSTM kernel, on a backend and by the oracle. */
async function assertKernelAgrees(calculator: RemoteCalculator, layer: LayerCase): Promise<void> {
  const { weights, inputs, initial } = layer;
  const lastCell = layer.direct.at(-1)?.cell ?? initial.cell;
  const direct = layer.direct.map(({ hidden, cell }, t, all) => ({ hidden, cell: t === all.length - 1 ? cell : zerosLike(cell) }));
  const hidden = (states: readonly LstmState[]) => states.map((state) => state.hidden);
  const cell = (states: readonly LstmState[]) => states.map((state) => state.cell);
  const actual = await calculator.lstm({
    x: storedSequence('x', inputs),
    kernel: stored('kernel', weights.kernel),
    recurrentKernel: stored('recurrentKernel', weights.recurrentKernel),
    bias: stored('bias', weights.bias),
    h0: stored('h0', initial.hidden),
    c0: stored('c0', initial.cell),
    dh: storedSequence('dh', hidden(direct)),
    dcLast: stored('dcLast', lastCell),
  });
  const steps = lstmForward(weights, inputs, initial);
  const gradients = lstmBackward(weights, steps, direct);
  const expected = [
    storedSequence('h', hidden(steps.map((step) => step.state))),
    storedSequence('c', cell(steps.map((step) => step.state))),
    storedSequence('gates', steps.map(({ gates }) => sideBySide(gates.i, gates.f, gates.c, gates.o))),
    stored('norms', normsOf([...hidden(gradients.states), ...cell(gradients.states)])),
    storedSequence('gradient of x', gradients.inputs),
    stored('gradient of kernel', gradients.weights.kernel),
    stored('gradient of recurrentKernel', gradients.weights.recurrentKernel),
    stored('gradient of bias', gradients.weights.bias),
    stored('gradient of h0', gradients.initial.hidden),
    stored('gradient of c0', gradients.initial.cell),
  ];
  assertAllClose(matrices(actual), matrices(expected), TOLERANCE);
}

function modelOf({ shape, weights }: TorchFixture): StoredModel {
  return storedModel(shape, weightsOf(shape, weights));
}

/** The epoch of a fixture: PyTorch's losses, norms, weights and states after it. */
async function assertTrainingAgrees(calculator: RemoteCalculator, fixture: TorchFixture, expected: TorchTraining): Promise<void> {
  const { clipNorm } = expected.settings;
  const { steps, tensors } = await calculator.train(modelOf(fixture), fixture.text, fixture.shape, expected.settings);
  const clippedNorms = expected.gradientNorms.map((norm) => (clipNorm > 0 ? Math.min(norm, clipNorm) : norm));
  assertClose('losses', steps.map((step) => step.loss), expected.losses, TOLERANCE);
  assertClose('gradient norms', steps.map((step) => step.gradNorm), expected.gradientNorms, TOLERANCE);
  assertClose('clipped norms', steps.map((step) => step.clippedNorm), clippedNorms, TOLERANCE);
  const after = [...matrices(tensors)].filter(([name]) => !name.startsWith('adam/'));
  assertAllClose(new Map(after), new Map([...expected.weights, ...matrices(storedStates(expected.final))]), TOLERANCE);
}

for (const { name: backend } of backends) {
  describe(`backend ${backend}`, () => {
    let thread: BackendThread;
    let reason: string | undefined;

    before(async () => {
      thread = new BackendThread();
      reason = await thread.calculator.load(backend);
    });

    after(() => thread.stop());

    beforeEach(function () {
      if (reason === undefined) return;
      if (this.currentTest) this.currentTest.title += ` (skipped: ${reason})`;
      this.skip();
    });

    it('agrees with the oracle on the loss and all gradients of random models', async () => {
      const check = fc.asyncProperty(models, async ({ seed, timeSteps, batchSize, ...shape }) => {
        const random = new Random(seed);
        const weights = randomWeights(random, shape);
        const window = randomWindow(random, shape, timeSteps, batchSize);
        const { loss, gradients, final } = forwardAndBackward(weights, window);
        const expected = { loss, gradients: named(gradients), final };
        await assertWindowAgrees(thread.calculator, storedModel(shape, weights), window, expected);
      });
      await fc.assert(check, { seed: 2013, numRuns: 20 });
    });

    it('agrees with the oracle on all outputs and gradients of the LSTM kernel', async () => {
      const check = fc.asyncProperty(layers, async ({ seed, ...shape }) => {
        await assertKernelAgrees(thread.calculator, randomLayer(new Random(seed), shape));
      });
      await fc.assert(check, { seed: 1997, numRuns: 20 });
    });

    it('leaves no tensors behind while it trains', async () => {
      for (const { fixture } of fixtures) {
        const settings = { learningRate: 0.01, clipNorm: 1 };
        const { tensorsInMemory } = await thread.calculator.train(modelOf(fixture), fixture.text, fixture.shape, settings);
        assert.deepEqual(tensorsInMemory, tensorsInMemory.map(() => tensorsInMemory[0]));
      }
    });

    for (const { name, fixture } of fixtures) {
      it(`agrees with PyTorch on the loss and all gradients of ${name}`, async () => {
        await assertWindowAgrees(thread.calculator, modelOf(fixture), firstWindow(fixture), fixture);
      });

      for (const training of fixture.training) {
        const { clipNorm } = training.settings;
        it(`agrees with PyTorch on the training of ${name}, ${clipNorm > 0 ? `clipped to ${clipNorm}` : 'not clipped'}`, async () => {
          await assertTrainingAgrees(thread.calculator, fixture, training);
        });
      }
    }
  });
}
