import { formatByName } from '../../config/dataFormats.ts';
import type { RowAtCursor } from '../../protocol/inspection.ts';
import type { RemoteInspector } from '../../protocol/inspector.ts';
import type { FollowedText } from './followed.ts';

/** Table that a trainer has read. */
interface Opened {
  readonly inspector: RemoteInspector;
  readonly text: string;
  readonly table: Promise<number>;
}

/** Requests the row at the cursor from the trainer. The table is sent once, and again after a change. */
export class RowReader {
  #opened: Opened | undefined;

  /** True if a file of this name is a table. */
  reads(name: string): boolean {
    return formatByName(name)?.kind === 'table';
  }

  /** Returns the row at the cursor. @throws the trainer's error for the table or the row */
  async at({ name, source, cursor }: FollowedText, column: string, inspector: RemoteInspector): Promise<RowAtCursor> {
    const text = source.slice(0, source.length);
    if (this.#opened?.inspector !== inspector || this.#opened.text !== text) {
      this.#opened = { inspector, text, table: inspector.openRows({ name, text }) };
    }
    return inspector.rowAt({ table: await this.#opened.table, cursor, column });
  }
}
