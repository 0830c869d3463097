import assert from 'node:assert/strict';
import fc from 'fast-check';
import { bagOfWords, type SparseVector } from '../../../../src/models/bagOfWords/bag.ts';
import { FeedForward } from '../../../../src/models/bagOfWords/feedForward.ts';
import { type FittingStep, fitNetwork } from '../../../../src/models/bagOfWords/fit.ts';
import { NaiveBayes } from '../../../../src/models/bagOfWords/naiveBayes.ts';
import { Generator } from '../../../../src/random/generator.ts';
import { errorWith } from '../../../harness/facts.ts';

const COLUMNS = 4;
const generator = (): Generator => Generator.forPurpose(1, 'bag test');
const vector = fc.array(fc.integer({ min: 1, max: COLUMNS }), { maxLength: 6 }).map((ids) => bagOfWords(ids, COLUMNS));
const labeled = fc.array(fc.record({ vector, label: fc.nat(2) }), { minLength: 1, maxLength: 8 });
const near = (actual: number | undefined, expected: number, tolerance = 1e-12): void =>
  assert.ok(
    Math.abs((actual ?? NaN) - expected) <= tolerance * Math.max(1, Math.abs(expected)),
    `${actual} is not ${expected}`,
  );

describe('naive Bayes', () => {
  const bags = [[1, 1, 2], [1], [2, 3]].map((ids) => bagOfWords(ids, 3));
  const fitted = NaiveBayes.fit(bags, [0, 0, 1], { classes: 2, columns: 3, smoothing: 1 });

  it("is Bayes' rule over smoothed counts", () => {
    // Class 0 has words 1 1 1 2, class 1 has 2 3; each word counts once more.
    const joint = [(2 / 3) * (4 / 7) ** 2 * (1 / 7), (1 / 3) * (1 / 5) ** 2 * (2 / 5)];
    const [first, second] = fitted.probabilities(bagOfWords([1, 1, 3], 3));
    near(first, (joint[0] ?? NaN) / ((joint[0] ?? NaN) + (joint[1] ?? NaN)));
    near((first ?? NaN) + (second ?? NaN), 1);
  });

  it('returns the class frequencies for an empty text', () => {
    near(fitted.probabilities(bagOfWords([], 3))[0], 2 / 3);
  });

  it('is the same after saving and loading', () => {
    const loaded = NaiveBayes.fromJSON(JSON.parse(JSON.stringify(fitted)));
    for (const bag of bags) assert.deepEqual(loaded.probabilities(bag), fitted.probabilities(bag));
    assert.throws(() => NaiveBayes.fromJSON({ ...fitted.toJSON(), logLikelihoods: [[0]] }), Error);
  });

  it('rejects invalid training data', () => {
    const options = { classes: 2, columns: 3, smoothing: 1 };
    assert.throws(() => NaiveBayes.fit(bags, [0, 0, 2], options), errorWith({ name: 'RangeError' }, 2));
    assert.throws(() => NaiveBayes.fit(bags, [0, 0, 0], options), errorWith({ name: 'RangeError' }, 1));
    assert.throws(
      () => NaiveBayes.fit(bags, [0, 0, 1], { ...options, smoothing: 0 }),
      errorWith({ name: 'RangeError' }, 0),
    );
  });
});

