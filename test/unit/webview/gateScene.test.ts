import assert from 'node:assert/strict';
import fc from 'fast-check';
import type { ActivationMap } from '../../../src/protocol/inspection.ts';
import { firstColumns, inOrder, valueOf } from '../../../webview/panel/gates/gateScene.ts';

/** A map in which every value names its unit and its column, with some holes. */
const maps: fc.Arbitrary<ActivationMap> = fc
  .record({ units: fc.integer({ min: 1, max: 6 }), timeSteps: fc.integer({ min: 1, max: 9 }), hasHoles: fc.boolean() })
  .chain(({ units, timeSteps, hasHoles }) => {
    const size = units * timeSteps;
    const bytes = (max: number) => fc.uint8Array({ minLength: size, maxLength: size, max });
    return fc.record({
      units: fc.constant(units),
      timeSteps: fc.constant(timeSteps),
      low: fc.constant(-1),
      high: fc.constant(1),
      values: bytes(255).map((each) => Uint8Array.from(each)),
      holes: hasHoles ? bytes(1).map((each) => Uint8Array.from(each)) : fc.constant(null),
      order: fc.constant(Array.from({ length: units }, (_, unit) => unit)),
      scores: fc.constant([]),
    });
  });

describe('maps of gates', () => {
  it('keep the values and the holes of the first columns', () => {
    fc.assert(
      fc.property(maps, fc.nat(), (map, chosen) => {
        const count = chosen % (map.timeSteps + 1);
        const cut = firstColumns(map, count);
        assert.equal(cut.values.length, map.units * count);
        for (let row = 0; row < map.units; row++)
          for (let column = 0; column < count; column++)
            assert.deepEqual(valueOf(cut, { row, column }), valueOf(map, { row, column }));
      }),
    );
  });

  it('keep the values and the holes of each unit in another order', () => {
    fc.assert(
      fc.property(maps, (map) => {
        const order = map.order.toReversed();
        const turned = inOrder(map, order);
        order.forEach((unit, row) => {
          for (let column = 0; column < map.timeSteps; column++)
            assert.deepEqual(valueOf(turned, { row, column }), valueOf(map, { row: unit, column }));
        });
      }),
    );
  });
});
