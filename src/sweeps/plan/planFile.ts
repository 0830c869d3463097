import { basename, join } from 'node:path';
import { crc32 } from '../../format/crc32.ts';
import { phrase } from '../../phrases/phrase.ts';
import { disk, fileChunks, type Files, isMissing } from '../../platform/files.ts';
import { writeFileAtomic } from '../../runs/atomic.ts';
import { DamagedRunError } from '../../runs/integrity.ts';
import { readAgain } from '../../runs/readAgain.ts';
import { type PlanEvent, planEvent, type SweepHeader, type TrialEvent } from './events.ts';
import { SweepState } from './sweepState.ts';

/**
 * `plan.jsonl` of a sweep: a line of JSON for each event, only ever appended to, and flushed to disk before what it says
 * is done. Each line ends with a CRC-32 of the rest of it. What a crash has torn off follows the last line break, and is
 * not part of the plan.
 */
export const PLAN_FILE = 'plan.jsonl';

const LINE_BREAK = 10;
/** Bytes that are read at a time to find the first line. */
const HEADER_BYTES = 2 ** 14;

/** The plan of a sweep, opened by its one writer. */
export class PlanFile {
  readonly state: SweepState;
  readonly #path: string;
  readonly #files: Files;
  /** Whether a write has failed, which may have left a part of a line: nothing must follow it. */
  #isTorn = false;
  /** Appends one after the other. */
  #last: Promise<void> = Promise.resolve();

  private constructor(folder: string, state: SweepState, files: Files) {
    this.#path = join(folder, PLAN_FILE);
    this.state = state;
    this.#files = files;
  }

  /** Writes the plan of a new sweep, with all of its trials, as a whole. */
  static async create(
    folder: string,
    header: SweepHeader,
    trials: readonly TrialEvent[],
    files: Files,
  ): Promise<PlanFile> {
    const state = SweepState.of([header, ...trials]);
    await writeFileAtomic(join(folder, PLAN_FILE), [header, ...trials].map(lineOf).join(''), files);
    return new PlanFile(folder, state, files);
  }

  /**
   * Opens a plan to go on with it. A torn last line is removed.
   * @throws DamagedRunError that names a damaged line
   */
  static async open(folder: string, files: Files): Promise<PlanFile> {
    const path = join(folder, PLAN_FILE);
    const bytes = await readAgain(async () => files.read(path));
    const length = bytes.lastIndexOf(LINE_BREAK) + 1;
    const state = SweepState.of(eventsIn(bytes.subarray(0, length), path));
    assertOf(state, folder);
    if (length < bytes.length) await writeFileAtomic(path, bytes.subarray(0, length), files);
    return new PlanFile(folder, state, files);
  }

  /** Applies an event to the state, and resolves once it is on disk. @throws Error if it cannot follow or be written */
  async append(event: TrialEvent): Promise<void> {
    if (!this.state.apply(event)) throw new Error(`The event "${event.event}" cannot follow in the plan.`);
    this.#last = this.#last.then(async () => this.#write(lineOf(event)));
    await this.#last;
  }

  async #write(line: string): Promise<void> {
    if (this.#isTorn) throw new Error('The plan could not be written before.');
    this.#isTorn = true;
    await this.#files.appendFlushed(this.#path, line);
    this.#isTorn = false;
  }
}

/**
 * Reads a plan that another process may be writing.
 * @returns undefined if there is none
 * @throws DamagedRunError that names a damaged line
 */
export async function readPlan(folder: string, files: Files = disk): Promise<SweepState | undefined> {
  const path = join(folder, PLAN_FILE);
  const bytes = await readAgain(async () => files.read(path)).catch((error: unknown) => {
    if (isMissing(error)) return undefined;
    throw error;
  });
  if (!bytes) return undefined;
  const state = SweepState.of(eventsIn(bytes.subarray(0, bytes.lastIndexOf(LINE_BREAK) + 1), path));
  assertOf(state, folder);
  return state;
}

/** The header of a plan; undefined if there is none, or if its first line is damaged. */
export async function readHeader(folder: string): Promise<SweepHeader | undefined> {
  const header = eventOf(await firstLine(join(folder, PLAN_FILE)));
  return header?.event === 'sweep' && isOf(header, folder) ? header : undefined;
}

/** The first line of a file that may be long; empty if it is missing, or has no line break. */
async function firstLine(path: string): Promise<string> {
  const parts: Uint8Array[] = [];
  try {
    for await (const chunk of fileChunks(path, HEADER_BYTES)) {
      const end = chunk.indexOf(LINE_BREAK);
      parts.push(end < 0 ? chunk : chunk.subarray(0, end));
      if (end >= 0) return new TextDecoder().decode(Buffer.concat(parts));
    }
  } catch (error) {
    if (!isMissing(error)) throw error;
  }
  return '';
}

/** The folder of a sweep has its id as its name: a plan that was copied into another one, or changed, names other runs. */
function isOf({ id }: SweepHeader, folder: string): boolean {
  return id === basename(folder);
}

function assertOf({ header }: SweepState, folder: string): void {
  if (isOf(header, folder)) return;
  throw new DamagedRunError(
    phrase('{0} is the plan of the sweep {1}. Rename the folder to this name.', join(folder, PLAN_FILE), header.id),
  );
}

function lineOf(event: PlanEvent): string {
  return `${JSON.stringify({ ...event, crc32: checksum(event) })}\n`;
}

function checksum(event: object): string {
  return crc32(new TextEncoder().encode(JSON.stringify(event)))
    .toString(16)
    .padStart(8, '0');
}

function eventsIn(bytes: Uint8Array, path: string): PlanEvent[] {
  return new TextDecoder()
    .decode(bytes)
    .split('\n')
    .slice(0, -1)
    .map((line, i) => {
      const event = eventOf(line);
      if (event) return event;
      throw new DamagedRunError(phrase('{0} is damaged at line {1}.', path, i + 1));
    });
}

/** @returns undefined for a line that is not JSON of an event, or has another checksum */
function eventOf(line: string): PlanEvent | undefined {
  try {
    const { crc32: expected, ...event } = JSON.parse(line) as { crc32?: unknown };
    return checksum(event) === expected ? planEvent.safeParse(event).data : undefined;
  } catch {
    return undefined;
  }
}