describe('logistic regression and the perceptron', () => {
  const last = (steps: Iterable<FittingStep>, limit: number): FittingStep => {
    let reached: FittingStep | undefined;
    let count = 0;
    for (const step of steps) {
      reached = step;
      if (++count === limit) break;
    }
    assert.ok(reached, 'the fit made no step');
    return reached;
  };

  it('have the gradient of their loss (finite differences)', () => {
    fc.assert(
      fc.property(labeled, fc.constantFrom(0, 3), fc.nat(), (examples, hiddenUnits, seed) => {
        const random = Generator.forPurpose(seed, 'parameters');
        const shape = { columns: COLUMNS, hiddenUnits, classes: 3 };
        const count = FeedForward.initial(shape, random).parameters.length;
        const parameters = Float64Array.from({ length: count }, () => random.nextNormal());
        const vectors = examples.map((example) => example.vector);
        const labels = examples.map((example) => example.label);
        const lossAt = (point: Float64Array) => new FeedForward(shape, point).lossAndGradient(vectors, labels, 0.1);
        const { gradient } = lossAt(parameters);
        parameters.forEach((_, at) => {
          const around = [1e-5, -1e-5].map((by) => lossAt(parameters.with(at, (parameters[at] ?? NaN) + by)).value);
          near(gradient[at], ((around[0] ?? NaN) - (around[1] ?? NaN)) / 2e-5, 1e-7);
        });
      }),
      { numRuns: 30 },
    );
  });

  it('logistic regression reaches the optimum from any start', () => {
    fc.assert(
      fc.property(labeled, fc.nat(), (examples, seed) => {
        const shape = { columns: COLUMNS, hiddenUnits: 0, classes: 3 };
        const zero = FeedForward.initial(shape, generator());
        const random = Generator.forPurpose(seed, 'start');
        const elsewhere = new FeedForward(
          shape,
          zero.parameters.map(() => random.nextNormal()),
        );
        const vectors = examples.map((example) => example.vector);
        const labels = examples.map((example) => example.label);
        // Every class once, so that no bias diverges.
        const all: [SparseVector[], number[]] = [
          [...vectors, ...[1, 2, 3].map((id) => bagOfWords([id], COLUMNS))],
          [...labels, 0, 1, 2],
        ];
        const [a, b] = [zero, elsewhere].map((start) => last(fitNetwork(start, ...all, 0.1), 200));
        near(a?.loss, b?.loss ?? NaN, 1e-9);
      }),
      { numRuns: 20 },
    );
  });

  it('lower the loss with every step', () => {
    const random = generator();
    const vectors = Array.from({ length: 40 }, () =>
      bagOfWords(
        Array.from({ length: 5 }, () => 1 + Math.floor(4 * random.nextUniform())),
        COLUMNS,
      ),
    );
    const labels = vectors.map(() => Math.floor(3 * random.nextUniform()));
    const start = FeedForward.initial({ columns: COLUMNS, hiddenUnits: 5, classes: 3 }, random);
    let before = Infinity;
    let steps = 0;
    for (const { loss } of fitNetwork(start, vectors, labels, 1e-3)) {
      assert.ok(loss < before);
      before = loss;
      if (++steps === 50) break;
    }
    assert.equal(steps, 50);
  });

  it('the perceptron learns exclusive or, which logistic regression cannot', () => {
    const vectors = [[], [1], [2], [1, 2]].map((ids) => bagOfWords(ids, 2));
    const labels = [0, 1, 1, 0];
    const right = (hiddenUnits: number): number => {
      const start = FeedForward.initial({ columns: 2, hiddenUnits, classes: 2 }, generator());
      const { network } = last(fitNetwork(start, vectors, labels, 1e-5), 200);
      return vectors.filter((bag, index) => (network.probabilities(bag)[labels[index] ?? 0] ?? 0) > 0.9).length;
    };
    assert.equal(right(6), 4);
    assert.ok(right(0) < 4);
  });

  it('are the same after saving and loading', () => {
    const network = FeedForward.initial({ columns: 3, hiddenUnits: 2, classes: 2 }, generator());
    const loaded = FeedForward.fromJSON(JSON.parse(JSON.stringify(network)));
    assert.deepEqual(loaded.parameters, network.parameters);
    assert.throws(() => FeedForward.fromJSON({ ...network.toJSON(), parameters: [1] }), Error);
    assert.throws(() => new FeedForward(network.shape, new Float64Array(3)), errorWith({ name: 'RangeError' }, 14, 3));
  });

  it('reject invalid training data', () => {
    const start = FeedForward.initial({ columns: 3, hiddenUnits: 0, classes: 2 }, generator());
    const bags = [[1], [2]].map((ids) => bagOfWords(ids, 3));
    assert.throws(() => [...fitNetwork(start, [], [], 0)], RangeError);
    assert.throws(() => [...fitNetwork(start, bags, [0, 2], 0)], errorWith({ name: 'RangeError' }, 1));
    assert.throws(() => [...fitNetwork(start, bags, [0], 0)], errorWith({ name: 'RangeError' }, 1));
  });
});
