import fc from 'fast-check';
import { HiddenMarkovModel } from '../../../../src/models/hmm/hiddenMarkovModel.ts';

/** A small model and a sequence that it may have emitted, with probabilities of zero among them. */
export const smallCase: fc.Arbitrary<{ model: HiddenMarkovModel; observations: number[] }> = fc
  .record({ states: fc.integer({ min: 1, max: 3 }), symbols: fc.integer({ min: 1, max: 3 }) })
  .chain(({ states, symbols }) =>
    fc.record({
      model: fc
        .record({ initial: row(states), transition: rows(states, states), emission: rows(states, symbols) })
        .map((probabilities) => HiddenMarkovModel.of(probabilities)),
      observations: fc.array(fc.nat(symbols - 1), { minLength: 1, maxLength: 5 }),
    }),
  );

/** `P(path, observations)` for every path. */
export function everyPath(
  model: HiddenMarkovModel,
  observations: readonly number[],
): { path: number[]; probability: number }[] {
  const { initial, transition, emission } = model.probabilities;
  const paths = observations.reduce<number[][]>(
    (shorter) => shorter.flatMap((path) => Array.from({ length: model.states }, (_, state) => [...path, state])),
    [[]],
  );
  return paths.map((path) => ({
    path,
    probability: path.reduce((product, state, t) => {
      const before = path[t - 1];
      const step = before === undefined ? initial[state] : transition[before * model.states + state];
      return product * (step ?? NaN) * (emission[state * model.symbols + (observations[t] ?? NaN)] ?? NaN);
    }, 1),
  }));
}

function row(width: number): fc.Arbitrary<number[]> {
  return fc
    .array(fc.nat(4), { minLength: width, maxLength: width })
    .filter((weights) => weights.some((weight) => weight > 0))
    .map((weights) => {
      const total = weights.reduce((sum, weight) => sum + weight, 0);
      return weights.map((weight) => weight / total);
    });
}

function rows(count: number, width: number): fc.Arbitrary<number[][]> {
  return fc.array(row(width), { minLength: count, maxLength: count });
}
