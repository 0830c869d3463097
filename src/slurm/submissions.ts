import { join } from 'node:path';
import * as z from 'zod';
import type { Files } from '../platform/files.ts';
import { textOrEmpty } from '../platform/textOrEmpty.ts';

/** Lines of the file of submissions. */
const submissionEvent = z.discriminatedUnion('event', [
  /** A batch has its folder, and is submitted next. */
  z.object({
    event: z.literal('batch'),
    batch: z.int().positive(),
    attempt: z.int().positive(),
    itemsPerTask: z.int().positive(),
  }),
  /** Slurm has refused a batch, whose folder is removed. */
  z.object({ event: z.literal('refused'), batch: z.int().positive() }),
  /** Slurm has taken a batch. */
  z.object({ event: z.literal('job'), batch: z.int().positive(), job: z.string() }),
  /** All that a batch has to report was reported, and taken in. */
  z.object({ event: z.literal('over'), batch: z.int().positive() }),
  /** Nothing is submitted again, and the jobs are canceled. */
  z.object({ event: z.literal('cancel') }),
]);

export type SubmissionEvent = z.output<typeof submissionEvent>;

/** `submissions.jsonl`: what was submitted to Slurm, one event of JSON a line, only ever appended to. */
export class Submissions {
  readonly #path: string;
  readonly #files: Files;
  #isTorn: boolean;
  /** Number of cancellations that this program knows. */
  #cancellations: number;

  private constructor(
    path: string,
    files: Files,
    { isTorn, events }: { isTorn: boolean; events: readonly SubmissionEvent[] },
  ) {
    this.#path = path;
    this.#files = files;
    this.#isTorn = isTorn;
    this.#cancellations = cancellationsIn(events);
  }

  /**
   * Opens the file of a folder, or begins it. A line that a crash has torn off is no event, and a batch that Slurm has
   * refused has none; a later batch may have its number.
   */
  static async open(
    folder: string,
    files: Files,
  ): Promise<{ readonly submissions: Submissions; readonly events: readonly SubmissionEvent[] }> {
    const path = join(folder, 'submissions.jsonl');
    const text = await textOrEmpty(path, files);
    const isTorn = text !== '' && !text.endsWith('\n');
    const all = text.split('\n').flatMap(eventIn);
    const events = withoutRefused(all);
    return { submissions: new Submissions(path, files, { isTorn, events }), events };
  }

  /** Whether another program has canceled the jobs since this one opened the file. */
  async isCancelledElsewhere(): Promise<boolean> {
    const events = (await textOrEmpty(this.#path, this.#files)).split('\n').flatMap(eventIn);
    return cancellationsIn(events) > this.#cancellations;
  }

  /** Appends an event, and resolves once it is on disk. */
  async append(event: SubmissionEvent): Promise<void> {
    if (event.event === 'cancel') this.#cancellations++;
    const start = this.#isTorn ? '\n' : '';
    this.#isTorn = true;
    await this.#files.appendFlushed(this.#path, `${start}${JSON.stringify(event)}\n`);
    this.#isTorn = false;
  }
}

/** The events without those of batches that Slurm has refused: each refusal is that of the last batch with its number. */
function withoutRefused(all: readonly SubmissionEvent[]): SubmissionEvent[] {
  const kept: SubmissionEvent[] = [];
  for (const each of all) {
    if (each.event !== 'refused') kept.push(each);
    else {
      const place = kept.findLastIndex((other) => other.event === 'batch' && other.batch === each.batch);
      if (place >= 0) kept.splice(place, 1);
    }
  }
  return kept;
}

function cancellationsIn(events: readonly SubmissionEvent[]): number {
  return events.filter(({ event }) => event === 'cancel').length;
}

function eventIn(line: string): SubmissionEvent[] {
  try {
    const parsed = submissionEvent.safeParse(JSON.parse(line));
    return parsed.success ? [parsed.data] : [];
  } catch {
    return [];
  }
}
