import assert from 'node:assert/strict';
import fc from 'fast-check';
import { arrowPath, circleOf, SIZE } from '../../../webview/panel/results/graphLayout.ts';
import { matrixScene } from '../../../webview/panel/results/matrixScene.ts';

const confusion = {
  kind: 'matrix' as const,
  title: 'Confusion',
  rowAxis: 'true class',
  columnAxis: 'predicted class',
  rows: ['spam', 'ham'],
  columns: ['spam', 'ham'],
  values: [30, 10, 0, 60],
  unit: 'texts',
  path: [],
  note: '',
};

describe('blocks of a report', () => {
  it('color a matrix from zero to its largest value', () => {
    const scene = matrixScene(confusion);
    assert.deepEqual([...(scene?.values ?? [])], [128, 43, 0, 255]);
    assert.equal(scene?.palette, 'sequential');
    assert.equal(scene.high, '60 texts');
    assert.equal(scene.text({ row: 0, column: 1 }), '10');
    assert.equal(scene.rows.name(1), 'true class ham');
  });

  it('color signed values around a neutral zero', () => {
    const scene = matrixScene({ ...confusion, values: [-2, 0, 1, 2] });
    assert.deepEqual([...(scene?.values ?? [])], [0, 128, 191, 255]);
    assert.equal(scene?.palette, 'diverging');
  });

  it('mark a path, and describe its cells', () => {
    const scene = matrixScene({ ...confusion, path: [1, 0] });
    assert.deepEqual(scene?.path, [
      { row: 1, column: 0 },
      { row: 0, column: 1 },
    ]);
    assert.equal(scene?.details({ row: 1, column: 0 }).length, 1);
    assert.deepEqual(scene?.details({ row: 0, column: 0 }), []);
  });

  it('have no map for an empty matrix, and a uniform one for zeros', () => {
    assert.equal(matrixScene({ ...confusion, rows: [], values: [] }), null);
    assert.deepEqual([...(matrixScene({ ...confusion, values: [0, 0, 0, 0] })?.values ?? [])], [0, 0, 0, 0]);
  });

  it('keep the nodes and arrows of any graph inside the drawing', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 60 }), fc.nat(), fc.nat(), (count, a, b) => {
        const circle = circleOf(count);
        const numbers = arrowPath(circle, a % count, b % count).match(/-?\d+\.\d/g) ?? [];
        const everywhere = [
          ...circle.centers.flatMap(({ x, y }) => [
            x - circle.radius,
            x + circle.radius,
            y - circle.radius,
            y + circle.radius,
          ]),
          ...numbers.map(Number),
        ];
        assert.ok(
          everywhere.every((at) => at >= 0 && at <= SIZE),
          everywhere.join(' '),
        );
      }),
    );
  });

  it('bend opposite arrows to different sides', () => {
    const circle = circleOf(3);
    assert.notEqual(arrowPath(circle, 0, 1), arrowPath(circle, 1, 0));
  });
});
