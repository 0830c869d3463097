import assert from 'node:assert/strict';
import fc from 'fast-check';
import { shapleyValues } from '../../../src/sentiment/shapley.ts';

/** A function of the words that are present: the sum of weights of single words and of pairs of words. */
interface Game {
  readonly words: number;
  readonly single: readonly number[];
  readonly pair: readonly number[];
}

const WORDS = 24;
const games: fc.Arbitrary<Game> = fc.record({
  words: fc.integer({ min: 0, max: WORDS }),
  single: fc.array(fc.double({ min: -5, max: 5, noNaN: true }), { minLength: WORDS, maxLength: WORDS }),
  pair: fc.array(fc.double({ min: -5, max: 5, noNaN: true }), { minLength: WORDS ** 2, maxLength: WORDS ** 2 }),
});

/** Outputs of a game: the value, and a constant. */
function outputOf({ single, pair }: Game, present: Uint8Array): number[] {
  let value = 3;
  present.forEach((a, i) => {
    value += a * single[i]!;
    for (let j = i + 1; j < present.length; j++) value += a * present[j]! * pair[i * WORDS + j]!;
  });
  return [value, 7];
}

const evaluate = (game: Game) => (selections: readonly Uint8Array[]) =>
  Promise.resolve(selections.map((present) => outputOf(game, present)));

const close = (a: number, b: number): void => assert.ok(Math.abs(a - b) < 1e-9, `${a} is not ${b}`);

describe('Shapley values', () => {
  it('add up to the output with all words, from the output with none', async () => {
    await fc.assert(
      fc.asyncProperty(games, fc.integer({ min: 1, max: 500 }), async (game, evaluations) => {
        const { baseline, values } = await shapleyValues(game.words, evaluations, evaluate(game));
        assert.deepEqual(baseline, [3, 7]);
        assert.equal(values.length, game.words);
        const [sum = NaN, none = NaN] = [0, 1].map((k) => values.reduce((all, row) => all + row[k]!, baseline[k]!));
        close(sum, outputOf(game, new Uint8Array(game.words).fill(1))[0]!);
        assert.equal(none, 7);
      }),
      { seed: 1, numRuns: 60 },
    );
  });

  it('share the effect of a pair equally, exactly also when they are sampled in pairs of orders', async () => {
    await fc.assert(
      fc.asyncProperty(games, async (game) => {
        const { values } = await shapleyValues(game.words, 1, evaluate(game));
        values.forEach((row, word) => {
          let expected = game.single[word]!;
          for (let other = 0; other < game.words; other++) {
            if (other === word) continue;
            expected += game.pair[Math.min(word, other) * WORDS + Math.max(word, other)]! / 2;
          }
          close(row[0]!, expected);
        });
      }),
      { seed: 2, numRuns: 60 },
    );
  });

  it('are exact for the product of a few words, and within the error of sampling for that of many', async () => {
    for (const [words, tolerance] of [
      [3, 1e-12],
      [7, 1e-12],
      [12, 0.15],
    ] as const) {
      const { values } = await shapleyValues(words, 2000, (selections) =>
        Promise.resolve(selections.map((present) => [present.slice(0, 3).reduce((all, bit) => all * bit, 1)])),
      );
      values.forEach((row, word) => assert.ok(Math.abs(row[0]! - (word < 3 ? 1 / 3 : 0)) <= tolerance));
    }
  });

  it('evaluate each selection once, and no more than the bound', async () => {
    let count = 0;
    const counted = (selections: readonly Uint8Array[]) => {
      count = selections.length;
      assert.equal(new Set(selections.map(String)).size, count);
      return Promise.resolve(selections.map((present) => [present[0]!]));
    };
    await shapleyValues(20, 256, counted);
    assert.ok(count > 100 && count <= 256);
    await shapleyValues(64, 10, counted);
    assert.ok(count <= 2 * 64 + 2);
  });
});
