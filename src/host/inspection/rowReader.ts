import { formatByName } from '../../config/dataFormats.ts';
import type { RowAtCursor } from '../../protocol/inspection.ts';
import type { RemoteInspector } from '../../protocol/inspector.ts';
import type { FollowedText } from './followed.ts';

/** A table that a trainer has read. */
interface Opened {
  readonly inspector: RemoteInspector;
  readonly text: string;
  readonly table: Promise<number>;
}

/** Asks the trainer for the row at the cursor of a table; the table goes there once, and again when it has changed. */
export class RowReader {
  #opened: Opened | undefined;

  /** Whether a file of this name is a table. */
  reads(name: string): boolean {
    return formatByName(name)?.kind === 'table';
  }

  /** @throws what the trainer says of the table or the row */
  async at({ name, source, cursor }: FollowedText, column: string, inspector: RemoteInspector): Promise<RowAtCursor> {
    const text = source.slice(0, source.length);
    if (this.#opened?.inspector !== inspector || this.#opened.text !== text) {
      this.#opened = { inspector, text, table: inspector.openRows({ name, text }) };
    }
    return inspector.rowAt({ table: await this.#opened.table, cursor, column });
  }
}
