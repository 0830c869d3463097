import assert from 'node:assert/strict';
import fc from 'fast-check';
import { tableRows } from '../../../webview/charts/tableRows.ts';

describe('the table of points', () => {
  it('merges curves by x', () => {
    const rows = tableRows([
      { x: [1, 2, 3], y: [4, null, 3] },
      { x: [2, 5], y: [3.5, 3.4] },
    ]);
    assert.deepEqual(rows, [
      { x: 1, values: [4, undefined] },
      { x: 2, values: [null, 3.5] },
      { x: 3, values: [3, undefined] },
      { x: 5, values: [undefined, 3.4] },
    ]);
    assert.deepEqual(tableRows([]), []);
  });

  it('contains every point of every curve once, in order', () => {
    const curve = fc
      .array(fc.tuple(fc.nat(30), fc.option(fc.double({ noNaN: true }), { nil: null })))
      .map((points) => points.sort(([a], [b]) => a - b))
      .map((points) => ({ x: points.map(([x]) => x), y: points.map(([, y]) => y) }));
    fc.assert(
      fc.property(fc.array(curve, { maxLength: 4 }), (curves) => {
        const rows = tableRows(curves);
        curves.forEach((points, i) => {
          const own = rows.filter(({ values }) => values[i] !== undefined);
          assert.deepEqual(
            own.map(({ x }) => x),
            points.x,
          );
          assert.deepEqual(
            own.map(({ values }) => values[i]),
            points.y,
          );
        });
        assert.ok(rows.every(({ x }, i) => i === 0 || x >= (rows[i - 1]?.x ?? 0)));
      }),
    );
  });
});
