import assert from 'node:assert/strict';
import {
  describeJointLabels,
  labelSeparatorOf,
  labelSetOf,
  similarLabels,
} from '../../../../src/data/labeled/labelSets.ts';

const cycle = (cells: readonly string[]) => Array.from({ length: 40 }, (_, at) => cells[at % cells.length] ?? '');

describe('several labels in a cell', () => {
  const cases: readonly (readonly [cell: string, separator: string, labels: readonly string[]])[] = [
    ['a, b,a ,', ',', ['a', 'b']],
    ['["a b", "c"]', ',', ['a b', 'c']],
    ['[]', ',', []],
    ['', '|', []],
    ['[a|b', '|', ['[a', 'b']],
    ['[1, 2]', ';', ['1', '2']],
  ];
  for (const [cell, separator, labels] of cases)
    it(`are read in ${JSON.stringify(cell)}`, () => assert.deepEqual(labelSetOf(cell, separator), labels));

  it('are similar if they differ only in case and white space', () => {
    assert.deepEqual(similarLabels(['Good', 'good ', 'bad', 'a  b', 'a b']), ['Good', 'good ', 'a  b', 'a b']);
  });

  it('are counted: the distinct cells with several, and their distinct labels', () => {
    const cells = ['news;sport', 'news ; sport', ' news;sport', 'news;art', 'film', 'news', ''];
    const described = describeJointLabels(cells, ';');
    assert.ok(typeof described === 'object' && 'values' in described);
    assert.deepEqual(described.values, [3, '"news;sport"', 3]);
    assert.equal(describeJointLabels(['news', 'sport', ''], ';'), '');
  });

  const separators: readonly (readonly [cells: readonly string[], separator: string | undefined])[] = [
    [['a,x', 'b,x', 'a,y', 'b,y', 'a'], ','],
    [['a|x', 'b|x', 'a|y', 'b|y', 'a|b'], '|'],
    [['["a", "b"]', '["a"]', '[]'], ','],
    [['good', 'bad'], undefined],
    [['New York', 'Los Angeles', 'Turin'], undefined],
    [['very good', 'very bad', 'good', 'bad'], undefined],
    [[], undefined],
  ];
  for (const [cells, separator] of separators)
    it(`are separated by ${JSON.stringify(separator) ?? 'nothing'} in ${cells.join('; ')}`, () =>
      assert.equal(labelSeparatorOf(cycle(cells)), separator));
});
