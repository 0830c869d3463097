import assert from 'node:assert/strict';
import fc from 'fast-check';
import { type Column, columnNamed } from '../../../../src/catalog/columns.ts';
import { improvements } from '../../../../src/catalog/study/bestSoFar.ts';
import { binsOf } from '../../../../src/catalog/study/binsOf.ts';
import { fieldImportance } from '../../../../src/catalog/study/importance.ts';
import type { CellValue, RunRow } from '../../../../src/protocol/runRow.ts';
import { Generator } from '../../../../src/random/generator.ts';

function named(name: string): Column {
  const column = columnNamed(name);
  assert.ok(column, name);
  return column;
}

const [rate, cell, units, best] = [named('lr'), named('cell'), named('units'), named('best')];

function row(i: number, values: Readonly<Record<string, CellValue>>): RunRow {
  return { id: `run-${i}`, values };
}

const rowsOf = (column: Column, values: fc.Arbitrary<CellValue>) =>
  fc.array(values, { maxLength: 60 }).map((all) => all.map((value, i) => row(i, { [column.key]: value })));

describe('bins of a column', () => {
  const numbers = rowsOf(rate, fc.option(fc.double({ min: 1e-6, max: 10, noNaN: true })));
  const texts = rowsOf(cell, fc.option(fc.constantFrom('lstm', 'gru', 'rnn')));

  it('have each row with a value once', () => {
    fc.assert(
      fc.property(fc.oneof(numbers, texts), fc.integer({ min: 1, max: 12 }), (rows, most) => {
        for (const column of [rate, cell]) {
          const expected = rows.filter(({ values }) => (values[column.key] ?? null) !== null).map(({ id }) => id);
          const found = binsOf(rows, column, most).flatMap((bin) => bin.rows.map(({ id }) => id));
          assert.deepEqual(found.sort(), expected.sort());
        }
      }),
    );
  });

  it('of numbers are in order, at most as many as wanted, and do not divide a value', () => {
    fc.assert(
      fc.property(numbers, fc.integer({ min: 1, max: 12 }), (rows, most) => {
        const bins = binsOf(rows, rate, most);
        assert.ok(bins.length <= most);
        const values = bins.map((bin) => bin.rows.map((each) => Number(each.values[rate.key])));
        for (const [i, own] of values.entries()) {
          assert.ok(own.length > 0);
          const next = values[i + 1];
          if (next) assert.ok(Math.max(...own) < Math.min(...next));
        }
      }),
    );
  });

  it('of texts are one for each text, however many there are', () => {
    fc.assert(
      fc.property(texts, (rows) => {
        const distinct = new Set(rows.map(({ values }) => values[cell.key]).filter((value) => value != null));
        assert.equal(binsOf(rows, cell, 1).length, distinct.size);
      }),
    );
  });
});

describe('the best so far', () => {
  const values = fc.array(fc.option(fc.oneof(fc.double({ min: -10, max: 10 }), fc.constant(NaN))));

  it('improves at each of its places, and nowhere else', () => {
    fc.assert(
      fc.property(values, fc.constantFrom('lower' as const, 'higher' as const), (all, direction) => {
        const places = new Set(improvements(all, direction));
        let record: number | undefined;
        for (const [i, value] of all.entries()) {
          const isBetter =
            value !== null &&
            Number.isFinite(value) &&
            (record === undefined || (direction === 'lower' ? value < record : value > record));
          assert.equal(places.has(i), isBetter);
          if (isBetter) record = value;
        }
      }),
    );
  });
});

describe('the importance of fields', () => {
  /** Runs with three fields, whose result is computed from the first two of them and noise. */
  function study(runs: number, seed: number, result: (rate: number, cell: string, noise: number) => number): RunRow[] {
    const random = Generator.forPurpose(seed, 'study');
    return Array.from({ length: runs }, (_, i) => {
      const learningRate = 10 ** (-4 + 3 * random.nextUniform());
      const name = random.nextUniform() < 0.5 ? 'lstm' : 'gru';
      const loss = result(learningRate, name, random.nextUniform() - 0.5);
      return row(i, {
        [rate.key]: learningRate,
        [cell.key]: name,
        [units.key]: random.nextUniform() < 0.5 ? 64 : 128,
        [best.key]: loss,
      });
    });
  }

  it('puts the field first that the result depends on most, and names it as most of the variance', () => {
    for (let seed = 1; seed <= 40; seed++) {
      const rows = study(
        48,
        seed,
        (lr, name, noise) => (Math.log10(lr) + 2.5) ** 2 + (name === 'gru' ? 0.1 : 0) + noise * 0.1,
      );
      const [first, ...others] = fieldImportance(rows, [cell, units, rate], best);
      assert.equal(first?.column, rate);
      assert.ok((first.share ?? 0) > 0.6);
      for (const { share } of others) assert.ok((share ?? 1) < 0.2);
    }
  });

  it('is near 0 on average if the result is noise', () => {
    const shares = Array.from({ length: 200 }, (_, seed) =>
      fieldImportance(
        study(24, seed + 1, (_lr, _name, noise) => noise),
        [rate],
        best,
      ).map(({ share }) => share ?? 0),
    ).flat();
    const mean = shares.reduce((sum, share) => sum + share, 0) / shares.length;
    assert.ok(mean < 0.08, String(mean));
  });

  it('is 1 if the field decides the result, and unknown if no value has two runs', () => {
    const decided = Array.from({ length: 8 }, (_, i) =>
      row(i, { [cell.key]: i % 2 ? 'gru' : 'lstm', [best.key]: i % 2 }),
    );
    assert.deepEqual(
      fieldImportance(decided, [cell], best).map(({ share, groups, runs }) => [share, groups, runs]),
      [[1, 2, 8]],
    );
    const single = [0, 1].map((i) => row(i, { [cell.key]: i ? 'gru' : 'lstm', [best.key]: i }));
    assert.deepEqual(fieldImportance(single, [cell], best)[0]?.share, null);
    const equal = decided.map(({ id, values }) => ({ id, values: { ...values, [best.key]: 2 } }));
    assert.equal(fieldImportance(equal, [cell], best)[0]?.share, null);
  });

  it('leaves out fields with one value, and runs without a result', () => {
    const rows = [0, 1, 2, 3, 4].map((i) =>
      row(i, { [cell.key]: i % 2 ? 'gru' : 'lstm', [units.key]: 64, [best.key]: i < 4 ? i : null }),
    );
    const found = fieldImportance(rows, [cell, units], best);
    assert.deepEqual(
      found.map(({ column, runs }) => [column.key, runs]),
      [['cell', 4]],
    );
  });

  it('does not depend on the order of the runs', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 1000 }), (seed) => {
        const rows = study(20, seed, (lr, name, noise) => lr + (name === 'gru' ? 1 : 0) + noise);
        const shares = (of: readonly RunRow[]) =>
          Object.fromEntries(
            fieldImportance(of, [rate, cell, units], best).map(({ column, share }) => [column.key, share]),
          );
        const [forward, backward] = [shares(rows), shares([...rows].reverse())];
        for (const key of Object.keys(forward)) assert.ok(Math.abs((forward[key] ?? 0) - (backward[key] ?? 0)) < 1e-9);
      }),
      { numRuns: 30 },
    );
  });
});
