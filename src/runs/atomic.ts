import { dirname, join } from 'node:path';
import { type Files, isMissing, isTaken } from '../platform/files.ts';
import { randomHex } from '../platform/hashing.ts';
import { processId } from '../platform/system.ts';
import { MANIFEST, manifestOf, type Recorded, recordedOf } from './integrity.ts';

/**
 * Writes that a crash or a power cut cannot tear: content is written under a temporary name, flushed to disk and then
 * renamed, so a reader sees the old state or the new one, never a mixture.
 */

/** Replaces one file. */
export async function writeFileAtomic(path: string, data: string | Uint8Array, files: Files): Promise<void> {
  await writeFilesAtomic([path], data, files);
}

/** Replaces files of one folder, each by the same content. A crash may leave some of them as they were. */
export async function writeFilesAtomic(
  paths: readonly [string, ...string[]],
  data: string | Uint8Array,
  files: Files,
): Promise<void> {
  for (const path of paths) {
    const temporary = `${path}.${processId}.tmp`;
    await files.writeFlushed(temporary, data);
    await files.rename(temporary, path);
  }
  await files.syncFolder(dirname(paths[0]));
}

/** Beginning of the name of the folder in which `replaceFiles` writes; a process that was killed leaves one. */
export const UNFINISHED = '.sequence-lab-unfinished-';

/**
 * Replaces files in a folder that other programs write to, too. No symbolic link in it is followed: the files are
 * written into a new folder in it and renamed, which replaces a link and not the file that it leads to.
 * @param content name to content
 * @throws Error of the system; the folder then has the old and some of the new files
 */
export async function replaceFiles(
  folder: string,
  content: Readonly<Record<string, string | Uint8Array>>,
  files: Files,
): Promise<void> {
  const unfinished = join(folder, `${UNFINISHED}${randomHex(8)}`);
  await files.createFolder(unfinished);
  try {
    for (const [name, data] of Object.entries(content)) await files.writeFlushed(join(unfinished, name), data);
    for (const name of Object.keys(content)) await files.rename(join(unfinished, name), join(folder, name));
  } finally {
    await files.remove(unfinished);
  }
  await files.syncFolder(folder);
}

/**
 * Replaces a folder of files. What a crash left of an earlier call must have been repaired by `recoverFolder`.
 * @param content name to content; the folder holds exactly these afterwards, and a manifest of them
 */
export async function writeFolderAtomic(
  folder: string,
  content: Readonly<Record<string, string | Uint8Array>>,
  files: Files,
): Promise<void> {
  const temporary = temporaryName(folder);
  // Does not create the parents, which would bring back a run that the user has deleted.
  await files.createFolder(temporary);
  const entries = Object.entries(content);
  // All files at once: while the system flushes them, their hashes are computed.
  const writes = entries.map(async ([name, data]) => files.writeFlushed(join(temporary, name), data));
  const recorded = recordedOfAll(entries);
  // A write that fails is reported when the others have ended, as the caller may remove or replace the folder.
  const failed = (await Promise.allSettled(writes)).find((each) => each.status === 'rejected');
  if (failed) throw failed.reason;
  await files.writeFlushed(join(temporary, MANIFEST), manifestOf(await recorded));
  await files.syncFolder(temporary);
  const old = await files.rename(temporary, folder).then(
    () => undefined,
    async (error: unknown) => {
      if (!isTaken(error)) throw error;
      // A folder cannot be renamed over one that holds files: the old one is renamed first. A crash between the two
      // renames leaves both under their temporary names; `recoverFolder` restores one.
      await files.rename(folder, oldName(folder));
      await files.rename(temporary, folder);
      return oldName(folder);
    },
  );
  await files.syncFolder(dirname(folder));
  if (old !== undefined) await files.remove(old);
}

async function recordedOfAll(
  entries: readonly (readonly [name: string, data: string | Uint8Array])[],
): Promise<Record<string, Recorded>> {
  const recorded: Record<string, Recorded> = {};
  for (const [name, data] of entries) recorded[name] = await recordedOf(data);
  return recorded;
}

/**
 * Creates a folder of a run unless it exists, and syncs its name; otherwise a power cut could remove it with all that is
 * written to it. Does not create the parents, as `writeFolderAtomic`.
 * @returns whether it is new
 */
export async function createFolderSynced(folder: string, files: Files): Promise<boolean> {
  const isNew = await files.createFolder(folder).then(
    () => true,
    (error: unknown) => {
      if (!isTaken(error)) throw error;
      return false;
    },
  );
  await files.syncFolder(dirname(folder));
  return isNew;
}

/**
 * Repairs what a crash during `writeFolderAtomic` left behind. Call it before reading the folder, while holding the
 * run's lock.
 */
export async function recoverFolder(folder: string, files: Files): Promise<void> {
  const missing = await files.list(folder).then(
    () => false,
    (error: unknown) => {
      ignoreMissing(error);
      return true;
    },
  );
  if (missing) await files.rename(oldName(folder), folder).catch(ignoreMissing);
  await files.remove(oldName(folder));
  await files.remove(temporaryName(folder));
}

function temporaryName(folder: string): string {
  return `${folder}.new`;
}

function oldName(folder: string): string {
  return `${folder}.old`;
}

function ignoreMissing(error: unknown): void {
  if (!isMissing(error)) throw error;
}
