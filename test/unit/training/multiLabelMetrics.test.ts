import assert from 'node:assert/strict';
import fc from 'fast-check';
import { bestThresholds, multiLabelMetrics } from '../../../src/training/multiLabelMetrics.ts';
import { seeds } from '../../harness/seeds.ts';

/** Probabilities with ties, and whether each text has each of two labels. */
const texts = fc.array(
  fc.record({
    p: fc.tuple(fc.integer({ min: 1, max: 9 }), fc.integer({ min: 1, max: 9 })).map((pair) => pair.map((n) => n / 10)),
    has: fc.tuple(fc.boolean(), fc.boolean()),
  }),
  { minLength: 1, maxLength: 14 },
);

/** F1 from every decision, one by one. */
function countedF1(decisions: readonly { readonly given: boolean; readonly has: boolean }[]): number {
  const hits = decisions.filter(({ given, has }) => given && has).length;
  const wrong = decisions.filter(({ given, has }) => given !== has).length;
  return hits === 0 ? 0 : (2 * hits) / (2 * hits + wrong);
}

/** Area under the ROC curve from every pair of a text with the label and one without. */
function countedAuc(pairs: readonly { readonly p: number; readonly has: boolean }[]): number | null {
  const wins = pairs
    .filter(({ has }) => has)
    .flatMap(({ p }) => pairs.filter(({ has }) => !has).map((other) => (p > other.p ? 1 : p === other.p ? 0.5 : 0)));
  return wins.length === 0 ? null : wins.reduce<number>((sum, win) => sum + win, 0) / wins.length;
}

const close = (a: number | null, b: number | null) =>
  assert.ok(a === b || (a !== null && b !== null && Math.abs(a - b) < 1e-12), `${a} and ${b}`);

describe('metrics of several labels', () => {
  it('are those of every decision and every pair, counted one by one', () => {
    fc.assert(
      fc.property(texts, fc.tuple(fc.constantFrom(0.25, 0.5), fc.constantFrom(0.45, 0.8)), (drawn, thresholds) => {
        const found = multiLabelMetrics(
          drawn.map(({ p }) => p),
          drawn.map(({ has }) => has),
          thresholds,
        );
        const decisions = thresholds.map((threshold, label) =>
          drawn.map(({ p, has }) => ({
            p: p[label] ?? 0,
            given: (p[label] ?? 0) >= threshold,
            has: has[label] ?? false,
          })),
        );
        close(found.microF1, countedF1(decisions.flat()));
        close(found.macroF1, (countedF1(decisions[0]!) + countedF1(decisions[1]!)) / 2);
        const exact = drawn.filter((_, text) =>
          decisions.every((each) => each[text]?.given === each[text]?.has),
        ).length;
        close(found.exactMatch, exact / drawn.length);
        decisions.forEach((each, label) => close(found.labels[label]?.auc ?? null, countedAuc(each)));
        const loss = drawn.flatMap(({ p, has }) => p.map((each, label) => -Math.log(has[label] ? each : 1 - each)));
        assert.ok(Math.abs(found.logLoss - loss.reduce((a, b) => a + b, 0) / drawn.length) < 1e-9);
      }),
      seeds(300),
    );
  });

  it('are best at the chosen thresholds', () => {
    fc.assert(
      fc.property(texts, (drawn) => {
        const [p, has] = [drawn.map((text) => text.p), drawn.map((text) => text.has)];
        const best = multiLabelMetrics(p, has, bestThresholds(p, has, 2));
        best.labels.forEach(({ f1, support }, label) => {
          if (support === 0 || support === drawn.length) return;
          for (let threshold = 0.05; threshold < 1; threshold += 0.1) {
            const other = multiLabelMetrics(p, has, [threshold, threshold]).labels[label]?.f1 ?? 0;
            assert.ok(f1 >= other - 1e-12, `${f1} and ${other} at ${threshold}`);
          }
        });
      }),
      seeds(100),
    );
  });

  it('need as many predictions as texts', () => {
    assert.throws(() => multiLabelMetrics([], [], []), RangeError);
    assert.throws(() => multiLabelMetrics([[0.5]], [], [0.5]), RangeError);
  });
});
