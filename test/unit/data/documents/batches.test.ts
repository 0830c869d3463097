import assert from 'node:assert/strict';
import fc from 'fast-check';
import { DocumentBatcher } from '../../../../src/data/documents/documentBatcher.ts';
import { DocumentStreams, limitedDocuments } from '../../../../src/data/documents/documentStreams.ts';
import { TokenSequence } from '../../../../src/data/tokenSequence.ts';

/** Documents in which every id is `1000 * document + place`. */
const documentsOf = (lengths: readonly number[]): TokenSequence[] =>
  lengths.map((length, document) => TokenSequence.of(Array.from({ length }, (_, at) => 1000 * document + at)));

const anyLengths = fc
  .array(fc.integer({ min: 0, max: 40 }), { minLength: 1, maxLength: 12 })
  .filter((lengths) => lengths.some((length) => length > 1));
const anySizes = fc
  .record({ batchSize: fc.integer({ min: 1, max: 6 }), timeSteps: fc.integer({ min: 1, max: 9 }) })
  .chain((sizes) => fc.record({ sizes: fc.constant(sizes), stride: fc.integer({ min: 1, max: sizes.timeSteps }) }));

/** Every target of documents, sorted. */
const targetsOf = (lengths: readonly number[]): number[] =>
  lengths.flatMap((length, document) =>
    Array.from({ length: Math.max(0, length - 1) }, (_, at) => 1000 * document + at + 1),
  );

const sorted = (values: readonly number[]) => values.toSorted((a, b) => a - b);

describe('training windows of documents', () => {
  it('never cross a boundary, and carry the state only within a document', () => {
    fc.assert(
      fc.property(anyLengths, anySizes, (lengths, { sizes, stride }) => {
        const batcher = new DocumentBatcher(documentsOf(lengths), { ...sizes, stride });
        const { batchSize, timeSteps } = batcher;
        const before = new Array<number>(batchSize).fill(-1);
        for (let window = 0; window < 3 * batcher.windowsPerEpoch; window++) {
          const { inputs, targets, streams } = batcher.next();
          assert.ok(streams && streams.count > 0);
          assert.equal(
            streams.count,
            streams.weights.reduce((sum, weight) => sum + weight, 0),
          );
          for (let stream = 0; stream < batchSize; stream++) {
            const first = inputs[stream]!;
            if (streams.carried[stream] === 1) assert.equal(first, before[stream]! + batcher.stride);
            before[stream] = first;
            for (let t = 0; t < timeSteps; t++) {
              const at = t * batchSize + stream;
              if (streams.weights[at] === 0) continue;
              assert.equal(inputs[at], first + t);
              assert.equal(targets[at], inputs[at]! + 1);
            }
          }
        }
      }),
    );
  });

  it('have every target of an epoch once, except those of the windows that remain', () => {
    fc.assert(
      fc.property(anyLengths, anySizes, (lengths, { sizes }) => {
        const batcher = new DocumentBatcher(documentsOf(lengths), sizes);
        const epochs = [0, 1].map(() => {
          const seen: number[] = [];
          for (let window = 0; window < batcher.windowsPerEpoch; window++) {
            const { targets, streams } = batcher.next();
            targets.forEach((target, at) => {
              if (streams?.weights[at] === 1) seen.push(target);
            });
          }
          assert.equal(new Set(seen).size, seen.length);
          return seen;
        });
        assert.deepEqual(sorted([...new Set(epochs.flat())]), targetsOf(lengths));
      }),
    );
  });

  it('continue at a stored position', () => {
    fc.assert(
      fc.property(anyLengths, anySizes, fc.nat(30), (lengths, { sizes, stride }, steps) => {
        const batcher = new DocumentBatcher(documentsOf(lengths), { ...sizes, stride });
        for (let step = 0; step < steps; step++) batcher.next();
        const other = new DocumentBatcher(documentsOf(lengths), { ...sizes, stride });
        other.seek(batcher.position);
        assert.deepEqual(other.next(), batcher.next());
      }),
    );
  });

  it('are as short as the longest document, and need one of two tokens', () => {
    assert.equal(new DocumentBatcher(documentsOf([3, 5, 1]), { batchSize: 2, timeSteps: 50 }).timeSteps, 4);
    assert.throws(() => new DocumentBatcher(documentsOf([1, 0]), { batchSize: 2, timeSteps: 5 }), RangeError);
    assert.throws(() => new DocumentBatcher(documentsOf([9]), { batchSize: 1, timeSteps: 5, stride: 6 }), RangeError);
  });
});

describe('scored windows of documents', () => {
  it('have every target once, each document from its start in one stream', () => {
    fc.assert(
      fc.property(
        anyLengths,
        fc.record({ timeSteps: fc.integer({ min: 1, max: 9 }), maxStreams: fc.integer({ min: 1, max: 6 }) }),
        (lengths, options) => {
          const streams = new DocumentStreams(documentsOf(lengths), options);
          const before = new Array<number>(streams.batch).fill(-1);
          const seen: number[] = [];
          let windows = 0;
          for (const { timeSteps, batch, inputs, targets, weights, count, carried } of streams) {
            windows++;
            const had = seen.length;
            for (let stream = 0; stream < batch; stream++) {
              for (let t = 0; t < timeSteps; t++) {
                const at = t * batch + stream;
                if (weights[at] === 0) continue;
                const isNext = inputs[at] === before[stream]! + 1 && inputs[at]! % 1000 > 0;
                assert.ok(t === 0 && carried?.[stream] === 0 ? inputs[at]! % 1000 === 0 : isNext);
                assert.equal(targets[at], inputs[at]! + 1);
                before[stream] = inputs[at]!;
                seen.push(targets[at]!);
              }
            }
            assert.equal(seen.length - had, count);
          }
          assert.equal(windows, streams.windowCount);
          assert.equal(seen.length, streams.targetCount);
          assert.deepEqual(sorted(seen), targetsOf(lengths));
        },
      ),
    );
  });

  it('can be limited to a number of tokens', () => {
    const lengths = (limit: number) => limitedDocuments(documentsOf([4, 1, 6, 3]), limit).map(({ length }) => length);
    assert.deepEqual([lengths(0), lengths(7), lengths(5), lengths(3)], [[4, 6, 3], [4, 3], [4], [3]]);
  });

  it('need as many documents as streams', () => {
    const options = { timeSteps: 4, maxStreams: 2, streams: 3 };
    assert.throws(() => new DocumentStreams(documentsOf([4, 4, 1]), options), RangeError);
    assert.throws(() => new DocumentStreams(documentsOf([1]), { timeSteps: 4, maxStreams: 2 }), RangeError);
  });
});
