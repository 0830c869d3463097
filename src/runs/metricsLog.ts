import { type FileHandle, open, readFile, truncate } from 'node:fs/promises';
import { join } from 'node:path';
import { type MetricEvent, metricEvent } from '../protocol/events.ts';
import { fromStableEventNames, withStableEventNames } from '../protocol/stableNames.ts';

const FILE = 'metrics.jsonl';

/** `metrics.jsonl`: one line for each step, validation and sample, only ever appended to. */
export class MetricsLog {
  readonly #file: FileHandle;
  #pending: string[] = [];

  private constructor(file: FileHandle) {
    this.#file = file;
  }

  /**
   * Opens the log to go on after a step: lines of later steps, written after the checkpoint that the run
   * resumes from, are cut off, because those steps will be done again.
   */
  static async openAfter(folder: string, step: number): Promise<MetricsLog> {
    const path = join(folder, FILE);
    const file = await open(path, 'a');
    await truncate(path, bytesUpTo(await readFile(path, 'utf8'), step));
    return new MetricsLog(file);
  }

  append(event: MetricEvent): void {
    this.#pending.push(`${JSON.stringify(withStableEventNames(event))}\n`);
  }

  /** Hands what was appended to the operating system, so that a reader (or a crash of this process) finds it. */
  async flush(): Promise<void> {
    if (this.#pending.length === 0) return;
    const lines = this.#pending.join('');
    this.#pending = [];
    await this.#file.appendFile(lines);
  }

  async close(): Promise<void> {
    await this.flush();
    await this.#file.close();
  }
}

/**
 * Reads a log. A last line that a crash has torn is left out.
 * @throws Error that names the line when one in the middle is damaged.
 */
export async function readMetrics(folder: string): Promise<MetricEvent[]> {
  const path = join(folder, FILE);
  const text = await readFile(path, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return '';
    throw error;
  });
  return wholeLines(text).map((line, index) => {
    const parsed = parseLine(line);
    if (!parsed) throw new Error(`${path} is damaged at line ${index + 1}.`);
    return parsed;
  });
}

/** How many bytes of the log belong to steps up to and including `step`. */
function bytesUpTo(text: string, step: number): number {
  let bytes = 0;
  for (const line of wholeLines(text)) {
    const event = parseLine(line);
    if (!event || event.step > step) break;
    bytes += Buffer.byteLength(line) + 1;
  }
  return bytes;
}

/** Lines that end with a line break: the rest is torn. */
function wholeLines(text: string): string[] {
  return text.split('\n').slice(0, -1);
}

function parseLine(line: string): MetricEvent | undefined {
  try {
    return metricEvent.safeParse(fromStableEventNames(JSON.parse(line))).data;
  } catch {
    return undefined;
  }
}
