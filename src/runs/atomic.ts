import { mkdir, open, rename, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';

/**
 * Writing that a crash cannot tear: everything is written aside, flushed to disk and then renamed, so a
 * reader sees the old state or the new one, never a half.
 */

/** Replaces one file. */
export async function writeFileAtomic(path: string, data: string | Uint8Array): Promise<void> {
  const aside = `${path}.${process.pid}.tmp`;
  await writeFlushed(aside, data);
  await rename(aside, path);
}

/**
 * Replaces a folder of files.
 * @param files name to content; the folder holds exactly these afterwards
 */
export async function writeFolderAtomic(
  folder: string,
  files: Readonly<Record<string, string | Uint8Array>>,
): Promise<void> {
  const aside = asideName(folder);
  await rm(aside, { recursive: true, force: true });
  await mkdir(aside, { recursive: true });
  for (const [name, data] of Object.entries(files)) await writeFlushed(join(aside, name), data);
  // A folder cannot be renamed over a full one: the old one steps aside first. A crash between the two
  // renames leaves both under their temporary names; `recoverFolder` puts one back.
  const old = oldName(folder);
  await rm(old, { recursive: true, force: true });
  await rename(folder, old).catch(ignoreMissing);
  await rename(aside, folder);
  await rm(old, { recursive: true, force: true });
  await flushFolder(dirname(folder));
}

/**
 * Mends what a crash in the middle of `writeFolderAtomic` left behind. Call it before reading the folder, holding the
 * run's lock.
 */
export async function recoverFolder(folder: string): Promise<void> {
  const missing = await open(folder).then(
    async (handle) => {
      await handle.close();
      return false;
    },
    () => true,
  );
  if (missing) await rename(oldName(folder), folder).catch(ignoreMissing);
  await rm(oldName(folder), { recursive: true, force: true });
  await rm(asideName(folder), { recursive: true, force: true });
}

function asideName(folder: string): string {
  return `${folder}.new`;
}

function oldName(folder: string): string {
  return `${folder}.old`;
}

async function writeFlushed(path: string, data: string | Uint8Array): Promise<void> {
  const file = await open(path, 'w');
  try {
    await file.writeFile(data);
    await file.sync();
  } finally {
    await file.close();
  }
}

async function flushFolder(path: string): Promise<void> {
  // Windows cannot open a folder to flush it, and does not need to.
  if (process.platform === 'win32') return;
  const handle = await open(path, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

function ignoreMissing(error: unknown): void {
  if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
}
