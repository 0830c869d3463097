import assert from 'node:assert/strict';
import fc from 'fast-check';
import { addRow, packRows } from '../../../src/sentiment/packedRows.ts';

const WIDTH = 6;
const rows = fc.array(
  fc.array(fc.float({ min: -100, max: 100, noNaN: true }), { minLength: WIDTH, maxLength: WIDTH }),
  { minLength: 1, maxLength: 8 },
);

for (const [bits, steps] of [
  [8, 127],
  [4, 7],
] as const) {
  describe(`rows packed at ${bits} bits`, () => {
    it('are restored within half a quantization step', () => {
      fc.assert(
        fc.property(rows, (values) => {
          const packed = packRows(Float32Array.from(values.flat()), WIDTH, bits);
          const largest = Math.max(...values.flat().map(Math.abs));
          values.forEach((row, index) => {
            const back = new Float32Array(WIDTH);
            addRow(packed, index, back, 0);
            // The scale of a row is rounded up by at most a 255th of the largest.
            const scale = Math.max(...row.map(Math.abs)) + largest / 255;
            row.forEach((value, k) => assert.ok(Math.abs(value - back[k]!) <= (0.5001 * scale) / steps + 1e-6));
          });
        }),
      );
    });

    it('are packed identically again', () => {
      fc.assert(
        fc.property(rows, (values) => {
          const packed = packRows(Float32Array.from(values.flat()), WIDTH, bits);
          const back = new Float32Array(values.length * WIDTH);
          values.forEach((_, index) => addRow(packed, index, back, index * WIDTH));
          const again = packRows(back, WIDTH, bits);
          const twice = new Float32Array(back.length);
          values.forEach((_, index) => addRow(again, index, twice, index * WIDTH));
          const size = Math.max(...back.map(Math.abs));
          twice.forEach((value, k) => assert.ok(Math.abs(value - back[k]!) <= size / steps));
        }),
      );
    });

    it('are added to existing values at an offset', () => {
      const packed = packRows(Float32Array.of(0, 0, 0, 0, 0, 0, 1, -1, 0, 0, 0, 1), WIDTH, bits);
      const target = new Float32Array(8).fill(2);
      addRow(packed, 1, target, 1);
      assert.deepEqual([...target], [2, 3, 1, 2, 2, 2, 3, 2]);
      addRow(packed, 0, target, 1);
      assert.deepEqual([...target], [2, 3, 1, 2, 2, 2, 3, 2]);
    });

    it('may be empty', () => {
      assert.equal(packRows(new Float32Array(), WIDTH, bits).data.length, 0);
    });
  });
}
