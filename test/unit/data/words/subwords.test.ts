import assert from 'node:assert/strict';
import fc from 'fast-check';
import { Subwords } from '../../../../src/data/words/subwords.ts';

/** Byte-pair encoding as in the paper, without an index: counts all pairs anew for each merge. */
function naive(counts: ReadonlyMap<string, number>, merges: number): [string, string][] {
  let words = Array.from(counts, ([word, count]) => ({ symbols: Array.from(word), count }));
  const learned: [string, string][] = [];
  while (learned.length < merges) {
    const pairs = new Map<string, { pair: [string, string]; count: number }>();
    for (const { symbols, count } of words)
      for (let at = 1; at < symbols.length; at++) {
        const pair: [string, string] = [symbols[at - 1]!, symbols[at]!];
        const key = pair.join('\ud800');
        pairs.set(key, { pair, count: (pairs.get(key)?.count ?? 0) + count });
      }
    const [best] = [...pairs]
      .filter(([, { count }]) => count > 1)
      .sort(([a, m], [b, n]) => n.count - m.count || (a < b ? -1 : 1));
    if (!best) break;
    const { pair } = best[1];
    learned.push(pair);
    words = words.map(({ symbols, count }) => {
      const merged: string[] = [];
      for (let at = 0; at < symbols.length; at++) {
        if (symbols[at] === pair[0] && symbols[at + 1] === pair[1]) {
          merged.push(pair.join(''));
          at++;
        } else merged.push(symbols[at]!);
      }
      return { symbols: merged, count };
    });
  }
  return learned;
}

describe('subwords by byte-pair encoding', () => {
  it('are those of the paper (Sennrich et al. 2016, figure 1)', () => {
    const counts = new Map([
      ['low.', 5],
      ['lower.', 2],
      ['newest.', 6],
      ['widest.', 3],
    ]);
    const { merges } = Subwords.learn(counts, 10);
    // The paper breaks ties by the order of its dictionary: compared are the merged pairs that have no tie.
    assert.deepEqual(
      merges
        .slice(0, 3)
        .map((pair) => pair.join(''))
        .toSorted(),
      ['es', 'est', 'est.'].toSorted(),
    );
    assert.deepEqual(Subwords.learn(counts, 100).split('low.'), ['low.']);
    assert.equal(Subwords.learn(counts, 10).split('lowest.').join(''), 'lowest.');
  });

  it('are the merges of the plain algorithm, for any words', () => {
    const word = fc.string({ unit: fc.constantFrom('a', 'b', 'c', ' ', '\u{1f600}'), minLength: 1, maxLength: 9 });
    fc.assert(
      fc.property(
        fc.array(fc.tuple(word, fc.integer({ min: 1, max: 5 })), { maxLength: 12 }),
        fc.integer({ min: 0, max: 12 }),
        (list, count) => {
          const counts = new Map(list);
          const subwords = Subwords.learn(counts, count);
          assert.deepEqual(subwords.merges, naive(counts, count));
          for (const [each] of list) assert.equal(subwords.split(each).join(''), each);
          assert.deepEqual(new Subwords(subwords.merges).split('abcabc'), subwords.split('abcabc'));
        },
      ),
    );
  });

  it('split the words that they were learned from as the learning left them', () => {
    const counts = new Map([
      ['banana', 3],
      ['bandana', 2],
      ['an', 9],
      ['cabana', 1],
    ]);
    for (const count of [1, 2, 3, 5, 50]) {
      const { merges } = Subwords.learn(counts, count);
      const subwords = new Subwords(merges);
      for (const each of counts.keys()) {
        let symbols = Array.from(each);
        for (const [left, right] of merges) {
          const next: string[] = [];
          for (let at = 0; at < symbols.length; at++) {
            if (symbols[at] === left && symbols[at + 1] === right) {
              next.push(left + right);
              at++;
            } else next.push(symbols[at]!);
          }
          symbols = next;
        }
        assert.deepEqual(subwords.split(each), symbols);
      }
    }
  });
});
