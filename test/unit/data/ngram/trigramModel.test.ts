import assert from 'node:assert/strict';
import fc from 'fast-check';
import { fitTrigrams } from '../../../../src/data/ngram/trigramModel.ts';
import { PairTable } from '../../../../src/data/ngram/pairTable.ts';
import { TokenSequence } from '../../../../src/data/tokenSequence.ts';

const range = (length: number): number[] => Array.from({ length }, (_, i) => i);
const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);
const near = (actual: number, expected: number): void =>
  assert.ok(Math.abs(actual - expected) <= 1e-12 * Math.max(1, Math.abs(expected)), `${actual} is not ${expected}`);

describe('a trigram model', () => {
  it('has probabilities above zero that sum to one in every context', async () => {
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 1, max: 5 }), fc.array(fc.nat(1000)), async (size, numbers) => {
        const model = await fitTrigrams([TokenSequence.of(numbers.map((number) => number % size))], size);
        for (const second of range(size)) {
          near(sum(range(size).map((token) => model.probabilityAfter(second, token))), 1);
          for (const first of range(size)) {
            const probabilities = range(size).map((token) => model.probability(first, second, token));
            near(sum(probabilities), 1);
            assert.ok(Math.min(...probabilities) > 0);
          }
        }
      }),
    );
  });

  it('equals the formulas worked out by hand', async () => {
    // Trigrams of 0 1 2 0 1 3 0 1 2: 012 twice, 120, 201, 013, 130 and 301 once. D3 = 5 / (5 + 2).
    const model = await fitTrigrams([TokenSequence.of([0, 1, 2, 0, 1, 3, 0, 1, 2])], 4);
    // Different tokens before a pair: 2 (2 and 3) before 01, and 1 before 12, 20, 13 and 30: D2 = 4 / (4 + 2).
    // Different tokens before a token: 2 (2 and 3) before 0, and 1 before 1, 2 and 3: D1 = 3 / (3 + 2); total 5.
    const [d1, d2, d3] = [3 / 5, 2 / 3, 5 / 7];
    const anywhere = (count: number) => (count - d1 + d1 * 4 * (1 / 4)) / 5;
    near(model.probabilityAfter(1, 2), (1 - d2 + d2 * 2 * anywhere(1)) / 2);
    near(model.probabilityAfter(1, 0), (d2 * 2 * anywhere(2)) / 2);
    near(model.probability(0, 1, 2), (2 - d3 + d3 * 2 * model.probabilityAfter(1, 2)) / 3);
    near(model.probability(0, 1, 1), (d3 * 2 * model.probabilityAfter(1, 1)) / 3);
    near(model.probability(3, 1, 2), model.probabilityAfter(1, 2));
  });

  it('scores every token except the first', async () => {
    const model = await fitTrigrams([TokenSequence.of([0, 1, 2, 0, 1, 3, 0, 1, 2])], 4);
    const expected = [model.probabilityAfter(0, 1), model.probability(0, 1, 3), model.probability(1, 3, 3)];
    near(await model.score([TokenSequence.of([0, 1, 3, 3])]), -sum(expected.map(Math.log)) / 3);
    await assert.rejects(model.score([TokenSequence.of([1])]), RangeError);
  });

  it('predicts text whose next token depends on the two before it', async () => {
    const text = TokenSequence.of(range(300).map((at) => [0, 1, 2, 3, 1, 4][at % 6] ?? 0));
    const shuffled = TokenSequence.of(range(300).map((at) => (at * at * 31 + at * 17) % 5));
    const model = await fitTrigrams([text], 5);
    assert.ok((await model.score([text])) < 0.1);
    assert.ok(model.probability(0, 1, 2) > 0.9 && model.probabilityAfter(1, 2) < 0.6);
    assert.ok((await model.score([shuffled])) > Math.log(5));
  });

  it('stops if it is aborted', async () => {
    const reason = new Error('enough');
    const text = TokenSequence.of([1, 1, 2]);
    await assert.rejects(fitTrigrams([text], 4, { signal: AbortSignal.abort(reason) }), reason);
    const model = await fitTrigrams([text], 4);
    await assert.rejects(model.score([text], { signal: AbortSignal.abort(reason) }), reason);
  });
});

describe('a table of pairs', () => {
  it('numbers and counts pairs, as a map does', () => {
    const table = new PairTable();
    const expected = new Map<string, number>();
    for (let i = 0; i < 30_000; i++) {
      const [first, second] = [(i * i) % 1009, (i * 31 + (i >> 7)) % 1500];
      table.add(first, second);
      expected.set(`${first},${second}`, (expected.get(`${first},${second}`) ?? 0) + 1);
    }
    assert.ok(table.size > 10_000);
    const counted = range(table.size).map((pair) => [
      `${table.firstOf(pair)},${table.secondOf(pair)}`,
      table.countOf(pair),
    ]);
    assert.deepEqual(counted, [...expected]);
    for (const pair of range(table.size)) assert.equal(table.find(table.firstOf(pair), table.secondOf(pair)), pair);
    assert.equal(table.find(5000, 5000), -1);
  });

  it('counts no new pairs beyond the limit, but still counts known ones', () => {
    const table = new PairTable(2);
    assert.deepEqual(
      [1, 2, 3, 1].map((second) => table.add(0, second)),
      [0, 1, -1, 0],
    );
    assert.deepEqual([table.size, table.countOf(0), table.countOf(1)], [2, 2, 1]);
  });
});
