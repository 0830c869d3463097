import { join } from 'node:path';
import { disk, fileStamps, type Files, isMissing } from '../platform/files.ts';
import type { MetricEvent } from '../protocol/events.ts';
import type { DamagedRunError } from './integrity.ts';
import { METRICS_FILE, parseLines } from './metricsLog.ts';
import { sameBytes } from '../platform/bytes.ts';

/** The lines that a log has gained since it was last read. */
export interface LogGrowth {
  /** Whether the log is not a continuation of what was read: everything before is to be discarded. */
  readonly isNew: boolean;
  readonly events: readonly MetricEvent[];
  /** Names the first damaged line that it has gained; the events are those of the other lines. */
  readonly damage?: DamagedRunError | undefined;
}

/** Bytes before the end of what was read that are compared, to recognize a log that was replaced. */
const COMPARED = 256;

/**
 * Reads a log while another process writes it: only what has been appended since the last time. A last line without a
 * line break is still being written, and is read the next time.
 */
export class MetricsTail {
  readonly #path: string;
  readonly #files: Pick<Files, 'readFrom'>;
  /** Bytes and lines read so far, whole lines only. */
  #bytes = 0;
  #lines = 0;
  #last: Uint8Array = new Uint8Array();
  #stamp = '';

  constructor(folder: string, files: Pick<Files, 'readFrom'> = disk) {
    this.#path = join(folder, METRICS_FILE);
    this.#files = files;
  }

  async read(): Promise<LogGrowth> {
    const stamp = (await fileStamps([this.#path]))[0]?.stamp ?? '';
    if (stamp === this.#stamp && stamp !== '') return { isNew: false, events: [] };
    const from = this.#bytes - this.#last.length;
    const bytes = await this.#files.readFrom(this.#path, from).catch((error: unknown) => {
      if (isMissing(error)) return new Uint8Array();
      throw error;
    });
    const isContinued = sameBytes(bytes.subarray(0, this.#last.length), this.#last);
    if (!isContinued) {
      this.#bytes = this.#lines = 0;
      this.#last = new Uint8Array();
      this.#stamp = '';
      return { ...(await this.read()), isNew: true };
    }
    const { events, lines, length, damage } = parseLines(bytes.subarray(this.#last.length), this.#path, this.#lines);
    const read = this.#last.length + length;
    this.#bytes += length;
    this.#lines += lines;
    this.#last = bytes.slice(Math.max(0, read - COMPARED), read);
    this.#stamp = stamp;
    return { isNew: false, events, damage };
  }
}
