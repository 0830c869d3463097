import { dirname, join } from 'node:path';
import { type Files, isMissing } from '../platform/files.ts';
import { MANIFEST, manifestOf } from './integrity.ts';

/**
 * Writes that a crash or a power cut cannot tear: content is written under a temporary name, flushed to disk and then
 * renamed, so a reader sees the old state or the new one, never a mixture.
 */

/** Replaces one file. */
export async function writeFileAtomic(path: string, data: string | Uint8Array, files: Files): Promise<void> {
  const temporary = `${path}.${process.pid}.tmp`;
  await files.write(temporary, data);
  await files.sync(temporary);
  await files.rename(temporary, path);
  await files.syncFolder(dirname(path));
}

/**
 * Replaces a folder of files.
 * @param content name to content; the folder holds exactly these afterwards, and a manifest of them
 */
export async function writeFolderAtomic(
  folder: string,
  content: Readonly<Record<string, string | Uint8Array>>,
  files: Files,
): Promise<void> {
  const temporary = temporaryName(folder);
  await files.remove(temporary);
  // Creating the folder would create its parents too, and bring back a run that the user has deleted.
  await files.list(dirname(folder));
  await files.makeFolder(temporary);
  for (const [name, data] of Object.entries({ ...content, [MANIFEST]: manifestOf(content) })) {
    await files.write(join(temporary, name), data);
    await files.sync(join(temporary, name));
  }
  await files.syncFolder(temporary);
  // A folder cannot be renamed over one that holds files: the old one is renamed first. A crash between the two
  // renames leaves both under their temporary names; `recoverFolder` restores one.
  const old = oldName(folder);
  await files.remove(old);
  await files.rename(folder, old).catch(ignoreMissing);
  await files.rename(temporary, folder);
  await files.syncFolder(dirname(folder));
  await files.remove(old);
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
