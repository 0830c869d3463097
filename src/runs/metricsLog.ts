import { join } from 'node:path';
import { disk, type Files, isMissing } from '../platform/files.ts';
import { type MetricEvent, metricEvent } from '../protocol/events.ts';
import { fromStableEventNames, withStableEventNames } from '../protocol/stableNames.ts';
import { writeFileAtomic } from './atomic.ts';
import { phrase, PhrasedError } from '../phrases/phrase.ts';

const FILE = 'metrics.jsonl';

/** `metrics.jsonl`: one line for each step, validation and sample, only ever appended to. */
export class MetricsLog {
  readonly #path: string;
  readonly #files: Files;
  #pending: string[] = [];

  private constructor(path: string, files: Files) {
    this.#path = path;
    this.#files = files;
  }

  /**
   * Opens the log to continue after a step: lines of later steps, written after the checkpoint that the run
   * resumes from, are removed, because those steps will be repeated.
   */
  static async openAfter(folder: string, step: number, files: Files): Promise<MetricsLog> {
    const path = join(folder, FILE);
    const text = await readLog(path, files);
    const kept = charactersUpTo(text, step);
    if (kept < text.length) await writeFileAtomic(path, text.slice(0, kept), files);
    return new MetricsLog(path, files);
  }

  append(event: MetricEvent): void {
    this.#pending.push(`${JSON.stringify(withStableEventNames(event))}\n`);
  }

  /** Writes the buffered lines to the operating system: readers see them, and they survive a crash of this process. */
  async flush(): Promise<void> {
    if (this.#pending.length === 0) return;
    const lines = this.#pending.join('');
    this.#pending = [];
    await this.#files.append(this.#path, lines);
  }

  /** Flushes the log to disk, so that it survives a power cut. */
  async sync(): Promise<void> {
    await this.flush();
    await this.#files.sync(this.#path);
  }
}

/**
 * Reads a log, without a last line that a crash has torn.
 * @throws Error that names a damaged line before the last one
 */
export async function readMetrics(folder: string, files: Files = disk): Promise<MetricEvent[]> {
  const path = join(folder, FILE);
  const text = await readLog(path, files);
  return wholeLines(text).map((line, index) => {
    const parsed = parseLine(line);
    if (!parsed) throw new PhrasedError(phrase('{0} is damaged at line {1}.', path, index + 1));
    return parsed;
  });
}

/** The text of a log; empty if nothing has been logged. */
async function readLog(path: string, files: Files): Promise<string> {
  return files.readText(path).catch((error: unknown) => {
    if (isMissing(error)) return '';
    throw error;
  });
}

/** Length of the part of a log that belongs to steps up to and including `step`. */
function charactersUpTo(text: string, step: number): number {
  let characters = 0;
  for (const line of wholeLines(text)) {
    const event = parseLine(line);
    if (!event || event.step > step) break;
    characters += line.length + 1;
  }
  return characters;
}

/** Lines that end with a line break; the rest is torn. */
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
