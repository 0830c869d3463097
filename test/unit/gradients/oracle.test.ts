import fc from 'fast-check';
import { cellKinds, randomSequence } from '../../oracle/cells.ts';
import { assertAllClose } from '../../oracle/compare.ts';
import { finiteDifferences } from '../../oracle/finiteDifferences.ts';
import { forward, forwardAndBackward } from '../../oracle/languageModel.ts';
import { dot, zip } from '../../oracle/matrix.ts';
import type { Matrix } from '../../oracle/matrix.ts';
import { Random, randomWeights, randomWindow } from '../../oracle/random.ts';
import { runBatch } from '../../oracle/recurrent.ts';
import type { CellWeights, State } from '../../oracle/recurrent.ts';
import { named } from '../../oracle/weights.ts';

const TOLERANCE = 1e-6;

/** Step small enough to rarely cross the kink of a ReLU. */
const STEP = 1e-4;

function namedStates(name: string, states: readonly State[]): [string, Matrix][] {
  return states.flatMap((state, index) =>
    state.map((part, place): [string, Matrix] => [`${name} ${index + 1}, ${'hc'[place]}`, part]),
  );
}

function assertIsGradient(
  gradients: ReadonlyMap<string, Matrix>,
  of: ReadonlyMap<string, Matrix>,
  loss: () => number,
): void {
  const expected = new Map([...of].map(([name, tensor]) => [name, finiteDifferences(tensor, loss, STEP)]));
  assertAllClose(gradients, expected, TOLERANCE);
}

function numbered(name: string, tensors: readonly Matrix[]): [string, Matrix][] {
  return tensors.map((tensor, index) => [`${name} ${index}`, tensor]);
}

/** Loss whose direct gradient with respect to each state is `direct`. */
function lossOf(states: readonly State[], direct: readonly State[]): number {
  const parts = zip(states.flat(), direct.flat(), dot);
  return parts.reduce((total, part) => total + part, 0);
}

describe('the gradient oracle agrees with finite differences', () => {
  it('on every weight and initial state of a language model', () => {
    const shapes = fc.record({
      seed: fc.nat(),
      kind: fc.constantFrom(...Object.values(cellKinds)),
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
    fc.assert(check, { seed: 2015, numRuns: 24 });
  });

  for (const [name, kind] of Object.entries(cellKinds)) {
    it(`on every input of one layer, ${name}, in both directions, for sequences of several lengths`, () => {
      const shapes = fc.record({
        seed: fc.nat(),
        timeSteps: fc.integer({ min: 1, max: 5 }),
        batchSize: fc.integer({ min: 1, max: 3 }),
        inputs: fc.integer({ min: 1, max: 4 }),
        units: fc.integer({ min: 1, max: 4 }),
        masked: fc.boolean(),
        reverse: fc.boolean(),
        oneHot: fc.constant(false),
      });
      const check = fc.property(shapes, ({ seed, ...shape }) => {
        const layer = randomSequence(new Random(seed), kind, shape);
        const { cell, inputs, initial, direct } = layer;
        const gradients = runBatch(cell, inputs, initial, layer).back(direct);
        const tensors = (weights: CellWeights, x: readonly Matrix[], state: State): Map<string, Matrix> =>
          new Map([...Object.entries(weights), ...numbered('input', x), ...numbered('initial state', state)]);
        assertIsGradient(
          tensors(gradients.weights, gradients.inputs, gradients.initial),
          tensors(cell.weights, inputs, initial),
          () => lossOf(runBatch(cell, inputs, initial, layer).states, direct),
        );
      });
      fc.assert(check, { seed: 1997, numRuns: 12 });
    });

    it(`on every hidden state of one layer, ${name}: the gradient equals that of a sequence that starts from it`, () => {
      const shape = { timeSteps: 6, batchSize: 2, inputs: 3, units: 4, masked: false, reverse: false, oneHot: false };
      const { cell, inputs, initial, direct } = randomSequence(new Random(31), kind, shape);
      const run = cell.run(inputs, initial);
      const { states } = run.back(direct);
      zip(states, run.states, ([arriving], state) => [arriving, state] as const).forEach(([arriving, state], t) => {
        const rest = (): number => lossOf([state, ...cell.run(inputs.slice(t + 1), state).states], direct.slice(t));
        assertIsGradient(new Map([['hidden', arriving]]), new Map([['hidden', state[0]]]), rest);
      });
    });
  }
});
