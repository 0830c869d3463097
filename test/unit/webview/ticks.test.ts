import assert from 'node:assert/strict';
import fc from 'fast-check';
import type { ScaleKind } from '../../../webview/charts/scale.ts';
import { axisTicks, xTicks } from '../../../webview/charts/ticks.ts';

const labels = (min: number, max: number, kind: ScaleKind, count: number) =>
  axisTicks({ min, max }, kind, count).map(({ label }) => label);

describe('axis ticks', () => {
  const cases: [number, number, ScaleKind, number, string[]][] = [
    [0, 2000, 'linear', 4, ['0', '500', '1,000', '1,500', '2,000']],
    [1.43, 4.3, 'linear', 6, ['1.5', '2', '2.5', '3', '3.5', '4']],
    [-0.1, 0.1, 'linear', 4, ['-0.1', '-0.05', '0', '0.05', '0.1']],
    [0.0004, 0.0051, 'linear', 5, ['0.001', '0.002', '0.003', '0.004', '0.005']],
    [2e-6, 9e-6, 'linear', 4, ['2e-6', '4e-6', '6e-6', '8e-6']],
    [0.4, 130, 'logarithmic', 6, ['0.5', '1', '2', '5', '10', '20', '50', '100']],
    [1e-3, 1e3, 'logarithmic', 5, ['', '0.01', '', '1', '', '100', '']],
    [2.1, 3.9, 'logarithmic', 4, ['2.5', '3', '3.5']],
  ];
  for (const [min, max, kind, count, expected] of cases) {
    it(`of ${min} to ${max}, ${kind}`, () => assert.deepEqual(labels(min, max, kind, count), expected));
  }

  it('are at given places, with a label at as many as have room', () => {
    const rates = { xName: 'rate', xPlaces: [0, 40, 80, 120, 160], describeX: (x: number) => `e${x / 40}` } as const;
    const at = (pixels: number) =>
      xTicks({ min: 1, max: 150 }, rates, pixels, 50).map(({ value, label }) => [value, label]);
    assert.deepEqual(at(500), [
      [40, 'e1'],
      [80, 'e2'],
      [120, 'e3'],
    ]);
    assert.deepEqual(
      at(100).map(([, label]) => label),
      ['e1', '', 'e3'],
    );
  });

  it('are within the range, ascending, and neither too few nor too many', () => {
    const ends = fc.tuple(
      fc.double({ min: 1e-8, max: 1e8, noNaN: true }),
      fc.double({ min: 1.001, max: 1e12, noNaN: true }),
    );
    fc.assert(
      fc.property(
        ends,
        fc.constantFrom<ScaleKind>('linear', 'logarithmic'),
        fc.integer({ min: 2, max: 12 }),
        ([min, factor], kind, count) => {
          const range = { min, max: min * factor };
          const values = axisTicks(range, kind, count).map(({ value }) => value);
          assert.ok(values.length >= 1 && values.length <= 40, `${values.length} ticks`);
          assert.ok(values.every((value) => value >= min * (1 - 1e-9) && value <= range.max * (1 + 1e-9)));
          assert.deepEqual(
            values,
            [...new Set(values)].sort((a, b) => a - b),
          );
        },
      ),
    );
  });
});
