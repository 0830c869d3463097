import assert from 'node:assert/strict';
import fc from 'fast-check';
import { StreamBatcher } from '../../../src/data/streamBatcher.ts';
import { places } from './helpers.ts';
import { errorWith } from '../../harness/facts.ts';

/** Batcher of a text where every id is its position. */
const shape = fc
  .record({ timeSteps: fc.integer({ min: 1, max: 9 }), batchSize: fc.integer({ min: 1, max: 6 }), extra: fc.nat(200) })
  .map(({ timeSteps, batchSize, extra }) => new StreamBatcher(places(timeSteps + 1 + extra), { batchSize, timeSteps }));

interface Copy {
  inputs: number[];
  targets: number[];
  startOfEpoch: boolean;
}

const next = (batcher: StreamBatcher): Copy => {
  const { inputs, targets, startOfEpoch } = batcher.next();
  return { inputs: [...inputs], targets: [...targets], startOfEpoch };
};

const take = (batcher: StreamBatcher, count: number): Copy[] => Array.from({ length: count }, () => next(batcher));

const column = (batcher: StreamBatcher, values: number[], stream: number): number[] =>
  values.filter((_, i) => i % batcher.batchSize === stream);

describe('stream batcher', () => {
  it('returns time-major windows', () => {
    const batcher = new StreamBatcher(places(13), { batchSize: 2, timeSteps: 3 });
    assert.deepEqual(next(batcher), { inputs: [0, 6, 1, 7, 2, 8], targets: [1, 7, 2, 8, 3, 9], startOfEpoch: true });
    assert.deepEqual(next(batcher), {
      inputs: [3, 9, 4, 10, 5, 11],
      targets: [4, 10, 5, 11, 6, 12],
      startOfEpoch: false,
    });
    assert.deepEqual(next(batcher).startOfEpoch, true);
  });

  it('has the inputs shifted by one as targets', () => {
    fc.assert(
      fc.property(shape, (batcher) => {
        for (const { inputs, targets } of take(batcher, 2 * batcher.windowsPerEpoch)) {
          assert.deepEqual(
            targets,
            inputs.map((place) => place + 1),
          );
        }
      }),
    );
  });

  it('has each target of a stream exactly once, in order, in the new steps of its windows, for any stride', () => {
    const overlapping = fc
      .record({
        timeSteps: fc.integer({ min: 1, max: 9 }),
        strides: fc.integer({ min: 1, max: 9 }),
        batchSize: fc.integer({ min: 1, max: 6 }),
        extra: fc.nat(200),
      })
      .map(({ timeSteps, strides, batchSize, extra }) => {
        const stride = Math.min(strides, timeSteps);
        return new StreamBatcher(places(timeSteps + 1 + extra), { batchSize, timeSteps, stride });
      });
    fc.assert(
      fc.property(overlapping, (batcher) => {
        const reached = new Set<number>();
        for (let epoch = 0; epoch < 2; epoch++) {
          const streams = Array.from({ length: batcher.batchSize }, (): number[] => []);
          for (let window = 0; window < batcher.windowsPerEpoch; window++) {
            const { inputs, targets, newSteps } = batcher.next();
            assert.equal(newSteps, window === 0 ? batcher.timeSteps : batcher.stride);
            streams.forEach((targetsSoFar, stream) => {
              const [first = NaN] = column(batcher, [...inputs], stream);
              if (window > 0) assert.equal(first, Number(targetsSoFar.at(-1)) - (batcher.timeSteps - batcher.stride));
              targetsSoFar.push(...column(batcher, [...targets], stream).slice(-newSteps));
            });
          }
          for (const targets of streams) {
            assert.deepEqual(
              targets,
              targets.map((_, i) => Number(targets[0]) + i),
            );
            assert.equal(targets.length, batcher.streamLength);
            for (const target of targets) reached.add(target);
          }
        }
        const last = Math.max(...reached);
        assert.deepEqual(
          [...reached].sort((a, b) => a - b),
          Array.from({ length: last }, (_, i) => i + 1),
          'two epochs reach every target',
        );
      }),
    );
  });

  it('rejects a stride of 0 or longer than a window', () => {
    for (const stride of [0, 4])
      assert.throws(
        () => new StreamBatcher(places(30), { batchSize: 2, timeSteps: 3, stride }),
        errorWith({ name: 'RangeError' }, stride, 3),
      );
  });

  it('continues every stream where its last window ended, until a new epoch starts', () => {
    fc.assert(
      fc.property(shape, (batcher) => {
        for (let epoch = 0; epoch < 3; epoch++) {
          const windows = take(batcher, batcher.windowsPerEpoch);
          assert.deepEqual(
            windows.map(({ startOfEpoch }) => startOfEpoch),
            windows.map((_, i) => i === 0),
          );
          for (let stream = 0; stream < batcher.batchSize; stream++) {
            const inputs = windows.flatMap((window) => column(batcher, window.inputs, stream));
            const [first = NaN] = inputs;
            assert.deepEqual(
              inputs,
              inputs.map((_, i) => first + i),
            );
            assert.equal(inputs.length, batcher.streamLength);
          }
        }
      }),
    );
  });

  it('trains on each character at most once per epoch, and on all in any two consecutive epochs', () => {
    const sizes = fc.record({
      timeSteps: fc.integer({ min: 1, max: 9 }),
      batchSize: fc.integer({ min: 1, max: 6 }),
      extra: fc.nat(200),
      from: fc.nat(3),
    });
    fc.assert(
      fc.property(sizes, ({ timeSteps, batchSize, extra, from }) => {
        const length = timeSteps + 1 + extra;
        const batcher = new StreamBatcher(places(length), { batchSize, timeSteps });
        batcher.seek({ epoch: from, window: 0 });
        const trained = new Set<number>();
        for (let epoch = 0; epoch < 2; epoch++) {
          const targets = take(batcher, batcher.windowsPerEpoch).flatMap((window) => window.targets);
          assert.equal(new Set(targets).size, targets.length);
          for (const target of targets) trained.add(target);
        }
        assert.equal(trained.size, length - 1);
      }),
    );
  });

  it('resumes exactly after a seek', () => {
    fc.assert(
      fc.property(shape, fc.nat(60), (batcher, steps) => {
        batcher.seek({ epoch: 0, window: 0 });
        take(batcher, steps);
        const position: unknown = JSON.parse(JSON.stringify(batcher.position));
        const expected = take(batcher, 5);
        batcher.seek(position as typeof batcher.position);
        assert.deepEqual(take(batcher, 5), expected);
      }),
    );
  });

  it('uses as many streams as fit', () => {
    assert.equal(new StreamBatcher(places(3 * 10 + 1), { batchSize: 4, timeSteps: 10 }).batchSize, 3);
    assert.equal(new StreamBatcher(places(4 * 10 + 1), { batchSize: 4, timeSteps: 10 }).batchSize, 4);
    assert.equal(new StreamBatcher(places(11), { batchSize: 4, timeSteps: 10 }).batchSize, 1);
  });

  it('rejects a text shorter than one window, and positions that do not exist', () => {
    assert.throws(
      () => new StreamBatcher(places(10), { batchSize: 1, timeSteps: 10 }),
      errorWith({ name: 'RangeError' }, 10),
    );
    const batcher = new StreamBatcher(places(21), { batchSize: 1, timeSteps: 10 });
    for (const position of [
      { epoch: -1, window: 0 },
      { epoch: 0, window: 2 },
      { epoch: 0, window: 0.5 },
      { epoch: NaN, window: 0 },
    ]) {
      assert.throws(() => batcher.seek(position), RangeError);
    }
  });
});
