import assert from 'node:assert/strict';
import fc from 'fast-check';
import {
  blockAround,
  cellAt,
  describeCell,
  layOut,
  moveCursor,
  type HeatMapScene,
} from '../../../webview/charts/heatMapScene.ts';

function scene(rows: number, columns: number): HeatMapScene {
  const axis = (title: string, count: number) => ({
    title,
    count,
    thinnable: true,
    label: String,
    name: (index: number) => `${title} ${index}`,
  });
  return {
    title: 'a map',
    rows: axis('unit', rows),
    columns: axis('step', columns),
    values: new Uint8Array(rows * columns),
    holes: null,
    palette: 'sequential',
    low: '0',
    high: '1',
    text: ({ row, column }) => `${row}/${column}`,
    details: () => ['more'],
  };
}

const sizes = {
  rows: fc.integer({ min: 1, max: 2048 }),
  columns: fc.integer({ min: 1, max: 500 }),
  width: fc.integer({ min: 200, max: 3000 }),
};

describe('a heat map', () => {
  it('finds the cell at a point, at any size', () => {
    fc.assert(
      fc.property(
        sizes.rows,
        sizes.columns,
        sizes.width,
        fc.double({ min: 0, max: 1, noNaN: true, maxExcluded: true }),
        fc.double({ min: 0, max: 1, noNaN: true, maxExcluded: true }),
        (rows, columns, width, down, across) => {
          const map = scene(rows, columns);
          const layout = layOut(map, width);
          const cell = { row: Math.floor(down * rows), column: Math.floor(across * columns) };
          const x = layout.left + (cell.column + 0.5) * layout.cellWidth;
          const y = layout.top + (cell.row + 0.5) * layout.cellHeight;
          assert.deepEqual(cellAt(map, layout, x, y), cell);
        },
      ),
    );
  });

  it('has no cell beyond its edges, and fits its width', () => {
    fc.assert(
      fc.property(sizes.rows, sizes.columns, sizes.width, (rows, columns, width) => {
        const map = scene(rows, columns);
        const { left, top, cellWidth, cellHeight, ...layout } = layOut(map, width);
        const right = left + columns * cellWidth;
        const bottom = top + rows * cellHeight;
        assert.ok(right <= width && bottom < layout.height);
        for (const [x, y] of [
          [left - 1, top],
          [left, top - 1],
          [right + 1, top],
          [left, bottom],
        ] as const) {
          assert.equal(cellAt(map, { left, top, cellWidth, cellHeight, ...layout }, x, y), null);
        }
      }),
    );
  });

  it('keeps its cursor on the map for any keys', () => {
    const keys = fc.array(
      fc.constantFrom('ArrowLeft', 'ArrowRight', 'ArrowUp', 'ArrowDown', 'PageUp', 'PageDown', 'Home', 'End'),
      { minLength: 1 },
    );
    fc.assert(
      fc.property(sizes.rows, sizes.columns, keys, (rows, columns, pressed) => {
        const map = scene(rows, columns);
        let cell: ReturnType<typeof moveCursor> = null;
        for (const key of pressed) {
          cell = moveCursor(map, cell, key);
          assert.ok(cell && cell.row >= 0 && cell.row < rows && cell.column >= 0 && cell.column < columns);
        }
      }),
    );
  });

  it('moves by one cell with an arrow key, by ten rows with a page key, and ignores other keys', () => {
    const map = scene(40, 40);
    const from = { row: 20, column: 20 };
    assert.deepEqual(moveCursor(map, from, 'ArrowRight'), { row: 20, column: 21 });
    assert.deepEqual(moveCursor(map, from, 'ArrowUp'), { row: 19, column: 20 });
    assert.deepEqual(moveCursor(map, from, 'PageDown'), { row: 30, column: 20 });
    assert.deepEqual(moveCursor(map, from, 'End'), { row: 20, column: 39 });
    assert.equal(moveCursor(map, from, 'Escape'), null);
    assert.equal(moveCursor(map, from, 'a'), undefined);
  });

  it('describes a cell, with or without a value', () => {
    const map = { ...scene(2, 3), holes: Uint8Array.from([0, 0, 0, 0, 1, 0]) };
    assert.equal(describeCell(map, { row: 0, column: 2 }), 'unit 0, step 2, 0/2, more');
    assert.match(describeCell(map, { row: 1, column: 1 }), /^unit 1, step 1, \D+, more$/);
  });

  it('shows a table block that contains the cursor and is within the map', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 600 }),
        fc.integer({ min: 0, max: 599 }),
        fc.integer({ min: 1, max: 30 }),
        (count, place, most) => {
          const index = place % count;
          const { start, length } = blockAround(index, count, most);
          assert.ok(start >= 0 && start <= index && index < start + length && start + length <= count);
          assert.equal(length, Math.min(count, most));
        },
      ),
    );
  });
});
