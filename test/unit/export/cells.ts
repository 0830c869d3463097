import fc from 'fast-check';
import type { Cell, ColumnType, Table } from '../../../src/export/table.ts';

/** Any text, of any script, with control characters and halves of surrogate pairs. */
export const anyText = fc.oneof(
  fc.string({ unit: 'binary' }),
  fc.string({ unit: fc.constantFrom('a', '"', ',', '\n', '\r', '\ud800', '\u0000', 'é', '漢', '😀', '\ufeff') }),
);

const values: Readonly<Record<ColumnType, fc.Arbitrary<Cell>>> = {
  integer: fc.maxSafeInteger(),
  number: fc.oneof(fc.double(), fc.constantFrom(NaN, Infinity, -Infinity, 0, 5e-324, 1.7976931348623157e308)),
  text: anyText,
  flag: fc.boolean(),
};

/** A table with columns of every type, and missing values in each. */
export const anyTable: fc.Arbitrary<Table> = fc
  .tuple(
    fc.uniqueArray(fc.record({ name: fc.string({ minLength: 1 }), type: fc.constantFrom(...types()) }), {
      selector: ({ name }) => name,
      minLength: 1,
      maxLength: 5,
    }),
    fc.nat(12),
  )
  .chain(([columns, rows]) =>
    fc
      .tuple(
        ...columns.map(({ type }) =>
          fc.array(fc.option(values[type], { freq: 4 }), { minLength: rows, maxLength: rows }),
        ),
      )
      .map((cells) => ({ rows, columns: columns.map((column, i) => ({ ...column, values: cells[i] ?? [] })) })),
  );

function types(): ColumnType[] {
  return Object.keys(values) as ColumnType[];
}

/** A text as UTF-8 can hold it. */
export function wellFormed(text: string): string {
  return text.replaceAll(/\p{Surrogate}/gu, '\ufffd');
}

/** Rows of a table as objects, with each cell as `of` returns it. */
export function rowsOf({ columns, rows }: Table, of: (cell: Cell, type: ColumnType) => unknown): object[] {
  return Array.from({ length: rows }, (_, row) =>
    Object.fromEntries(columns.map(({ name, type, values }) => [wellFormed(name), of(values[row] ?? null, type)])),
  );
}
