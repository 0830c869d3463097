import assert from 'node:assert/strict';
import fc from 'fast-check';
import { ImpossibleObservations } from '../../../../src/models/hmm/chain.ts';
import { modelOfCounts, randomHmm } from '../../../../src/models/hmm/estimate.ts';
import { ExpectedCounts } from '../../../../src/models/hmm/expectedCounts.ts';
import { HiddenMarkovModel } from '../../../../src/models/hmm/hiddenMarkovModel.ts';
import { Generator } from '../../../../src/random/generator.ts';
import { countsInLogarithms } from '../../../oracle/logBaumWelch.ts';
import { smallCase } from './enumeration.ts';

/** Compares counts and likelihood with those in logarithms. */
function assertAsInLogarithms(model: HiddenMarkovModel, sequences: readonly ArrayLike<number>[]): void {
  const expected = countsInLogarithms(model, sequences);
  const counts = new ExpectedCounts(model);
  const total = sequences.reduce((sum, sequence) => sum + counts.add(sequence), 0);
  assertNear([total], [expected.logLikelihood]);
  const { sums } = counts;
  for (const part of ['initial', 'transition', 'emission'] as const) assertNear(sums[part], expected.counts[part]);
}

function assertNear(actual: ArrayLike<number>, expected: ArrayLike<number>): void {
  assert.equal(actual.length, expected.length);
  for (let at = 0; at < expected.length; at++) {
    const [found, value] = [actual[at]!, expected[at]!];
    assert.ok(Math.abs(found - value) <= 1e-12 + 1e-9 * Math.abs(value), `entry ${at}: ${found} for ${value}`);
  }
}

/** Rows of weights as probabilities. */
const scaled = (rows: readonly (readonly number[])[]): number[][] =>
  rows.map((row) => row.map((weight) => weight / row.reduce((sum, each) => sum + each, 0)));

describe('expected counts of a hidden Markov model', () => {
  it('are those in logarithms, for any numbers of states and symbols, and sequences of any length', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 13 }),
        fc.integer({ min: 1, max: 40 }),
        fc.array(fc.nat(30), { maxLength: 8 }),
        fc.nat(),
        (states, symbols, lengths, seed) => {
          const generator = Generator.forPurpose(seed, 'sequences');
          const sequences = lengths.map((length) =>
            Int32Array.from({ length }, () => Math.floor(generator.nextUniform() * symbols)),
          );
          let model = randomHmm({ states, symbols }, generator);
          for (let step = 0; step < 3; step++) {
            assertAsInLogarithms(model, sequences);
            model = modelOfCounts(countsInLogarithms(model, sequences).counts, { states, symbols, smoothing: 0.01 });
          }
        },
      ),
      { numRuns: 50 },
    );
  });

  it('are those in logarithms with probabilities of zero, and refuse impossible sequences', () => {
    fc.assert(
      fc.property(smallCase, ({ model, observations }) => {
        if (countsInLogarithms(model, [observations]).logLikelihood > -Infinity)
          assertAsInLogarithms(
            model,
            [observations, observations.toReversed()].filter((each) => isPossible(model, each)),
          );
        else assert.throws(() => new ExpectedCounts(model).add(observations), ImpossibleObservations);
      }),
    );
  });

  it('are those in logarithms with probabilities of any size, down to the smallest numbers', () => {
    const weight = fc.oneof(
      fc.constant(0),
      fc.constant(1),
      fc.integer({ min: -320, max: -1 }).map((power) => 10 ** power),
    );
    const row = fc
      .array(weight, { minLength: 3, maxLength: 3 })
      .map((row) => (row.some((each) => each > 0) ? row : [1, 0, 0]));
    const rows = fc.array(row, { minLength: 3, maxLength: 3 }).map(scaled);
    fc.assert(
      fc.property(
        rows,
        rows,
        row,
        fc.array(fc.nat(2), { minLength: 1, maxLength: 12 }),
        (transition, emission, initial, observations) => {
          const model = HiddenMarkovModel.of({ initial: scaled([initial])[0]!, transition, emission });
          if (isPossible(model, observations)) assertAsInLogarithms(model, [observations, observations.slice(0, 1)]);
        },
      ),
      { numRuns: 500 },
    );
  });

  it('count a path that the scaled forward pass loses, if the end of the sequence shows that it was taken', () => {
    const model = HiddenMarkovModel.of({
      initial: [1, 0],
      transition: [
        [1, 1e-310],
        [0, 1],
      ],
      emission: [
        [1, 0],
        [0.5, 0.5],
      ],
    });
    assertAsInLogarithms(model, [[0, 0, 0, 1]]);
    assertAsInLogarithms(model, [
      [0, 0],
      [0, 0, 1],
      [0, 0, 0, 0, 0],
    ]);
  });

  it('do not underflow over 5,000 time steps, and a short sequence after a long one is not affected', () => {
    const model = randomHmm({ states: 3, symbols: 50 }, Generator.forPurpose(3, 'long'));
    const long = Int32Array.from({ length: 5_000 }, (_, t) => (t * t) % 50);
    assertAsInLogarithms(model, [long.subarray(0, 10), long, long.subarray(3, 5)]);
  });
});

function isPossible(model: HiddenMarkovModel, observations: readonly number[]): boolean {
  return model.logLikelihood(observations) > -Infinity;
}
