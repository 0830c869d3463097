import { readTable } from '../data/table/readTable.ts';
import type { Table } from '../data/table/table.ts';
import { tableRow } from '../data/table/writeRows.ts';
import { guessRoles } from '../data/inspect/roles.ts';
import type { ClassifyRowsRequest, OpenedTable } from '../protocol/classifier.ts';
import type { Classification } from '../sentiment/answer.ts';
import type { TextSource } from '../config/textSource.ts';

/** Classifier that labels the rows. */
export interface RowClassifier {
  classify(texts: readonly string[]): Promise<readonly Pick<Classification, 'label' | 'probability' | 'unsure'>[]>;
}

// eslint-disable-next-line lab/translated -- names of columns in a file, which programs read
const ANSWER = ['predicted label', 'probability', 'unsure'];

/** A table to whose rows three columns are added: a label, its probability, and whether there is any doubt. */
export class ClassifiedTable {
  readonly #table: Table;

  private constructor(table: Table) {
    this.#table = table;
  }

  /** @throws InputError if the table cannot be read */
  static async open(source: TextSource): Promise<ClassifiedTable> {
    return new ClassifiedTable(await readTable(source));
  }

  describe(): OpenedTable {
    const { columns, rows, header, format, dialect, problems } = this.#table;
    const roles = guessRoles(this.#table);
    const text = Math.max(roles.indexOf('text'), roles.indexOf('source'), 0);
    const head = header && format === 'delimited' ? tableRow([...columns, ...ANSWER], [], this.#table) : '';
    const kind = format !== 'delimited' ? 'jsonl' : dialect.delimiter === '\t' ? 'tsv' : 'csv';
    return { columns: [...columns], text, rows: rows.length, skipped: problems.length, head, kind };
  }

  /** Rows as text, in the table's own format. */
  async classified(classifier: RowClassifier, { column, from, count }: ClassifyRowsRequest): Promise<string> {
    const { columns, rows } = this.#table;
    const some = rows.slice(from, from + count);
    const answers = await classifier.classify(some.map(({ cells }) => cells[column] ?? ''));
    const names = [...columns, ...ANSWER];
    return some
      .map(({ cells }, i) => {
        const { label, probability, unsure } = answers[i]!;
        return tableRow([...cells, label, probability.toFixed(4), String(unsure)], names, this.#table);
      })
      .join('');
  }
}
