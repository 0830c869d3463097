import { existsSync, statSync } from 'node:fs';
import {
  access,
  appendFile,
  constants,
  lstat,
  mkdir,
  mkdtemp,
  open,
  readdir,
  readFile,
  realpath,
  rename,
  rm,
  stat,
  writeFile,
} from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { codeOf } from './systemErrors.ts';

export { isBelowFile, isMissing } from './systemErrors.ts';

/** An entry of a folder. */
export interface FolderEntry {
  readonly name: string;
  readonly isFolder: boolean;
  readonly isFile: boolean;
  /** True for a symbolic link, whatever it points to; it is neither a folder nor a file here. */
  readonly isLink: boolean;
}

/**
 * File operations of a run. Every write of a run goes through one object of this kind, which its owner passes on:
 * `disk`, or in a test a file system that fails or stops at the N-th operation. Errors have the code of the system
 * (`ENOENT`, `ENOSPC`).
 */
export interface Files {
  read(path: string): Promise<Uint8Array>;
  /** The bytes of a file from an offset to its end; none beyond its end. */
  readFrom(path: string, offset: number): Promise<Uint8Array>;
  /** The content of a UTF-8 file. */
  readText(path: string): Promise<string>;
  list(folder: string): Promise<FolderEntry[]>;
  /** Creates a folder and its missing parents; does nothing if it exists. */
  makeFolder(path: string): Promise<void>;
  /** Creates a folder. Fails if it exists (`EEXIST`) or has no parent (`ENOENT`). */
  createFolder(path: string): Promise<void>;
  /** Writes a file and replaces an existing one. A crash may leave an incomplete file. */
  write(path: string, data: string | Uint8Array): Promise<void>;
  /** As `write`; waits until the content survives a power cut. */
  writeFlushed(path: string, data: string | Uint8Array): Promise<void>;
  /** Appends to a file, which is created if it is missing. */
  append(path: string, data: string | Uint8Array): Promise<void>;
  /** As `append`, also of nothing; waits until the whole content survives a power cut. */
  appendFlushed(path: string, data: string | Uint8Array): Promise<void>;
  /** Sets the time of the last change of a file to now. */
  touch(path: string): Promise<void>;
  /** Waits until the entries of a folder survive a power cut. */
  syncFolder(path: string): Promise<void>;
  /** Renames a file, replacing an existing one, or a folder. */
  rename(from: string, to: string): Promise<void>;
  /** Removes a file, or a folder with its contents; does nothing if it does not exist. */
  remove(path: string): Promise<void>;
}

/** Bytes of one write: Node.js refuses 2 ** 31 and more. */
const LARGEST_WRITE = 2 ** 30;

/** The files of this computer. */
export const disk: Files = {
  read: async (path) => readFile(path),
  async readFrom(path, offset) {
    const handle = await open(path, 'r');
    try {
      const { size } = await handle.stat();
      const bytes = Buffer.alloc(Math.max(0, size - offset));
      let length = 0;
      while (length < bytes.length) {
        const { bytesRead } = await handle.read(bytes, length, bytes.length - length, offset + length);
        if (bytesRead === 0) break;
        length += bytesRead;
      }
      return bytes.subarray(0, length);
    } finally {
      await handle.close();
    }
  },
  readText: async (path) => readFile(path, 'utf8'),
  async list(folder) {
    const entries = await readdir(folder, { withFileTypes: true });
    return entries.map((entry) => ({
      name: entry.name,
      isFolder: entry.isDirectory(),
      isFile: entry.isFile(),
      isLink: entry.isSymbolicLink(),
    }));
  },
  async makeFolder(path) {
    await mkdir(path, { recursive: true });
  },
  createFolder: async (path) => mkdir(path),
  write: async (path, data) => writeFile(path, data),
  async writeFlushed(path, data) {
    const handle = await open(path, 'w');
    try {
      const bytes = typeof data === 'string' ? Buffer.from(data) : data;
      // At once: `writeFile` writes pieces of 512 KB, and after each waits for what this thread computes meanwhile.
      for (let at = 0; at < bytes.length;)
        at += (await handle.write(bytes, at, Math.min(LARGEST_WRITE, bytes.length - at))).bytesWritten;
      await handle.sync();
    } finally {
      await handle.close();
    }
  },
  append: async (path, data) => appendFile(path, data),
  appendFlushed: async (path, data) => appendFile(path, data, { flush: true }),
  // Writes the first byte again: `utimes` would set the time of this computer, not that of the file server.
  async touch(path) {
    const handle = await open(path, 'r+');
    try {
      const { bytesRead, buffer } = await handle.read(Buffer.alloc(1), 0, 1, 0);
      if (bytesRead > 0) await handle.write(buffer, 0, 1, 0);
    } finally {
      await handle.close();
    }
  },
  async syncFolder(path) {
    // Windows cannot open a folder to flush it, and does not require it.
    if (process.platform === 'win32') return;
    const handle = await open(path, 'r');
    try {
      await handle.sync();
    } finally {
      await handle.close();
    }
  },
  rename: async (from, to) => rename(from, to),
  remove: async (path) => rm(path, { recursive: true, force: true }),
};

