import assert from 'node:assert/strict';
import fc from 'fast-check';
import { fitBaselines } from '../../../src/data/baselines.ts';
import { createPairCounts, type PairCounts } from '../../../src/data/pairCounts.ts';
import { TokenSequence } from '../../../src/data/tokenSequence.ts';

const range = (length: number): number[] => Array.from({ length }, (_, i) => i);
const sum = (values: number[]): number => values.reduce((total, value) => total + value, 0);
const near = (actual: number, expected: number): void =>
  assert.ok(Math.abs(actual - expected) <= 1e-12 * Math.max(1, Math.abs(expected)), `${actual} is not ${expected}`);

describe('baselines', () => {
  it('equal the textbook formulas', async () => {
    // Text 1 2 1 2 1 1 with V = 4: n(1) = 4, n(2) = 2; 1 is followed by 2, 2, 1 and 2 by 1, 1.
    const baselines = await fitBaselines([TokenSequence.of([1, 2, 1, 2, 1, 1])], 4);
    near(baselines.unigramProbability(1), 5 / 10);
    near(baselines.unigramProbability(3), 1 / 10);
    near(baselines.bigramProbability(1, 2), (2 + 2 * (3 / 10)) / (3 + 2));
    near(baselines.bigramProbability(2, 3), (0 + 1 * (1 / 10)) / (2 + 1));
    near(baselines.bigramProbability(3, 1), 5 / 10);
  });

  it('have probabilities that sum to one in every context', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 1, max: 9 }),
        fc.array(fc.nat(1000), { minLength: 1 }),
        async (size, numbers) => {
          const baselines = await fitBaselines([TokenSequence.of(numbers.map((number) => number % size))], size);
          near(sum(range(size).map((token) => baselines.unigramProbability(token))), 1);
          for (const previous of range(size)) {
            near(sum(range(size).map((token) => baselines.bigramProbability(previous, token))), 1);
          }
        },
      ),
    );
  });

  it('score every character except the first', async () => {
    const baselines = await fitBaselines([TokenSequence.of([1, 2, 1, 2, 1, 1])], 4);
    const losses = await baselines.score([TokenSequence.of([2, 1, 3])]);
    near(losses.uniform, Math.log(4));
    near(losses.unigram, -(Math.log(5 / 10) + Math.log(1 / 10)) / 2);
    near(
      losses.bigram,
      -(Math.log(baselines.bigramProbability(2, 1)) + Math.log(baselines.bigramProbability(1, 3))) / 2,
    );
  });

  it('have the expected ranking on structured text', async () => {
    const text = TokenSequence.of(
      Array.from('the cat sat on the mat and then the rat sat on the cat '.repeat(9), (c) => c.charCodeAt(0) % 32),
    );
    const { uniform, unigram, bigram } = await (await fitBaselines([text], 32)).score([text]);
    assert.ok(bigram < 0.75 * unigram && unigram < uniform);
  });

  it('work with a vocabulary of 100,000', async () => {
    const size = 100_000;
    const text = TokenSequence.of(range(30_000).map((i) => (i * 7919 + (i % 13) * 4099) % size));
    const baselines = await fitBaselines([text], size);
    near(sum(range(size).map((token) => baselines.bigramProbability(text.at(5), token))), 1);
    assert.ok(baselines.bigramProbability(text.at(5), text.at(6)) > 0.3);
  });

  it('reject texts that are too short to count or score, and stop if aborted', async () => {
    const text = TokenSequence.of([1, 1, 2]);
    await assert.rejects(fitBaselines([TokenSequence.of([])], 4), RangeError);
    const baselines = await fitBaselines([text], 4);
    await assert.rejects(baselines.score([TokenSequence.of([1])]), RangeError);
    const reason = new Error('enough');
    await assert.rejects(fitBaselines([text], 4, { signal: AbortSignal.abort(reason) }), reason);
    await assert.rejects(baselines.score([text], { signal: AbortSignal.abort(reason) }), reason);
  });
});

describe('pair counts', () => {
  /** Smallest vocabulary whose pairs are counted in a hash table. */
  const SPARSE = 2 ** 11 + 1;
  const collect = (counts: PairCounts): number[][] => {
    const visited: number[][] = [];
    counts.forEach((first, count) => visited.push([first, count]));
    return visited.toSorted(([a = 0, m = 0], [b = 0, n = 0]) => a - b || m - n);
  };

  it('are the same in a dense table and in a growing hash table', () => {
    const dense = createPairCounts(150);
    const sparse = createPairCounts(SPARSE);
    for (let i = 0; i < 40_000; i++) {
      const first = (i * i) % 149;
      const second = (i * 31 + (i >> 7)) % 150;
      dense.add(first, second);
      sparse.add(first, second);
    }
    assert.ok(collect(sparse).length > 2 ** 12);
    assert.deepEqual(collect(sparse), collect(dense));
    for (const first of range(150))
      for (const second of range(150)) assert.equal(sparse.get(first, second), dense.get(first, second));
  });

  it('count no new pairs beyond the limit, but still count known ones', () => {
    const sparse = createPairCounts(SPARSE, 2);
    for (const second of [1, 2, 3, 1]) sparse.add(0, second);
    assert.deepEqual(
      [1, 2, 3].map((second) => sparse.get(0, second)),
      [2, 1, 0],
    );
  });
});
