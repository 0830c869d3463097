import assert from 'node:assert/strict';
import fc from 'fast-check';
import type { NumberFormat } from '../../../../src/data/table/dialect.ts';
import { detectNumberFormat } from '../../../../src/data/table/numberFormat.ts';
import {
  isQuantity,
  numberColumn,
  parseNumber,
  parseQuantity,
  plainNumber,
} from '../../../../src/data/table/numbers.ts';
import { readTable } from '../../../../src/data/table/readTable.ts';
import { seeds } from '../../../harness/seeds.ts';

const english: NumberFormat = { decimal: '.', thousands: ',' };
const german: NumberFormat = { decimal: ',', thousands: '.' };
const french: NumberFormat = { decimal: ',', thousands: ' ' };
const swiss: NumberFormat = { decimal: '.', thousands: "'" };

describe('numbers in cells', () => {
  const cells: readonly [cell: string, format: NumberFormat, value: number, unit: string][] = [
    ['1,008.64', english, 1008.64, ''],
    ['12,34,567.5', english, 1234567.5, ''],
    ['1 008,64', french, 1008.64, ''],
    ['1\u202f008,64 €', french, 1008.64, '€'],
    ['1.008,64', german, 1008.64, ''],
    ["1'008.64", swiss, 1008.64, ''],
    ['20,05', german, 20.05, ''],
    ['$3,004.74', english, 3004.74, '$'],
    ['-$3,004.74', english, -3004.74, '$'],
    ['$-5', english, -5, '$'],
    ['12.5 %', english, 12.5, '%'],
    ['(3.2)', english, -3.2, ''],
    ['-9999', english, -9999, ''],
    ['−4.5', english, -4.5, ''],
    ['1e-3', english, 0.001, ''],
    ['.5', english, 0.5, ''],
    ['21.5 °C', english, 21.5, '°C'],
    ['3 km/h', english, 3, 'km/h'],
  ];
  for (const [cell, format, value, unit] of cells)
    it(`reads ${cell}`, () => {
      assert.deepEqual(parseQuantity(cell, format), { value, unit });
      assert.ok(isQuantity(cell, [format]));
    });

  it('refuses what is no number in the format', () => {
    for (const cell of [
      '',
      'a',
      '1,00',
      '1,2345',
      '1.2.3',
      '0x10',
      'Infinity',
      '12a',
      '2023-01-01',
      '1 2',
      '--1',
      '(1',
    ]) {
      assert.ok(Number.isNaN(parseNumber(cell, english)), cell);
      assert.ok(!isQuantity(cell, [english]), cell);
    }
  });

  it('tells whether a cell is a number in any of some formats', () => {
    const characters = fc.constantFrom(..."0123456789.,-+()eE%$€ 'ab");
    fc.assert(
      fc.property(fc.string({ unit: characters, maxLength: 8 }), (cell) => {
        const isAny = [english, german, french, swiss].some((format) => parseQuantity(cell, format) !== undefined);
        assert.equal(isQuantity(cell, [english, german, french, swiss]), isAny);
      }),
    );
  });

  const formats = [english, german, french, swiss];
  for (const format of formats) {
    it(`finds the format of a column: ${JSON.stringify(format)}`, () => {
      fc.assert(
        fc.property(fc.array(fc.integer({ min: 100_000, max: 99_999_999 }), { minLength: 1 }), (values) => {
          const written = values.map((value) => write(value / 100, format));
          const { decimal, thousands } = detectNumberFormat(written, ';');
          assert.deepEqual({ decimal, thousands }, format);
          assert.deepEqual(
            written.map((cell) => parseNumber(cell, format)),
            values.map((value) => value / 100),
          );
        }),
        seeds(100),
      );
    });
  }

  it('reads a column with numbers below and above a thousand as one', async () => {
    const values = Array.from({ length: 40 }, (_, i) => 900 + 10 * i);
    const text = `month,visitors\n${values.map((value, i) => `m${i},"${value.toLocaleString('en')}"`).join('\n')}\n`;
    const table = await readTable({ kind: 'text', name: 'a.csv', text });
    assert.deepEqual([...numberColumn(table, 1).values], values);
    assert.deepEqual(table.types, ['identifier', 'integer']);
    assert.ok(table.notes.length > 0, 'says how 1,029 is read');
  });

  it('counts missing cells, and names the lines of cells that are no numbers', async () => {
    const text = 'x,kg\na,5 kg\nb,NA\nc,\nd,soon\ne,700 g\nf,6 kg\ng,7 kg\nh,8\n';
    const table = await readTable({ kind: 'text', name: 'a.csv', text });
    const { values, unit, missing, unreadable } = numberColumn(table, 1);
    assert.deepEqual([...values], [5, NaN, NaN, NaN, NaN, 6, 7, 8]);
    assert.deepEqual([unit, missing, unreadable.map(({ line }) => line)], ['kg', 2, [5, 6]]);
  });
});

/** A number with two decimals and grouped thousands. */
function write(value: number, { decimal, thousands }: NumberFormat): string {
  const [whole = '', decimals = ''] = value.toFixed(2).split('.');
  return `${whole.replace(/\B(?=(\d{3})+$)/g, thousands)}${decimal}${decimals}`;
}

describe('plain numbers', () => {
  it('are those that Number reads, to the last bit', () => {
    const digits = fc.string({ unit: fc.constantFrom(...'0123456789'), maxLength: 12 });
    const cell = fc.oneof(
      fc.tuple(fc.constantFrom('', '-', '+'), digits, fc.constantFrom('', '.'), digits).map((parts) => parts.join('')),
      fc.double({ noNaN: true }).map(String),
      fc.string({ unit: fc.constantFrom(...'0123456789.,-+e '), maxLength: 8 }),
    );
    fc.assert(
      fc.property(cell, fc.constantFrom('.', ','), (text, decimal) => {
        const written = text.replace('.', decimal);
        const found = plainNumber(`x${written}x`, 1, 1 + written.length, decimal.charCodeAt(0));
        const format = { decimal, thousands: '' } as const;
        if (!Number.isNaN(found)) {
          assert.ok(Object.is(found, Number(written.replace(decimal, '.'))));
          assert.ok(Object.is(found, parseQuantity(written, format)?.value));
        }
        // What it leaves is no number, or one that is too long or has an exponent.
        else if (written.length < 15 && !/[e ]/.test(written))
          assert.equal(parseQuantity(written, { decimal, thousands: '' })?.value, undefined);
      }),
      seeds(5000),
    );
  });
});
