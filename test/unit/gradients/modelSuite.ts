import assert from 'node:assert/strict';
import fc from 'fast-check';
import { cellKinds } from '../../oracle/cells.ts';
import { assertAllClose, assertClose } from '../../oracle/compare.ts';
import { forwardAndBackward } from '../../oracle/languageModel.ts';
import type { Window } from '../../oracle/languageModel.ts';
import { elementwise, type Matrix, zerosLike } from '../../oracle/matrix.ts';
import { Random, randomWeights, randomWindow } from '../../oracle/random.ts';
import { zeroState } from '../../oracle/recurrent.ts';
import { matrices, storedModel, storedStates } from '../../oracle/storedTensors.ts';
import type { StoredModel } from '../../oracle/storedTensors.ts';
import { assertStepsClose, firstWindow, readFixtures, trainingTitle, weightsOf } from '../../oracle/torchFixture.ts';
import type { TorchFixture, TorchTraining } from '../../oracle/torchFixture.ts';
import { named } from '../../oracle/weights.ts';
import type { ModelWeights } from '../../oracle/weights.ts';
import type { RemoteCalculator } from './backendThread.ts';
import type { Requirements } from './requirements.ts';
import { sizes } from './sizes.ts';
import { assertNames } from '../../harness/facts.ts';

const fixtures = readFixtures();

const models = fc.record({
  ...sizes,
  kind: fc.constantFrom(...Object.values(cellKinds)),
  vocabularySize: fc.integer({ min: 2, max: 12 }),
  embedding: fc.integer({ min: 0, max: 7 }),
  layers: fc.integer({ min: 1, max: 3 }),
});
type Expected = Pick<TorchFixture, 'loss' | 'gradients' | 'final'>;

/** Loss, final states and all gradients of one window. */
async function assertWindowAgrees(
  calculator: RemoteCalculator,
  model: StoredModel,
  { ids, targets, initial }: Window,
  expected: Expected,
  tolerance: number,
): Promise<void> {
  const window = {
    inputs: Int32Array.from(ids.flat()),
    targets: Int32Array.from(targets.flat()),
    timeSteps: ids.length,
    batch: ids[0]?.length ?? 0,
  };
  const actual = await calculator.lossAndGradients(model, window, storedStates(initial));
  assertClose('loss', [actual.loss], [expected.loss], tolerance);
  assertAllClose(matrices(actual.gradients), expected.gradients, tolerance);
  assertAllClose(matrices(actual.final), matrices(storedStates(expected.final)), tolerance);
}

/**
 * Mean loss of a sequence and its truncated gradient: each part is a window whose initial state is a constant. The parts
 * are counted from the end.
 */
function truncatedOracle(
  weights: ModelWeights,
  { ids, targets, initial }: Window,
  truncation: number,
): { loss: number; gradients: Map<string, Matrix> } {
  const gradients = new Map([...named(weights)].map(([name, weight]) => [name, zerosLike(weight)]));
  let loss = 0;
  let state = initial;
  const steps = ids.length;
  for (let from = 0; from < steps;) {
    const to = from + ((steps - from) % truncation || truncation);
    const part = forwardAndBackward(weights, {
      ids: ids.slice(from, to),
      targets: targets.slice(from, to),
      initial: state,
    });
    const share = (to - from) / steps;
    loss += share * part.loss;
    for (const [name, gradient] of named(part.gradients))
      gradients.set(
        name,
        elementwise((sum, value) => sum + share * value, gradients.get(name)!, gradient),
      );
    state = part.final;
    from = to;
  }
  return { loss, gradients };
}

function modelOf({ shape, weights }: TorchFixture): StoredModel {
  return storedModel(shape, weightsOf(shape, weights));
}

