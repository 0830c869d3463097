import assert from 'node:assert/strict';
import fc from 'fast-check';
import { type ConfigField, configField } from '../../../src/config/fields.ts';
import { describeSpace, type NamedSpace, parseSpace, suggestedSpace } from '../../../src/sweeps/fieldText.ts';
import { sweepOf } from './examples.ts';

function field(path: string): ConfigField {
  const found = configField(path);
  assert.ok(found, path);
  return found;
}

const rate = field('training.learningRate');
const units = field('model.units');
const cell = field('model.cell');

describe('values of a field as a text', () => {
  const number = fc.double({ min: -1e6, max: 1e6, noNaN: true }).map((value) => (value === 0 ? 0 : value));
  const spaces: fc.Arbitrary<readonly [ConfigField, NamedSpace]> = fc.oneof(
    fc.array(number, { minLength: 1 }).map((values) => [rate, { values }] as const),
    fc.array(fc.integer(), { minLength: 1 }).map((values) => [units, { values }] as const),
    fc
      .tuple(number, number, fc.constantFrom('linear' as const, 'log' as const))
      .map(([low, high, scale]) => [rate, { range: [low, high] as [number, number], scale }] as const),
    fc.array(fc.constantFrom('lstm', 'gru', 'rnn'), { minLength: 1 }).map((choices) => [cell, { choices }] as const),
  );

  it('are read as they were described', () => {
    fc.assert(
      fc.property(spaces, ([of, space]) => {
        assert.deepEqual(parseSpace(describeSpace(space), of), space);
      }),
    );
  });

  it('of another type, and empty ones, are not read', () => {
    for (const text of ['', ' ', 'a', '1,', '1,,2', '1; 2', '1 to', 'x to 2', '1 to 2 exp'])
      assert.equal(parseSpace(text, rate), undefined, text);
    for (const text of ['1.5', '8, 9.5']) assert.equal(parseSpace(text, units), undefined, text);
    assert.equal(parseSpace('yes', { type: 'boolean' }), undefined);
    assert.deepEqual(parseSpace('true, false', { type: 'boolean' }), { choices: [true, false] });
  });

  it('any text is read as values or refused', () => {
    fc.assert(
      fc.property(fc.string(), fc.constantFrom(rate, units, cell), (text, of) => {
        const space = parseSpace(text, of);
        if (space) assert.deepEqual(parseSpace(describeSpace(space), of), space);
      }),
    );
  });

  it('that are suggested are ones that a sweep takes', () => {
    for (const path of ['training.learningRate', 'model.units', 'model.cell', 'model.layers', 'training.clipNorm']) {
      const { default: value } = field(path);
      const space = suggestedSpace(field(path), value);
      assert.equal(sweepOf({ fields: { [path]: space } }).dimensions.length, 1, path);
    }
  });
});
