import assert from 'node:assert/strict';
import * as tf from '@tensorflow/tfjs';
import fc from 'fast-check';
import { backendNamed } from '../../../src/backends/registry.ts';
import { maskSteps, maxPool } from '../../../src/kernels/ops.ts';

interface Case {
  readonly shape: [timeSteps: number, batch: number, width: number];
  readonly lengths: readonly number[];
  readonly values: readonly number[];
}

const cases: fc.Arbitrary<Case> = fc
  .tuple(fc.integer({ min: 1, max: 6 }), fc.integer({ min: 1, max: 4 }), fc.integer({ min: 1, max: 5 }))
  .chain(([timeSteps, batch, width]) => {
    const count = timeSteps * batch * width;
    return fc.record({
      shape: fc.constant<[number, number, number]>([timeSteps, batch, width]),
      lengths: fc.array(fc.integer({ min: 1, max: timeSteps }), { minLength: batch, maxLength: batch }),
      // Distinct values, so that only one step has the maximum.
      values: fc.shuffledSubarray(
        Array.from({ length: count }, (_, i) => i - count / 2),
        { minLength: count, maxLength: count },
      ),
    });
  });

const at = ([, batch, width]: Case['shape'], t: number, b: number, k: number): number => (t * batch + b) * width + k;

for (const name of ['reference', 'wasm'] as const) {
  describe(`padding of a sequence on ${name}`, () => {
    before(async () => {
      await backendNamed(name).load({ home: '', tensorflowPath: '', threads: 1 });
    });

    it('is masked by zeros and has no gradient', () => {
      fc.assert(
        fc.property(cases, ({ shape, lengths, values }) => {
          const [timeSteps, batch, width] = shape;
          const { masked, gradient } = tf.tidy(() => {
            const of = (x: tf.Tensor) =>
              maskSteps({ x: x as tf.Tensor3D, lengths: tf.tensor1d([...lengths], 'int32') });
            const x = tf.tensor3d([...values], shape);
            return {
              masked: of(x).dataSync(),
              gradient: tf
                .grad((y) => tf.sum(tf.square(of(y))))(x)
                .dataSync(),
            };
          });
          for (let t = 0; t < timeSteps; t++) {
            for (let b = 0; b < batch; b++) {
              for (let k = 0; k < width; k++) {
                const place = at(shape, t, b, k);
                const value = t < lengths[b]! ? values[place]! : 0;
                assert.deepEqual([masked[place], gradient[place]], [value, 2 * value]);
              }
            }
          }
        }),
      );
    });

    it('is never the maximum, which alone has a gradient', () => {
      fc.assert(
        fc.property(cases, ({ shape, lengths, values }) => {
          const [timeSteps, batch, width] = shape;
          const { pooled, gradient } = tf.tidy(() => {
            const of = (h: tf.Tensor) => maxPool({ h: h as tf.Tensor3D, lengths: tf.tensor1d([...lengths], 'int32') });
            const h = tf.tensor3d([...values], shape);
            return {
              pooled: of(h).dataSync(),
              gradient: tf
                .grad((y) => tf.sum(tf.mul(of(y), 3)))(h)
                .dataSync(),
            };
          });
          for (let b = 0; b < batch; b++) {
            for (let k = 0; k < width; k++) {
              const column = Array.from({ length: lengths[b]! }, (_, t) => values[at(shape, t, b, k)]!);
              const largest = Math.max(...column);
              assert.equal(pooled[b * width + k], largest);
              const slopes = Array.from({ length: timeSteps }, (_, t) => gradient[at(shape, t, b, k)]);
              assert.deepEqual(
                slopes,
                slopes.map((_, t) => (t < column.length && column[t] === largest ? 3 : 0)),
              );
            }
          }
        }),
      );
    });

    it('splits a concatenation along any axis', () => {
      const parts = fc.record({
        shape: fc.array(fc.integer({ min: 1, max: 3 }), { minLength: 1, maxLength: 3 }),
        lengths: fc.array(fc.integer({ min: 1, max: 3 }), { minLength: 1, maxLength: 3 }),
        axis: fc.nat(2),
      });
      fc.assert(
        fc.property(parts, ({ shape, lengths, axis: wanted }) => {
          const axis = wanted % shape.length;
          tf.tidy(() => {
            const pieces = lengths.map((length, i) => {
              const size = shape.map((whole, at) => (at === axis ? length : whole));
              return tf.add(
                tf.reshape(
                  tf.range(
                    0,
                    size.reduce((product, each) => product * each, 1),
                  ),
                  size,
                ),
                100 * i,
              );
            });
            const back = tf.split(tf.concat(pieces, axis), [...lengths], axis);
            assert.deepEqual(
              back.map((piece) => [piece.shape, [...piece.dataSync()]]),
              pieces.map((piece) => [piece.shape, [...piece.dataSync()]]),
            );
          });
        }),
      );
    });

    it('slices any block of a tensor', () => {
      const block = fc.array(fc.integer({ min: 1, max: 4 }), { minLength: 1, maxLength: 4 }).chain((shape) =>
        fc.record({
          shape: fc.constant(shape),
          ranges: fc.tuple(
            ...shape.map((length) =>
              fc
                .tuple(fc.nat(length - 1), fc.nat(length))
                .map(([begin, size]): [number, number] => [begin, Math.min(size, length - begin)]),
            ),
          ),
        }),
      );
      fc.assert(
        fc.property(block, ({ shape, ranges }) => {
          const size = shape.reduce((product, length) => product * length, 1);
          const values = Array.from({ length: size }, (_, i) => i);
          const begins = ranges.map(([begin]) => begin);
          const sizes = ranges.map(([, length]) => length);
          const slice = tf.tidy(() => [...tf.slice(tf.tensor(values, shape), begins, sizes).dataSync()]);
          const expected = values.filter((value) => {
            let rest = value;
            const place = [...shape]
              .reverse()
              .map((length) => {
                const digit = rest % length;
                rest = (rest - digit) / length;
                return digit;
              })
              .reverse();
            return place.every((digit, axis) => digit >= begins[axis]! && digit < begins[axis]! + sizes[axis]!);
          });
          assert.deepEqual(slice, expected);
        }),
      );
    });
  });
}
