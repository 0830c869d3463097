import assert from 'node:assert/strict';
import fc from 'fast-check';
import { colorSlot, runColor } from '../../../src/catalog/color.ts';
import { columnNamed, COLUMNS } from '../../../src/catalog/columns.ts';
import { groupRows } from '../../../src/catalog/groupRows.ts';
import { rowOf, runRow } from '../../../src/catalog/row.ts';
import { sortRows } from '../../../src/catalog/sortRows.ts';
import { describeRuns } from '../../../src/catalog/storedRun.ts';
import { parseRunConfig } from '../../../src/config/parse.ts';
import { shortFields } from '../../../src/config/shortFields.ts';
import type { CellValue, RunRow } from '../../../src/protocol/runRow.ts';
import { assertNames } from '../../harness/facts.ts';
import { anyRow, describedRun, exampleRows } from './examples.ts';

const rows = fc.array(anyRow, { maxLength: 12 }).map((all) => all.map((row, place) => ({ ...row, id: String(place) })));
const keys = COLUMNS.map(({ key }) => key);

describe('columns of the runs', () => {
  it('have one name each, and cover every field of the configuration', () => {
    const names = COLUMNS.flatMap(({ key, aliases }) => [key, ...aliases]).map((name) => name.toLowerCase());
    assert.equal(new Set(names).size, names.length);
    for (const path of Object.keys(shortFields)) assert.ok(columnNamed(path), path);
    for (const each of COLUMNS) assert.equal(columnNamed(each.key.toUpperCase()), each);
    for (const { label } of COLUMNS) assert.notEqual(label(), '');
  });

  it('have the values of a run; a field without an effect has none', () => {
    const row = rowOf(
      describedRun({ config: parseRunConfig({ model: { cell: 'gru' }, training: { learningRate: 2e-5 } }) }),
    );
    assert.deepEqual(Object.keys(row.values), keys);
    assert.deepEqual(runRow.parse(JSON.parse(JSON.stringify(row))), row);
    const value = (name: string) => row.values[columnNamed(name)?.key ?? ''];
    assert.deepEqual(
      ['cell', 'forgetBias', 'lr', 'best', 'bestStep', 'task', 'data', 'train', 'tags', 'speed'].map(value),
      ['gru', null, 2e-5, 1.7, 80, 'language-model', 'hamlet.txt', null, null, (100 * 16 * 50) / 90],
    );
    const shown = (name: string) => columnNamed(name)?.format(value(name) ?? null, row) ?? '';
    assertNames(shown('lr'), '0.00002');
    assertNames(shown('best'), '1.700');
    assert.equal(shown('forgetBias'), '');
  });

  it('name equal setups of different seeds alike, and others not', () => {
    const run = (id: string, config: Parameters<typeof parseRunConfig>[0]) =>
      describedRun({ id, config: parseRunConfig(config) });
    const runs = describeRuns([
      run('a', { seed: 1 }),
      run('b', { seed: 2 }),
      run('c', { training: { learningRate: 1 } }),
    ]);
    const groups = groupRows(runs.map(rowOf), 'setup');
    assert.deepEqual(
      groups.map((group) => group.rows.map(({ id }) => id)),
      [['a', 'b'], ['c']],
    );
    assert.equal(runs[0]?.setup, runs[1]?.setup);
  });

  it('have a color that follows from the id, or the chosen one', () => {
    assert.equal(colorSlot('20260101-000000-hamlet-0000'), colorSlot('20260101-000000-hamlet-0000'));
    assert.equal(colorSlot('a'), 0xe40c292c % 12, 'FNV-1a of "a"');
    const slots = new Set(Array.from({ length: 200 }, (_, number) => colorSlot(`run-${number}`)));
    assert.equal(slots.size, 12);
    assert.equal(runColor('a', '#00ff00'), '#00ff00');
    assert.equal(runColor('a', '11'), 11);
  });
});

describe('sorted runs', () => {
  const sortKeys = fc.array(fc.record({ column: fc.constantFrom(...keys), descending: fc.boolean() }), {
    maxLength: 3,
  });

  it('are the same runs in the order of their values, with missing ones last', () => {
    fc.assert(
      fc.property(rows, fc.constantFrom(...keys), fc.boolean(), (all, column, descending) => {
        const sorted = sortRows(all, [{ column, descending }]);
        assert.deepEqual(new Set(sorted), new Set(all));
        const values = sorted.map((row) => row.values[column] ?? null);
        const present = values.filter((value) => value !== null);
        assert.deepEqual(values.slice(0, present.length), present);
        const numbers = present.filter((value) => typeof value === 'number');
        const expected = numbers.toSorted((a, b) => (descending ? b - a : a - b));
        assert.ok(
          numbers.every((value, place) => value === expected[place]),
          String(numbers),
        );
      }),
    );
  });

  it('are stable, and sorted by the first column first', () => {
    fc.assert(
      fc.property(rows, sortKeys, (all, by) => {
        const sorted = sortRows(all, by);
        assert.deepEqual(sortRows(sorted, by), sorted);
        const oneByOne = by.toReversed().reduce<readonly RunRow[]>((before, key) => sortRows(before, [key]), all);
        assert.deepEqual(oneByOne, sorted);
      }),
    );
  });
});

describe('grouped runs', () => {
  it('are the same runs, with equal values in each group, and the mean and spread of their numbers', () => {
    fc.assert(
      fc.property(rows, fc.constantFrom(...keys), (all, column) => {
        const groups = groupRows(all, column);
        assert.deepEqual(new Set(groups.flatMap((group) => group.rows)), new Set(all));
        assert.equal(new Set(groups.map(({ value }) => JSON.stringify(value))).size, groups.length);
        for (const group of groups) for (const row of group.rows) assert.deepEqual(row.values[column], group.value);
      }),
    );
    const [group] = groupRows(exampleRows, 'cell');
    const { best } = group?.spreads ?? {};
    assert.ok(best);
    assert.deepEqual([best.count, best.mean.toFixed(9), best.deviation?.toFixed(9)], [3, '1.200000000', '0.100000000']);
  });

  it('have no spread of one value, and no figure without a value', () => {
    const row = (best: CellValue): RunRow => ({ id: 'a', values: { best } });
    assert.deepEqual(groupRows([row(2), row(null)], 'data')[0]?.spreads, {
      best: { mean: 2, deviation: null, count: 1 },
    });
    assert.deepEqual(groupRows([], 'data'), []);
  });
});
