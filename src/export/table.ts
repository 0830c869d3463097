/** A value of a table; null where nothing was measured. */
export type Cell = string | number | boolean | null;

/** Type of the values of a column. Integers are within the safe integers. */
export type ColumnType = 'integer' | 'number' | 'text' | 'flag';

/** A column of a table; every column of a table has the same number of values. */
export interface Column {
  readonly name: string;
  readonly type: ColumnType;
  readonly values: readonly Cell[];
}

/** Data to export, column by column. Names of columns are unique. */
export interface Table {
  readonly columns: readonly Column[];
  readonly rows: number;
}

/** Collects rows with different columns: a column exists once a row names it, and is null in rows that do not. */
export class TableBuilder {
  readonly #types: (name: string) => ColumnType;
  readonly #columns = new Map<string, Cell[]>();
  #rows = 0;

  /**
   * @param first names of columns that exist in any case, in front of the others
   * @param types the type of a column by its name
   */
  constructor(first: readonly string[], types: (name: string) => ColumnType) {
    this.#types = types;
    for (const name of first) this.#columns.set(name, []);
  }

  /** Adds a row. Values that are undefined are missing. */
  add(row: Readonly<Record<string, Cell | undefined>>): void {
    for (const [name, value] of Object.entries(row)) {
      if (value === undefined) continue;
      this.#column(name).push(value);
    }
    this.#rows++;
  }

  /** The table of all rows; do not add more. */
  finish(): Table {
    const columns = [...this.#columns.keys()].map((name) => ({
      name,
      type: this.#types(name),
      values: this.#column(name),
    }));
    return { columns, rows: this.#rows };
  }

  /** Values of a column up to the current row, without its own value. */
  #column(name: string): Cell[] {
    let values = this.#columns.get(name);
    if (!values) this.#columns.set(name, (values = []));
    while (values.length < this.#rows) values.push(null);
    return values;
  }
}
