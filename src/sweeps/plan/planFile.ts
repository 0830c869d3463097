import { basename, join } from 'node:path';
import { crc32 } from '../../format/crc32.ts';
import { phrase } from '../../phrases/phrase.ts';
import { fileChunks, type Files, isMissing } from '../../platform/files.ts';
import { linesOf } from '../../platform/lines.ts';
import { writeFileAtomic } from '../../runs/atomic.ts';
import { DamagedRunError } from '../../runs/integrity.ts';
import { readAgain } from '../../runs/readAgain.ts';
import { type PlanEvent, planEvent, type SweepHeader, type TrialEvent } from './events.ts';
import { SweepState } from './sweepState.ts';
import { joinBytes, utf8Bytes } from '../../platform/bytes.ts';

/**
 * `plan.jsonl` of a sweep: a line of JSON for each event, only ever appended to, and flushed to disk before what it says
 * is done. Each line ends with a CRC-32 of the rest of it. What a crash has torn off follows the last line break, and is
 * not part of the plan.
 */
export const PLAN_FILE = 'plan.jsonl';

const LINE_BREAK = 10;
/** Bytes that are read at a time: to find the first line, and of a whole plan, which may have a million trials. */
const [HEADER_BYTES, CHUNK_BYTES] = [2 ** 14, 2 ** 20];
/** Number of lines of a new plan that become bytes at a time: all of them may be longer than a string may be. */
const LINES_AT_A_TIME = 10_000;

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
    await writeFileAtomic(join(folder, PLAN_FILE), bytesOf([header, ...trials]), files);
    return new PlanFile(folder, state, files);
  }

  /**
   * Opens a plan to go on with it. A torn last line is removed.
   * @throws DamagedRunError that names a damaged line
   */
  static async open(folder: string, files: Files): Promise<PlanFile> {
    const path = join(folder, PLAN_FILE);
    const { state, length, isTorn } = await readAgain(async () => stateIn(path));
    assertOf(state, folder);
    if (isTorn) await writeFileAtomic(path, (await files.read(path)).subarray(0, length), files);
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
export async function readPlan(folder: string): Promise<SweepState | undefined> {
  const path = join(folder, PLAN_FILE);
  const found = await readAgain(async () => stateIn(path)).catch((error: unknown) => {
    if (isMissing(error)) return undefined;
    throw error;
  });
  if (found) assertOf(found.state, folder);
  return found?.state;
}

/** The header of a plan; undefined if there is none, or if its first line is damaged. */
export async function readHeader(folder: string): Promise<SweepHeader | undefined> {
  const header = eventOf(await firstLine(join(folder, PLAN_FILE)));
  return header?.event === 'sweep' && isOf(header, folder) ? header : undefined;
}

/** The first line of a file that may be long; empty if it is missing, or has no line break. */
async function firstLine(path: string): Promise<Uint8Array> {
  const parts: Uint8Array[] = [];
  try {
    for await (const chunk of fileChunks(path, HEADER_BYTES)) {
      const end = chunk.indexOf(LINE_BREAK);
      parts.push(end < 0 ? chunk : chunk.subarray(0, end));
      if (end >= 0) return joinBytes(parts);
    }
  } catch (error) {
    if (!isMissing(error)) throw error;
  }
  return new Uint8Array();
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

function bytesOf(events: readonly PlanEvent[]): Uint8Array {
  const parts: Uint8Array[] = [];
  for (let at = 0; at < events.length; at += LINES_AT_A_TIME)
    parts.push(
      utf8Bytes(
        events
          .slice(at, at + LINES_AT_A_TIME)
          .map(lineOf)
          .join(''),
      ),
    );
  return joinBytes(parts);
}

/** The end of a line with an example of a checksum; the rest of the line is JSON without its last brace. */
const CRC_END = ',"crc32":"01234567"}';
const BRACE = new TextEncoder().encode('}');

function lineOf(event: PlanEvent): string {
  const text = JSON.stringify(event).slice(0, -1);
  return `${text},"crc32":"${checksum(new TextEncoder().encode(text))}"}\n`;
}

/** CRC-32 of a line, without its checksum. @param bytes up to the comma before the checksum */
function checksum(bytes: Uint8Array): string {
  return crc32(BRACE, crc32(bytes)).toString(16).padStart(8, '0');
}

/** A plan as it is read. */
interface ReadPlan {
  readonly state: SweepState;
  /** Bytes of its whole lines. */
  readonly length: number;
  /** Whether a part of a line follows them. */
  readonly isTorn: boolean;
}

/** Reads a plan piece by piece. @throws DamagedRunError that names a damaged line */
async function stateIn(path: string): Promise<ReadPlan> {
  let state: SweepState | undefined;
  let [count, length, isTorn] = [0, 0, false];
  for await (const { lines, rest } of linesOf(path, CHUNK_BYTES)) {
    for (const line of lines) {
      const event = eventOf(line);
      if (!event) throw new DamagedRunError(phrase('{0} is damaged at line {1}.', path, count + 1));
      state = SweepState.after(state, event, ++count);
      length += line.length + 1;
    }
    isTorn = rest > 0;
  }
  return { state: state ?? SweepState.of([]), length, isTorn };
}

/** @returns undefined for a line that is not JSON of an event, or has another checksum */
function eventOf(line: Uint8Array): PlanEvent | undefined {
  try {
    const { crc32: expected, ...event } = JSON.parse(decoder.decode(line)) as { crc32?: unknown };
    if (checksum(line.subarray(0, -CRC_END.length)) !== expected) return undefined;
    return planEvent.safeParse(event).data;
  } catch {
    return undefined;
  }
}

const decoder = new TextDecoder();
