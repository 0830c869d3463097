import assert from 'node:assert/strict';
import fc from 'fast-check';
import { baumWelchStep } from '../../../../src/models/hmm/baumWelch.ts';
import { randomHmm } from '../../../../src/models/hmm/estimate.ts';
import { HiddenMarkovModel } from '../../../../src/models/hmm/hiddenMarkovModel.ts';
import { viterbi } from '../../../../src/models/hmm/viterbi.ts';
import { Generator } from '../../../../src/random/generator.ts';
import { everyPath, smallCase } from './enumeration.ts';
import { sampleSequence } from './sampleSequence.ts';
import { errorWith } from '../../../harness/facts.ts';

const generator = (): Generator => Generator.forPurpose(1, 'hmm test');
const casino = HiddenMarkovModel.of({
  initial: [0.5, 0.5],
  transition: [
    [0.95, 0.05],
    [0.1, 0.9],
  ],
  emission: [Array<number>(6).fill(1 / 6), [0.1, 0.1, 0.1, 0.1, 0.1, 0.5]],
});
const assertNear = (actual: Float64Array, expected: Float64Array, tolerance: number): void =>
  actual.forEach((value, at) =>
    assert.ok(
      Math.abs(value - (expected[at] ?? NaN)) < tolerance,
      `${[...actual].join()} is not ${[...expected].join()}`,
    ),
  );

describe('hidden Markov model: estimation', () => {
  it('the most likely states of generated sequences are mostly the true states', () => {
    const { states, observations } = sampleSequence(casino, 10_000, generator());
    const { path } = viterbi(casino, casino.scores(observations));
    const agreeing = path.filter((state, t) => state === states[t]).length;
    assert.ok(agreeing > 7_500, `the loaded die is recognized in ${agreeing} of 10,000 throws`);
  });

  it('a step of Baum-Welch never lowers the likelihood', () => {
    fc.assert(
      fc.property(smallCase, fc.nat(), ({ model: { states, symbols }, observations }, seed) => {
        let model = randomHmm({ states, symbols }, Generator.forPurpose(seed, 'start'));
        let before = -Infinity;
        for (let step = 0; step < 10; step++) {
          const { model: next, logLikelihood } = baumWelchStep(model, [observations, [0]]);
          assert.ok(logLikelihood >= before - 1e-9, `${logLikelihood} after ${before}`);
          [model, before] = [next, logLikelihood];
        }
      }),
    );
  });

  it('a step of Baum-Welch counts every path by its posterior probability', () => {
    fc.assert(
      fc.property(smallCase, fc.nat(), ({ model: { states, symbols }, observations }, seed) => {
        const model = randomHmm({ states, symbols }, Generator.forPurpose(seed, 'start'));
        const paths = everyPath(model, observations);
        const total = paths.reduce((sum, { probability }) => sum + probability, 0);
        const emitted = new Float64Array(states * symbols);
        for (const { path, probability } of paths) {
          path.forEach((state, t) => {
            const at = state * symbols + (observations[t] ?? 0);
            emitted[at] = (emitted[at] ?? 0) + probability / total;
          });
        }
        const visits = (state: number): number =>
          emitted.subarray(state * symbols, (state + 1) * symbols).reduce((a, b) => a + b, 0);
        const expected = emitted.map((count, at) => count / visits(Math.floor(at / symbols)));
        assertNear(baumWelchStep(model, [observations]).model.probabilities.emission, expected, 1e-9);
      }),
    );
  });

  it('Baum-Welch learns a casino from its throws with a likelihood as high as that of the true model', () => {
    const random = generator();
    const throws = Array.from({ length: 20 }, () => sampleSequence(casino, 150, random).observations);
    const truth = throws.reduce((sum, sequence) => sum + casino.logLikelihood(sequence), 0);
    let model = randomHmm({ states: 2, symbols: 6 }, random);
    let reached = -Infinity;
    for (let step = 0; step < 60; step++) ({ model, logLikelihood: reached } = baumWelchStep(model, throws));
    assert.ok(reached > truth, `${reached} is not above ${truth}`);
  });

  it('is saved and loaded without loss, and rejects invalid files', () => {
    const model = randomHmm({ states: 3, symbols: 4 }, generator());
    const loaded = HiddenMarkovModel.fromJSON(JSON.parse(JSON.stringify(model)));
    assert.deepEqual(loaded.probabilities, model.probabilities);
    assert.throws(() => HiddenMarkovModel.fromJSON({ ...model.toJSON(), initial: 'sunny' }), /initial/);
    assert.throws(
      () => HiddenMarkovModel.fromJSON({ ...model.toJSON(), initial: [0.5, 0.6, 0] }),
      errorWith({ name: 'Error' }, 0, 'initial'),
    );
    assert.throws(
      () => HiddenMarkovModel.fromJSON({ ...model.toJSON(), transition: [[1, 0, 0]] }),
      errorWith({ name: 'Error' }, 3),
    );
  });
});
