import { basename, dirname, join } from 'node:path';
import * as z from 'zod';
import { exists, type Files, fileStamps } from '../platform/files.ts';
import { newSha256, randomHex } from '../platform/hashing.ts';
import { linesOf } from '../platform/lines.ts';

const VERSION = 2;
/** Bytes that are read at a time. */
const CHUNK_BYTES = 2 ** 20;
/** Milliseconds without a change from which on a temporary file is one that a killed process has left. */
const LEFT_MS = 3_600_000;
/** Random bytes in the name of a temporary file: processes of several computers may have the same number. */
const NAME_BYTES = 8;
/** Most entries of a batch: some megabytes. */
const BATCH = 1000;

const header = z.object({ version: z.literal(VERSION), runs: z.string() });
const batchEnd = z.strictObject({ sha256: z.string() });

/**
 * `index.jsonl` next to the folder of the runs: a header, and batches of entries, each a line of JSON, followed by a line
 * with the SHA-256 of the batch. A later entry of a run replaces an earlier one. Batches are appended, so that a change
 * in a store of a million runs does not write all of them; a batch that was torn off, changed, or mixed with that of
 * another process is left out.
 */
export class IndexFile {
  readonly #path: string;
  readonly #runs: string;
  readonly #files: Files;
  /** Number of entries in the file, as far as this process knows; undefined if it has to be written as a whole. */
  #entries: number | undefined;

  /** @param runs folder of the runs */
  constructor(path: string, runs: string, files: Files) {
    this.#path = path;
    this.#runs = runs;
    this.#files = files;
  }

  /** Number of entries in the file, those that others replaced included; undefined if there is no file to append to. */
  async entries(): Promise<number | undefined> {
    return this.#entries !== undefined && (await exists(this.#path)) ? this.#entries : undefined;
  }

  /** The entries of the whole batches, parsed. None if there is no file, or one of another version or folder. */
  async *read(): AsyncGenerator<unknown> {
    let isFirst = true;
    let batch: Uint8Array[] = [];
    for await (const { lines } of linesOf(this.#path, CHUNK_BYTES)) {
      for (const line of lines) {
        if (isFirst) {
          if (header.safeParse(parse(line)).data?.runs !== this.#runs) return;
          [isFirst, this.#entries] = [false, 0];
          continue;
        }
        const sha256 = endOf(line);
        if (sha256 === undefined) {
          batch.push(line);
          continue;
        }
        if (sha256 === hashOf(batch)) for (const each of batch) yield parse(each);
        this.#entries = (this.#entries ?? 0) + batch.length;
        batch = [];
      }
      // The lines are parts of the piece, which would otherwise be in memory with each of them.
      batch = batch.map((line) => line.slice());
    }
  }

  /** Replaces the file. @throws Error if it cannot be written */
  async write(entries: Iterable<object>): Promise<void> {
    const temporary = `${this.#path}.${randomHex(NAME_BYTES)}.tmp`;
    try {
      await this.#files.write(temporary, `${JSON.stringify({ version: VERSION, runs: this.#runs })}\n`);
      const written = await this.#appendTo(temporary, entries);
      await this.#files.appendFlushed(temporary, '');
      await this.#files.rename(temporary, this.#path);
      await this.#files.syncFolder(dirname(this.#path));
      this.#entries = written;
    } catch (error) {
      await this.#files.remove(temporary).catch(() => undefined);
      throw error;
    }
    await this.#removeLeftFiles();
  }

  /** Removes the temporary files of killed processes. */
  async #removeLeftFiles(): Promise<void> {
    const folder = dirname(this.#path);
    const prefix = `${basename(this.#path)}.`;
    for (const { name, isFile } of await this.#files.list(folder)) {
      if (!isFile || !name.startsWith(prefix) || !name.endsWith('.tmp')) continue;
      const path = join(folder, name);
      const [stamp] = await fileStamps([path]);
      if (stamp !== undefined && Date.now() - stamp.changed > LEFT_MS) await this.#files.remove(path);
    }
  }

  /** Adds entries. @throws Error if they cannot be written */
  async append(entries: Iterable<object>): Promise<void> {
    this.#entries = (this.#entries ?? 0) + (await this.#appendTo(this.#path, entries));
  }

  /** @returns number of entries */
  async #appendTo(path: string, entries: Iterable<object>): Promise<number> {
    let [batch, count]: [string[], number] = [[], 0];
    for (const entry of entries) {
      count++;
      if (batch.push(JSON.stringify(entry)) < BATCH) continue;
      await this.#files.append(path, textOf(batch));
      batch = [];
    }
    if (batch.length > 0) await this.#files.append(path, textOf(batch));
    return count;
  }
}

function textOf(batch: readonly string[]): string {
  return `${batch.join('\n')}\n${JSON.stringify({ sha256: hashOf(batch) })}\n`;
}

function hashOf(batch: readonly (string | Uint8Array)[]): string {
  const hash = newSha256();
  for (const line of batch) hash.update(line).update('\n');
  return hash.digest('hex');
}

/** The hash in the last line of a batch; undefined for another line. */
function endOf(line: Uint8Array): string | undefined {
  return line.length > LONGEST_END ? undefined : batchEnd.safeParse(parse(line)).data?.sha256;
}

/** Most bytes of the last line of a batch. */
const LONGEST_END = 100;

function parse(line: Uint8Array): unknown {
  try {
    return JSON.parse(decoder.decode(line));
  } catch {
    return undefined;
  }
}

const decoder = new TextDecoder();
