import assert from 'node:assert/strict';
import fc from 'fast-check';
import { hmmLessonContract, weather as weatherExample } from '../../../../src/protocol/lessons/hmm.ts';
import { estimateHmm, inferHmm } from '../../../../src/worker/course/hmm.ts';
import { QUANTITIES, quantities } from '../../../../webview/course/hmm/quantities.ts';
import { resized } from '../../../../webview/course/hmm/resized.ts';

const weather = weatherExample();
const [WALK, SHOP, CLEAN] = [0, 1, 2];

function near(actual: number | undefined, expected: number): void {
  assert.ok(Math.abs((actual ?? NaN) - expected) < 1e-12, `${actual} instead of ${expected}`);
}

describe('lesson on hidden Markov models', () => {
  it('has the numbers of the weather example for walk, shop, clean', () => {
    const result = inferHmm({ model: weather, observations: [WALK, SHOP, CLEAN] });
    assert.deepEqual(hmmLessonContract.inferHmm.result.parse(result), result);
    near(result.likelihood, 0.033612);
    assert.deepEqual(result.path, [1, 0, 0]);
    near(result.pathProbability, 0.01344);
    [0.06, 0.24, 0.0552, 0.0486, 0.02904, 0.004572].forEach((value, at) => near(result.alpha[at], value));
    assert.deepEqual(result.beta.slice(-2), [1, 1]);
    for (let t = 0; t < 3; t++) near((result.posterior[2 * t] ?? 0) + (result.posterior[2 * t + 1] ?? 0), 1);
  });

  it('derives the value of every node from the numbers that it shows', () => {
    const observations = [WALK, SHOP, CLEAN, WALK];
    const data = { model: weather, observations, result: inferHmm({ model: weather, observations }) };
    for (const name of QUANTITIES) {
      const values = quantities[name].values(data.result);
      for (let t = 0; t < observations.length; t++) {
        for (let state = 0; state < 2; state++) {
          const { numbers, value } = quantities[name].derive(data, t, state);
          assert.equal(value, values[2 * t + state]);
          const worked = evaluate(numbers);
          assert.ok(
            Math.abs(worked - value) < 1e-3 * value,
            `${name} ${t} ${state}: ${numbers} = ${worked}, not ${value}`,
          );
        }
      }
    }
  });

  it('says that observations of probability zero have no states', () => {
    const model = { ...weather, emission: [0, 0.5, 0.5, 0, 0.5, 0.5] };
    assert.throws(() => inferHmm({ model, observations: [WALK] }), { code: 'impossible' });
  });

  it('rejects rows that do not sum to 1', () =>
    assert.throws(() => inferHmm({ model: { ...weather, initial: [0.6, 0.6] }, observations: [WALK] }), RangeError));

  it('counts typed sequences', () => {
    const { counts, estimate, days } = estimateHmm({
      model: weather,
      data: {
        kind: 'tagged',
        sequences: [
          { states: [1, 1, 0], observations: [WALK, WALK, SHOP] },
          { states: [0], observations: [CLEAN] },
        ],
      },
    });
    assert.equal(days, 4);
    assert.deepEqual(counts, { initial: [1, 1], transition: [0, 0, 1, 1], emission: [0, 1, 1, 2, 0, 0] });
    assert.deepEqual(estimate.transition, [0.5, 0.5, 0.5, 0.5]);
    assert.deepEqual(estimate.emission, [0, 0.5, 0.5, 1, 0, 0]);
  });

  it('comes close to the model with many drawn days', () => {
    const far = (days: number) => {
      const { estimate } = estimateHmm({ model: weather, data: { kind: 'drawn', days, seed: 1 } });
      return Math.max(
        ...estimate.transition.map((value, at) => Math.abs(value - (weather.transition[at] ?? 0))),
        ...estimate.emission.map((value, at) => Math.abs(value - (weather.emission[at] ?? 0))),
      );
    };
    assert.ok(far(100_000) < 0.01, String(far(100_000)));
    assert.ok(far(100_000) < far(20));
  });

  it('rejects sequences that do not fit the model', () => {
    const tagged = (states: number[], observations: number[]) =>
      estimateHmm({ model: weather, data: { kind: 'tagged', sequences: [{ states, observations }] } });
    assert.throws(() => tagged([0], [0, 1]), { code: 'not-parallel' });
    assert.throws(() => tagged([2], [0]), { code: 'not-parallel' });
  });

  it('keeps rows of probabilities when states and observations are renamed', () => {
    const names = fc.uniqueArray(fc.constantFrom('Rainy', 'Sunny', 'Foggy', 'walk', 'swim'), { minLength: 1 });
    fc.assert(
      fc.property(names, names, (states, symbols) => {
        const { initial, transition, emission } = resized(weather, { states, symbols });
        for (const [table, width] of [
          [initial, states.length],
          [transition, states.length],
          [emission, symbols.length],
        ] as const)
          for (let at = 0; at < table.length; at += width)
            near(
              table.slice(at, at + width).reduce((sum, value) => sum + value, 0),
              1,
            );
      }),
    );
    assert.deepEqual(resized(weather, {}), weather);
    const { emission } = resized(weather, { symbols: ['walk', 'shop', 'clean', 'swim'] });
    [0.075, 0.3, 0.375, 0.25, 0.45, 0.225, 0.075, 0.25].forEach((value, at) => near(emission[at], value));
  });
});

/** Evaluates numbers with +, ×, / and max, as a derivation shows them. */
function evaluate(numbers: string): number {
  assert.match(numbers, /^[\d.e\-+×/(),\sxma]+$/);
  return Number(new Function('max', `return ${numbers.replaceAll('×', '*')}`)(Math.max));
}
