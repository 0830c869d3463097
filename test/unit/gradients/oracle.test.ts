import fc from 'fast-check';
import { assertAllClose } from '../../oracle/compare.ts';
import { finiteDifferences } from '../../oracle/finiteDifferences.ts';
import { forward, forwardAndBackward } from '../../oracle/languageModel.ts';
import { lstmBackward, lstmForward } from '../../oracle/lstm.ts';
import type { LstmState } from '../../oracle/lstm.ts';
import { dot, zip } from '../../oracle/matrix.ts';
import type { Matrix } from '../../oracle/matrix.ts';
import { Random, randomLayer, randomWeights, randomWindow } from '../../oracle/random.ts';
import { named } from '../../oracle/weights.ts';

const TOLERANCE = 1e-6;

function namedStates(name: string, states: readonly LstmState[]): [string, Matrix][] {
  return states.flatMap(({ hidden, cell }, index) => [
    [`${name} ${index + 1}, hidden`, hidden],
    [`${name} ${index + 1}, cell`, cell],
  ]);
}

function assertIsGradient(gradients: ReadonlyMap<string, Matrix>, of: ReadonlyMap<string, Matrix>, loss: () => number): void {
  const expected = new Map([...of].map(([name, tensor]) => [name, finiteDifferences(tensor, loss)]));
  assertAllClose(gradients, expected, TOLERANCE);
}

describe('the gradient oracle agrees with finite differences', () => {
  it('on every weight and initial state of a language model', () => {
    const shapes = fc.record({
      seed: fc.nat(),
      timeSteps: fc.integer({ min: 1, max: 5 }),
      batchSize: fc.integer({ min: 1, max: 3 }),
      vocabularySize: fc.integer({ min: 2, max: 6 }),
      embedding: fc.integer({ min: 0, max: 4 }),
      layers: fc.integer({ min: 1, max: 3 }),
      units: fc.integer({ min: 1, max: 5 }),
    });
    const check = fc.property(shapes, ({ seed, timeSteps, batchSize, ...shape }) => {
      const random = new Random(seed);
      const weights = randomWeights(random, shape);
      const window = randomWindow(random, shape, timeSteps, batchSize);
      const { gradients, initialGradients } = forwardAndBackward(weights, window);
      assertIsGradient(
        new Map([...named(gradients), ...namedStates('initial state of layer', initialGradients)]),
        new Map([...named(weights), ...namedStates('initial state of layer', window.initial)]),
        () => forward(weights, window).loss,
      );
    });
    fc.assert(check, { seed: 2015, numRuns: 12 });
  });

  it('on every input of one LSTM layer, for a loss that sees all hidden and cell states', () => {
    const shapes = fc.record({
      seed: fc.nat(),
      timeSteps: fc.integer({ min: 1, max: 6 }),
      batchSize: fc.integer({ min: 1, max: 3 }),
      inputs: fc.integer({ min: 1, max: 4 }),
      units: fc.integer({ min: 1, max: 5 }),
    });
    const check = fc.property(shapes, ({ seed, ...shape }) => {
      const { weights, inputs, initial, direct } = randomLayer(new Random(seed), shape);
      const gradients = lstmBackward(weights, lstmForward(weights, inputs, initial), direct);
      const tensors = (layer: typeof weights, x: readonly Matrix[], state: LstmState): Map<string, Matrix> =>
        new Map([
          ...Object.entries(layer),
          ...x.map((step, t): [string, Matrix] => [`input ${t}`, step]),
          ...namedStates('initial state', [state]),
        ]);
      assertIsGradient(
        tensors(gradients.weights, gradients.inputs, gradients.initial),
        tensors(weights, inputs, initial),
        () => {
          const steps = lstmForward(weights, inputs, initial);
          const losses = zip(steps, direct, ({ state }, by) => dot(state.hidden, by.hidden) + dot(state.cell, by.cell));
          return losses.reduce((total, loss) => total + loss, 0);
        },
      );
    });
    fc.assert(check, { seed: 1997, numRuns: 12 });
  });
});
