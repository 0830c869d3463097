import fc from 'fast-check';
import { assertAllClose, assertClose } from '../../oracle/compare.ts';
import { finiteDifferences } from '../../oracle/finiteDifferences.ts';
import { forward, forwardAndBackward } from '../../oracle/languageModel.ts';
import { Random, randomWeights, randomWindow } from '../../oracle/random.ts';
import { named } from '../../oracle/weights.ts';

const TOLERANCE = 1e-6;

const anyCase = fc.record({
  seed: fc.nat(),
  timeSteps: fc.integer({ min: 1, max: 5 }),
  batchSize: fc.integer({ min: 1, max: 3 }),
  vocabularySize: fc.integer({ min: 2, max: 6 }),
  embedding: fc.integer({ min: 0, max: 4 }),
  layers: fc.integer({ min: 1, max: 3 }),
  units: fc.integer({ min: 1, max: 5 }),
});

describe('the gradient oracle', () => {
  it('agrees with finite differences on every weight and on the initial states', () => {
    fc.assert(
      fc.property(anyCase, ({ seed, timeSteps, batchSize, ...shape }) => {
        const random = new Random(seed);
        const weights = randomWeights(random, shape);
        const window = randomWindow(random, shape, timeSteps, batchSize);
        const loss = (): number => forward(weights, window).loss;
        const { gradients, initialGradients } = forwardAndBackward(weights, window);

        const expected = new Map([...named(weights)].map(([name, tensor]) => [name, finiteDifferences(tensor, loss)]));
        assertAllClose(named(gradients), expected, TOLERANCE);
        initialGradients.forEach((gradient, layer) => {
          const state = window.initial[layer];
          if (!state) throw new RangeError(`Layer ${layer + 1} has no initial state.`);
          assertClose(`layer ${layer + 1} dL/dh_0`, gradient.hidden.values, finiteDifferences(state.hidden, loss).values, TOLERANCE);
          assertClose(`layer ${layer + 1} dL/dc_0`, gradient.cell.values, finiteDifferences(state.cell, loss).values, TOLERANCE);
        });
      }),
      { seed: 2015, numRuns: 12 },
    );
  });
});
