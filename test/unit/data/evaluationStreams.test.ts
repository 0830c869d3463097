import assert from 'node:assert/strict';
import fc from 'fast-check';
import { EvaluationStreams, type EvaluationWindow } from '../../../src/data/evaluationStreams.ts';
import { places } from './helpers.ts';

/** Returns the (input, target) pairs that count, by stream and in order. */
function scoredByStream(streams: EvaluationStreams): [number, number][][] {
  const scored: [number, number][][] = Array.from({ length: streams.batch }, () => []);
  for (const { inputs, targets, weights, batch } of streams) {
    weights.forEach((weight, i) => {
      if (weight === 1) scored[i % batch]?.push([inputs[i] ?? NaN, targets[i] ?? NaN]);
    });
  }
  return scored;
}

const sizes = fc.record({
  length: fc.oneof(fc.integer({ min: 2, max: 50 }), fc.integer({ min: 2040, max: 6200 })),
  timeSteps: fc.integer({ min: 1, max: 300 }),
  maxStreams: fc.integer({ min: 1, max: 8 }),
});

describe('evaluation streams', () => {
  it('score every character except the first exactly once, in order within each stream', () => {
    fc.assert(
      fc.property(sizes, ({ length, ...options }) => {
        const streams = new EvaluationStreams(places(length), options);
        const scored = scoredByStream(streams).flat();
        assert.deepEqual(
          scored,
          Array.from({ length: length - 1 }, (_, i) => [i, i + 1]),
        );
        assert.equal(streams.targetCount, length - 1);
      }),
      { numRuns: 60 },
    );
  });

  it('report the shape and the number of targets of every window', () => {
    fc.assert(
      fc.property(sizes, ({ length, ...options }) => {
        const streams = new EvaluationStreams(places(length), options);
        const seen: Pick<EvaluationWindow, 'timeSteps' | 'count'>[] = [];
        for (const { inputs, targets, weights, timeSteps, batch, count } of streams) {
          assert.equal(batch, streams.batch);
          for (const array of [inputs, targets, weights]) assert.equal(array.length, timeSteps * batch);
          assert.equal(
            weights.reduce((sum, weight) => sum + weight, 0),
            count,
          );
          seen.push({ timeSteps, count });
        }
        assert.equal(seen.length, streams.windowCount);
        for (const { timeSteps, count } of seen.slice(0, -1)) {
          assert.deepEqual([timeSteps, count], [options.timeSteps, options.timeSteps * streams.batch]);
        }
      }),
      { numRuns: 60 },
    );
  });

  it('are more than one only if each has 1024 characters', () => {
    const batch = (length: number): number =>
      new EvaluationStreams(places(length), { timeSteps: 64, maxStreams: 3 }).batch;
    assert.deepEqual([batch(2), batch(2048), batch(2049), batch(3073), batch(99_999)], [1, 1, 2, 3, 3]);
  });

  it('can be limited to the start of the text', () => {
    const limited = (limit: number): number[] =>
      scoredByStream(new EvaluationStreams(places(10), { timeSteps: 4, maxStreams: 2, limit }))
        .flat()
        .map(([, target]) => target);
    assert.deepEqual(limited(4), [1, 2, 3]);
    assert.equal(limited(0).length, 9);
    assert.equal(limited(100).length, 9);
  });

  it('can be iterated again', () => {
    const streams = new EvaluationStreams(places(3000), { timeSteps: 50, maxStreams: 4 });
    assert.deepEqual(scoredByStream(streams), scoredByStream(streams));
  });

  it('need at least two characters', () => {
    assert.throws(() => new EvaluationStreams(places(1), { timeSteps: 4, maxStreams: 1 }), RangeError);
    assert.throws(() => new EvaluationStreams(places(9), { timeSteps: 4, maxStreams: 1, limit: 1 }), RangeError);
  });
});
