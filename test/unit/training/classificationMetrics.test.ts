import assert from 'node:assert/strict';
import fc from 'fast-check';
import { classificationMetrics, likeliest } from '../../../src/training/classificationMetrics.ts';

const close = (actual: number, expected: number): void =>
  assert.ok(Math.abs(actual - expected) < 1e-12, `${actual} is not ${expected}`);

describe('classification metrics', () => {
  it('are those computed by hand', () => {
    // Predictions 0, 1, 1, 0; correct classes 0, 1, 0, 1.
    const metrics = classificationMetrics(
      [
        [0.9, 0.1],
        [0.2, 0.8],
        [0.4, 0.6],
        [0.7, 0.3],
      ],
      [0, 1, 0, 1],
    );
    assert.equal(metrics.n, 4);
    assert.equal(metrics.accuracy, 0.5);
    assert.deepEqual(metrics.confusionMatrix, [
      [1, 1],
      [1, 1],
    ]);
    close(metrics.macroF1, 0.5);
    close(metrics.logLoss, -(Math.log(0.9) + Math.log(0.8) + Math.log(0.4) + Math.log(0.3)) / 4);
    // Each prediction in a separate bin: |0.9 - 1|, |0.8 - 1|, |0.6 - 0|, |0.7 - 0|.
    close(metrics.calibrationError, (0.1 + 0.2 + 0.6 + 0.7) / 4);
  });

  it('average F1 over classes, not over texts', () => {
    const sure = (answer: number): number[] => [0, 1, 2].map((k) => Number(k === answer));
    const metrics = classificationMetrics([0, 0, 0, 1].map(sure), [0, 0, 1, 1]);
    // Class 0: precision 2/3, recall 1; class 1: precision 1, recall 1/2; class 2 neither occurs nor is predicted.
    close(metrics.macroF1, (4 / 5 + 2 / 3) / 2);
  });

  it('put predictions of the same probability into one bin', () => {
    const metrics = classificationMetrics(
      [
        [0.75, 0.25],
        [0.75, 0.25],
        [0.75, 0.25],
        [0.75, 0.25],
      ],
      [0, 0, 0, 1],
    );
    close(metrics.calibrationError, 0);
  });

  it('stay finite and within their bounds', () => {
    const answer = fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { minLength: 3, maxLength: 3 }).map((raw) => {
      const sum = raw.reduce((total, value) => total + value, 0);
      return sum > 0 ? raw.map((value) => value / sum) : [1, 0, 0];
    });
    fc.assert(
      fc.property(fc.array(fc.tuple(answer, fc.nat(2)), { minLength: 1, maxLength: 40 }), (texts) => {
        const { n, accuracy, macroF1, logLoss, calibrationError, confusionMatrix } = classificationMetrics(
          texts.map(([p]) => p),
          texts.map(([, k]) => k),
        );
        assert.equal(n, texts.length);
        assert.equal(
          confusionMatrix.flat().reduce((sum, count) => sum + count, 0),
          n,
        );
        for (const share of [accuracy, macroF1, calibrationError]) assert.ok(share >= 0 && share <= 1 + 1e-12);
        assert.ok(Number.isFinite(logLoss) && logLoss >= 0);
        close(accuracy, texts.filter(([p, k]) => likeliest(p) === k).length / n);
      }),
    );
  });

  it('reject differing numbers of predictions and labels, and no predictions', () => {
    assert.throws(() => classificationMetrics([], []), RangeError);
    assert.throws(() => classificationMetrics([[1, 0]], [0, 1]), RangeError);
  });
});