/** True for the error of a name that a file or folder has already. */
export function isTaken(error: unknown): boolean {
  return TAKEN_CODES.has(codeOf(error));
}

/** Windows reports a folder in the way as a lack of permissions. */
const TAKEN_CODES: ReadonlySet<unknown> = new Set([
  'EEXIST',
  'ENOTEMPTY',
  ...(process.platform === 'win32' ? ['EPERM', 'EACCES'] : []),
]);

/** Creates a new folder for temporary files, which the caller removes. @param prefix beginning of its name */
export async function makeTemporaryFolder(prefix: string): Promise<string> {
  return mkdtemp(join(tmpdir(), prefix));
}

/** Facts about a file or folder. */
export interface FileInfo {
  /** Size in bytes. */
  readonly size: number;
  readonly isFile: boolean;
  readonly isFolder: boolean;
}

/** Returns facts about a file or folder. @throws Error of the system, `ENOENT` if it does not exist */
export async function fileInfo(path: string): Promise<FileInfo> {
  const found = await stat(path);
  return { size: found.size, isFile: found.isFile(), isFolder: found.isDirectory() };
}

/** What tells a version of a file from another one, without reading it. */
export interface FileStamp {
  /** Differs if the file was replaced or changed; empty if it does not exist. */
  readonly stamp: string;
  /** Time of the last change in milliseconds; 0 if the file does not exist. */
  readonly changed: number;
}

/**
 * The stamps of a few files. On a computer, the call blocks, because that takes a tenth of the time of waiting for each
 * of thousands of files; the caller yields between calls.
 */
export async function fileStamps(paths: readonly string[]): Promise<FileStamp[]> {
  return paths.map((path) => {
    const found = statSync(path, { throwIfNoEntry: false });
    if (!found) return { stamp: '', changed: 0 };
    return { stamp: `${found.mtimeMs}:${found.size}:${found.ino}`, changed: found.mtimeMs };
  });
}

/** True if a file or folder exists. On a computer, the call blocks. */
export async function exists(path: string): Promise<boolean> {
  return existsSync(path);
}

/** As `exists`, at once, for parts of native libraries: false in a browser, which has none. */
export function existsHere(path: string): boolean {
  return existsSync(path);
}

/** The path of an existing file or folder without symbolic links. @throws Error of the system, also for a broken link */
export async function realPath(path: string): Promise<string> {
  return realpath(path);
}

/** True if a file, a folder or a symbolic link has this path, also a link to nothing. */
export async function isPresent(path: string): Promise<boolean> {
  return lstat(path).then(
    () => true,
    () => false,
  );
}

/** True if a path is a program that this user may run. */
export async function isProgram(path: string): Promise<boolean> {
  try {
    await access(path, constants.X_OK);
    return (await stat(path)).isFile();
  } catch {
    return false;
  }
}

/** The bytes of a file, in chunks of at most `chunkBytes`. */
export async function* fileChunks(path: string, chunkBytes: number): AsyncGenerator<Uint8Array> {
  // Not a stream, which costs several times as much for each of many small files.
  const handle = await open(path, 'r');
  try {
    for (;;) {
      const { bytesRead, buffer } = await handle.read(Buffer.allocUnsafe(chunkBytes), 0, chunkBytes, null);
      if (bytesRead === 0) return;
      yield buffer.subarray(0, bytesRead);
    }
  } finally {
    await handle.close();
  }
}

/** The bytes of a file from one place up to another, or up to its end. */
export async function readRange(path: string, start: number, end: number): Promise<Uint8Array> {
  const handle = await open(path, 'r');
  try {
    const bytes = Buffer.alloc(Math.max(0, end - start));
    let length = 0;
    while (length < bytes.length) {
      const { bytesRead } = await handle.read(
        bytes,
        length,
        Math.min(LARGEST_WRITE, bytes.length - length),
        start + length,
      );
      if (bytesRead === 0) break;
      length += bytesRead;
    }
    return bytes.subarray(0, length);
  } finally {
    await handle.close();
  }
}