/** Epoch of a fixture: PyTorch's losses, norms, and final weights and states. */
async function assertTrainingAgrees(
  calculator: RemoteCalculator,
  fixture: TorchFixture,
  expected: TorchTraining,
  tolerance: number,
): Promise<void> {
  const { steps, tensors } = await calculator.train(modelOf(fixture), fixture.text, fixture.shape, expected.settings);
  assertStepsClose(steps, expected, tolerance);
  assertClose(
    'clipped norms',
    steps.map((step) => step.clippedGradientNorm),
    expected.clippedNorms,
    tolerance,
  );
  const after = [...matrices(tensors)].filter(([name]) => !/^(adam|sgd)\//.test(name));
  assertAllClose(new Map(after), new Map([...expected.weights, ...matrices(storedStates(expected.final))]), tolerance);
}

/** Tests of language models: loss, gradients and training. */
export function testModels(calculator: () => RemoteCalculator, { tolerance, cases, trained }: Requirements): void {
  it('agrees with the oracle on the loss and all gradients of random models', async () => {
    const check = fc.asyncProperty(models, async ({ seed, timeSteps, batchSize, ...shape }) => {
      const random = new Random(seed);
      const weights = randomWeights(random, shape);
      const window = randomWindow(random, shape, timeSteps, batchSize);
      const { loss, gradients, final } = forwardAndBackward(weights, window);
      const expected = { loss, gradients: named(gradients), final };
      await assertWindowAgrees(calculator(), storedModel(shape, weights), window, expected, tolerance);
    });
    await fc.assert(check, { seed: 2013, numRuns: Math.min(cases, 40) });
  });

  it('cuts the gradient within a sequence like the oracle does between windows', async () => {
    const cut = fc.record({ shape: models, truncation: fc.integer({ min: 1, max: 12 }) });
    const check = fc.asyncProperty(cut, async ({ shape: { seed, timeSteps, batchSize, ...shape }, truncation }) => {
      const random = new Random(seed);
      const weights = randomWeights(random, shape);
      const window = randomWindow(random, shape, timeSteps, batchSize);
      const initial = window.initial.map(zeroState);
      const { loss, gradients } = truncatedOracle(weights, { ...window, initial }, truncation);
      const sequences = {
        inputs: Int32Array.from(window.ids.flat()),
        targets: Int32Array.from(window.targets.flat()),
        timeSteps,
        batch: batchSize,
      };
      const actual = await calculator().truncatedGradients(storedModel(shape, weights), sequences, truncation);
      assertClose('loss', [actual.loss], [loss], tolerance);
      assertAllClose(matrices(actual.gradients), gradients, tolerance);
      assert.equal(actual.leaked, 0);
    });
    await fc.assert(check, { seed: 1990, numRuns: Math.min(cases, 25) });
  });

  it('leaks no tensors during training', async () => {
    const sgd = { optimizer: 'sgd', momentum: 0.9, learningRate: 0.01, clipNorm: 1, clipValue: 0.1 } as const;
    const adam = {
      optimizer: 'adamw',
      momentum: 0,
      weightDecay: 0.1,
      learningRate: 0.01,
      clipNorm: 1,
      clipValue: 0,
    } as const;
    for (const { fixture } of fixtures.slice(-trained)) {
      for (const settings of [sgd, adam]) {
        const { tensorsInMemory } = await calculator().train(modelOf(fixture), fixture.text, fixture.shape, settings);
        assert.deepEqual(
          tensorsInMemory,
          tensorsInMemory.map(() => tensorsInMemory[0]),
        );
      }
    }
  });

  for (const optimizer of ['adam', 'adamw', 'sgd'] as const) {
    it(`changes nothing if the loss is NaN: ${optimizer}`, async () => {
      for (const { fixture } of fixtures.slice(-trained)) {
        const { reason, before, after } = await calculator().diverge(modelOf(fixture), fixture.text, fixture.shape, {
          optimizer,
          momentum: 0.9,
          weightDecay: 0.1,
        });
        assertNames(reason, 'DivergenceError', 'NaN');
        assert.deepEqual(after, before);
      }
    });
  }

  for (const [index, { name, fixture }] of fixtures.entries()) {
    it(`agrees with PyTorch on the loss and all gradients of ${name}`, async () => {
      await assertWindowAgrees(calculator(), modelOf(fixture), firstWindow(fixture), fixture, tolerance);
    });

    for (const training of index < fixtures.length - trained ? [] : fixture.training) {
      it(`agrees with PyTorch on the training of ${name}, ${trainingTitle(training)}`, async () => {
        await assertTrainingAgrees(calculator(), fixture, training, tolerance);
      });
    }
  }
}
