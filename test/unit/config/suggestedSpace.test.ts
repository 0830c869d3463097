import assert from 'node:assert/strict';
import fc from 'fast-check';
import { type ConfigField, configField } from '../../../src/config/fields.ts';
import { suggestedRange, suggestedSpace } from '../../../src/config/suggestedSpace.ts';
import { sweepOf } from '../sweeps/examples.ts';

function field(path: string): ConfigField {
  const found = configField(path);
  assert.ok(found, path);
  return found;
}

describe('suggested values of a field', () => {
  it('are ones that a sweep takes', () => {
    for (const path of ['training.learningRate', 'model.units', 'model.cell', 'model.layers', 'training.clipNorm']) {
      const { default: value } = field(path);
      const space = suggestedSpace(field(path), value);
      assert.equal(sweepOf({ fields: { [path]: space } }).dimensions.length, 1, path);
    }
  });

  it('as a range have the present value within them, and the bounds of the field around them', () => {
    const values = {
      'training.learningRate': fc.double({ min: 1e-6, max: 10, noNaN: true }),
      'model.units': fc.integer({ min: 1, max: 4096 }),
      'model.dropout': fc.double({ min: 0, max: 0.9, noNaN: true }),
    };
    for (const [path, value] of Object.entries(values))
      fc.assert(
        fc.property(value, (present) => {
          const [low, high] = suggestedRange(field(path), present);
          const { minimum = -Infinity, maximum = Infinity } = field(path);
          // Numbers are rounded to six digits.
          const slack = 1e-5 * Math.abs(present);
          assert.ok(minimum <= low && low <= present + slack && present - slack <= high && high <= maximum, path);
        }),
      );
  });
});
