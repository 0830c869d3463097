import assert from 'node:assert/strict';
import { assertAllClose, assertClose, relativeError } from '../../oracle/compare.ts';
import { forwardAndBackward } from '../../oracle/languageModel.ts';
import { partsOf, readLayerFixtures, stackOf, statesOf, weightsOnDisk } from '../../oracle/layerFixture.ts';
import { stack } from '../../oracle/matrix.ts';
import type { Matrix } from '../../oracle/matrix.ts';
import { normsOf } from '../../oracle/norms.ts';
import type { State } from '../../oracle/recurrent.ts';
import { runStack } from '../../oracle/recurrentStack.ts';
import { assertStepsClose, firstWindow, readFixtures, trainingTitle, weightsOf } from '../../oracle/torchFixture.ts';
import { train } from '../../oracle/train.ts';
import { named } from '../../oracle/weights.ts';
import { cut, zeroStates } from '../../oracle/windows.ts';

/** Relative difference of PyTorch between single and double precision. */
const TOLERANCE = { float64: 1e-6, float32: 1e-5 };

function assertStatesClose(
  name: string,
  actual: readonly State[],
  expected: readonly State[],
  tolerance: number,
): void {
  assert.deepEqual(
    actual.map(({ length }) => length),
    expected.map(({ length }) => length),
    `${name}: parts`,
  );
  assertClose(name, stack(actual.flat()), stack(expected.flat()), tolerance);
}

describe('the gradient oracle agrees with PyTorch', () => {
  const fixtures = readFixtures();

  it('on every cell, one-hot and embedded inputs, one layer and several, in both precisions', () => {
    const kinds = new Set(
      fixtures.map(({ fixture: { shape, precision } }) =>
        [...Object.values(shape.kind), precision, shape.embedding > 0 ? 'embedding' : 'one-hot', shape.layers].join(
          ' ',
        ),
      ),
    );
    assert.deepEqual([...kinds].sort(), [
      'gru true float64 embedding 2',
      'lstm float32 embedding 2',
      'lstm float64 embedding 1',
      'lstm float64 embedding 2',
      'lstm float64 one-hot 1',
      'lstm float64 one-hot 2',
      'rnn relu float64 embedding 1',
      'rnn tanh float64 one-hot 2',
    ]);
  });

  for (const { name, fixture } of fixtures) {
    const tolerance = TOLERANCE[fixture.precision];

    it(`${name}: loss, logits, states and all gradients of a window`, () => {
      const result = forwardAndBackward(weightsOf(fixture.shape, fixture.weights), firstWindow(fixture));
      assertClose('loss', [result.loss], [fixture.loss], tolerance);
      assertClose('logits', stack(result.logits), fixture.logits, tolerance);
      assertStatesClose('final state', result.final, fixture.final, tolerance);
      assertAllClose(named(result.gradients), fixture.gradients, tolerance);
      assertStatesClose('gradient of the initial state', result.initialGradients, fixture.initialGradients, tolerance);
      assert.equal(result.stateGradients.length, fixture.stateGradients.length);
      fixture.stateGradients.forEach((expected, layer) => {
        const steps = result.stateGradients[layer] ?? [];
        assertClose(`layer ${layer + 1} dL/dh_t`, stack(steps.map(([hidden]) => hidden)), expected.hidden, tolerance);
        assertClose(
          `layer ${layer + 1} dL/dc_t`,
          stack(steps.flatMap(([, cell]) => cell ?? [])),
          expected.cell ?? [],
          tolerance,
        );
      });
    });

    for (const expected of fixture.training) {
      it(`${name}: ${expected.losses.length} steps of ${trainingTitle(expected)}`, () => {
        const weights = weightsOf(fixture.shape, fixture.weights);
        const { timeSteps, batchSize } = fixture.shape;
        const windows = cut(fixture.text, timeSteps, batchSize);
        const { steps, final } = train(weights, windows, zeroStates(fixture.shape, batchSize), expected.settings);
        assertStepsClose(steps, expected, tolerance);
        assertAllClose(named(weights), expected.weights, tolerance);
        assertStatesClose('final state', final, expected.final, tolerance);
      });
    }

    it(`${name}: changes the weights by clipping by more than any tolerance`, () => {
      const [free, clipped] = fixture.training;
      assert.ok(free && clipped, 'the fixture trains without and with clipping');
      for (const [tensor, { values }] of free.weights) {
        const difference = relativeError(clipped.weights.get(tensor)?.values ?? [], values);
        assert.ok(difference > 1e-4, `${tensor} differs by ${difference} only`);
      }
    });
  }
});

describe('the oracle of recurrent layers agrees with PyTorch', () => {
  for (const { name, fixture } of readLayerFixtures()) {
    const tolerance = TOLERANCE[fixture.precision];

    it(`${name}: outputs, final states, all gradients and their norms at every step`, () => {
      const run = runStack(stackOf(fixture), fixture.x, statesOf(fixture, fixture.initial), fixture.lengths);
      const gradients = run.back(fixture.byOutput, statesOf(fixture, fixture.byFinal));
      assertClose('output', stack(run.outputs), stack(fixture.output), tolerance);
      assertAllClose(partsOf(run.final), fixture.final, tolerance);
      assertAllClose(weightsOnDisk(fixture, gradients.weights), fixture.gradients.weights, tolerance);
      assertClose('gradient of x', stack(gradients.inputs), stack(fixture.gradients.x), tolerance);
      assertAllClose(partsOf(gradients.initial), fixture.gradients.initial, tolerance);
      const norms = [...gradients.states].map(([direction, states]): [string, Matrix] => [direction, normsOf(states)]);
      assertAllClose(new Map(norms), fixture.norms, tolerance);
    });
  }
});
