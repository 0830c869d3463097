import { dirname, join } from 'node:path';
import { disk, type Files, isMissing } from '../platform/files.ts';
import { type MetricEvent, metricEvent } from '../protocol/events.ts';
import { fromStableEventNames, withStableEventNames } from '../protocol/stableNames.ts';
import { newSha256, sha256Hex } from '../platform/hashing.ts';
import { writeFileAtomic } from './atomic.ts';
import { DamagedRunError, type Recorded } from './integrity.ts';
import { phrase, type Text } from '../phrases/phrase.ts';
import { readAgain } from './readAgain.ts';
import { joinBytes, utf8Length } from '../platform/bytes.ts';

export const METRICS_FILE = 'metrics.jsonl';
const FILE = METRICS_FILE;
/** A damaged log, as it was found. */
const DAMAGED_FILE = `${FILE}.damaged`;

const LINE_BREAK = 10;

/** `metrics.jsonl`: one line for each step, validation and sample, only ever appended to. */
export class MetricsLog {
  readonly #path: string;
  readonly #files: Files;
  #pending: string[] = [];
  #isInFolder = false;
  #isTorn = false;
  /** Whether all that was written would survive a power cut. */
  #isFlushed = false;
  readonly #hash = newSha256();
  #bytes: number;

  private constructor(path: string, content: Uint8Array, files: Files) {
    this.#path = path;
    this.#files = files;
    this.#hash.update(content);
    this.#bytes = content.length;
  }

  /**
   * Opens the log to continue after a step: lines of later steps, written after the checkpoint that the run
   * resumes from, are removed, because those steps will be repeated. A log with damaged lines is kept as
   * `metrics.jsonl.damaged`, and the run continues without these lines.
   * @param tell receives what the log lacks
   * @param then length and hash of the log at the checkpoint of this step; undefined in a run of an earlier version
   */
  static async openAfter(
    folder: string,
    step: number,
    files: Files,
    tell: (notice: Text) => void = () => undefined,
    then?: Recorded,
  ): Promise<MetricsLog> {
    const path = join(folder, FILE);
    const bytes = await readLog(path, files);
    const { kept, damaged, last } = linesUpTo(bytes, step);
    if (damaged.length > 0) {
      await writeFileAtomic(join(folder, DAMAGED_FILE), bytes, files);
      tell(
        phrase(
          '{0} was damaged at line {1}. It is kept as {2}, and the run continues without the damaged lines.',
          FILE,
          damaged.join(', '),
          DAMAGED_FILE,
        ),
      );
    }
    if (last < step) tell(phrase('{0} lacks the steps {1} to {2}.', FILE, last + 1, step));
    else if (damaged.length === 0 && then && sha256Hex(bytes.subarray(0, then.bytes)) !== then.sha256)
      tell(phrase('{0} has changed since step {1} was written: some of its earlier numbers may be wrong.', FILE, step));
    if (kept.length < bytes.length) await writeFileAtomic(path, kept, files);
    return new MetricsLog(path, kept, files);
  }

  /** Length and hash of what has been written, for a checkpoint. */
  get written(): Recorded {
    return { bytes: this.#bytes, sha256: this.#hash.copy().digest('hex') };
  }

  append(event: MetricEvent): void {
    this.#pending.push(`${JSON.stringify(withStableEventNames(event))}\n`);
  }

  /** Writes the buffered lines to the operating system: readers see them, and they survive a crash of this process. */
  async flush(): Promise<void> {
    // A write that failed may have left a part of a line, and nothing must follow it.
    if (this.#pending.length === 0 || this.#isTorn) return;
    await this.#append(async (lines) => this.#files.append(this.#path, lines));
  }

  /** Flushes the log to disk, so that it survives a power cut. */
  async sync(): Promise<void> {
    if (this.#isTorn || (this.#pending.length === 0 && this.#isFlushed)) return;
    await this.#append(async (lines) => this.#files.appendFlushed(this.#path, lines));
    this.#isFlushed = true;
    if (this.#isInFolder) return;
    await this.#files.syncFolder(dirname(this.#path));
    this.#isInFolder = true;
  }

  async #append(write: (lines: string) => Promise<void>): Promise<void> {
    const lines = this.#pending.join('');
    this.#pending = [];
    this.#isTorn = true;
    await write(lines);
    this.#isTorn = false;
    this.#isFlushed = false;
    this.#hash.update(lines);
    this.#bytes += utf8Length(lines);
  }
}

/**
 * Reads a log, without a last line that a crash has torn.
 * @throws DamagedRunError that names a damaged line before the last one
 */
export async function readMetrics(folder: string, files: Files = disk): Promise<MetricEvent[]> {
  const path = join(folder, FILE);
  const { events, damage } = parseLines(await readLog(path, files), path);
  if (damage) throw damage;
  return events;
}

/** The events in the whole lines of a log. */
interface ParsedLines {
  readonly events: MetricEvent[];
  /** Number of whole lines, and of their bytes. */
  readonly lines: number;
  readonly length: number;
  /** Names the first damaged line; the events are those of the other lines. */
  readonly damage: DamagedRunError | undefined;
}

/** @param before number of lines before the bytes */
export function parseLines(bytes: Uint8Array, path: string, before = 0): ParsedLines {
  const lines = wholeLines(bytes);
  const events: MetricEvent[] = [];
  let damage: DamagedRunError | undefined;
  for (const [index, line] of lines.entries()) {
    const parsed = parseLine(line);
    if (parsed) events.push(parsed);
    else damage ??= new DamagedRunError(phrase('{0} is damaged at line {1}.', path, before + index + 1));
  }
  return { events, lines: lines.length, length: lines.reduce((sum, line) => sum + line.length, 0), damage };
}

/** The bytes of a log; empty if nothing has been logged. */
async function readLog(path: string, files: Files): Promise<Uint8Array> {
  return readAgain(async () => files.read(path)).catch((error: unknown) => {
    if (isMissing(error)) return new Uint8Array();
    throw error;
  });
}

/** The readable lines of a log that belong to steps up to and including `step`. */
function linesUpTo(
  bytes: Uint8Array,
  step: number,
): { readonly kept: Uint8Array; readonly damaged: readonly number[]; readonly last: number } {
  const kept: Uint8Array[] = [];
  const damaged: number[] = [];
  let last = 0;
  for (const [index, line] of wholeLines(bytes).entries()) {
    const event = parseLine(line);
    // Steps only increase: all lines after this one will be written again, too.
    if (event && event.step > step) break;
    if (event) {
      kept.push(line);
      if (event.event === 'step') last = event.step;
    } else damaged.push(index + 1);
  }
  return { kept: joinBytes(kept), damaged, last };
}

/** Lines with their line breaks; what follows the last line break is torn. */
function wholeLines(bytes: Uint8Array): Uint8Array[] {
  const lines: Uint8Array[] = [];
  let start = 0;
  for (let end = bytes.indexOf(LINE_BREAK); end >= 0; end = bytes.indexOf(LINE_BREAK, start)) {
    lines.push(bytes.subarray(start, end + 1));
    start = end + 1;
  }
  return lines;
}

/** @returns undefined for a line that is not JSON of an event, or not valid UTF-8 */
function parseLine(line: Uint8Array): MetricEvent | undefined {
  try {
    const text = new TextDecoder('utf-8', { fatal: true }).decode(line);
    return metricEvent.safeParse(fromStableEventNames(JSON.parse(text))).data;
  } catch {
    return undefined;
  }
}
