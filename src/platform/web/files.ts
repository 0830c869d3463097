import type { FileInfo, Files, FileStamp, FolderEntry } from '../files.ts';
import { codeOf, isMissing } from '../systemErrors.ts';
import { type AccessHandle, browser, type FileHandle, type FolderHandle } from './browser.ts';
import { utf8Bytes, utf8Text } from './bytes.ts';
import { randomHex } from './hashing.ts';
import { basename, dirname, join, normalize } from './path.ts';
import { hasProductFile, isProductPath, readProduct } from './product.ts';

/**
 * As `src/platform/files.ts`, in the private file system of the origin (OPFS), which all workers of an origin share.
 * Files are written with handles that are open during one operation only, so that others can use the file.
 */

export { isBelowFile, isMissing } from '../systemErrors.ts';

/** The codes of the system for the errors of a browser. */
const CODES: Readonly<Record<string, string>> = {
  NotFoundError: 'ENOENT',
  TypeMismatchError: 'ENOTDIR',
  QuotaExceededError: 'ENOSPC',
  NoModificationAllowedError: 'EBUSY',
  InvalidModificationError: 'ENOTEMPTY',
  NotReadableError: 'EIO',
  NotAllowedError: 'EACCES',
};

/** An error as that of a system, with its code, the operation and the path. */
function systemError(code: string, syscall: string, path: string, cause?: unknown): Error {
  return Object.assign(new Error(`${code}: ${syscall} '${path}'`, { cause }), { code, syscall, path });
}

async function withCodes<Result>(syscall: string, path: string, action: () => Promise<Result>): Promise<Result> {
  try {
    return await action();
  } catch (error) {
    const code = error instanceof Error && codeOf(error) === undefined ? CODES[error.name] : undefined;
    throw code === undefined ? error : systemError(code, syscall, path, error);
  }
}

/** A folder without the ends of its path, `/` for the root. */
function plain(path: string): string {
  const normal = normalize(path);
  return normal.length > 1 && normal.endsWith('/') ? normal.slice(0, -1) : normal;
}

const folders = new Map<string, Promise<FolderHandle>>();

/** The handle of a folder. Handles are kept: each costs a call of another process. @throws DOMException */
async function folderAt(path: string, create = false): Promise<FolderHandle> {
  const known = folders.get(path);
  if (known) return known;
  const found =
    path === '/' || path === '.'
      ? browser().storage.getDirectory()
      : folderAt(dirname(path), create).then(async (parent) => parent.getDirectoryHandle(basename(path), { create }));
  folders.set(path, found);
  found.catch(() => folders.delete(path));
  return found;
}

/** Forgets the handles of a folder and those below it. */
function forget(path: string): void {
  for (const known of folders.keys()) if (known === path || known.startsWith(`${path}/`)) folders.delete(known);
}

/** Runs an action in the folder of a file. A kept handle may be that of a folder that has been replaced. */
async function inFolderOf<Result>(
  path: string,
  action: (folder: FolderHandle, name: string) => Promise<Result>,
): Promise<Result> {
  const [parent, name] = [dirname(path), basename(path)];
  const isKnown = folders.has(parent);
  try {
    return await action(await folderAt(parent), name);
  } catch (error) {
    if (!isKnown || !(error instanceof Error && error.name === 'NotFoundError')) throw error;
    forget(parent);
    return action(await folderAt(parent), name);
  }
}

async function fileAt(path: string, create = false): Promise<FileHandle> {
  return inFolderOf(path, async (folder, name) => folder.getFileHandle(name, { create }));
}

/** Attempts to open a file that another worker has open, and the time between two of them in milliseconds. */
const [ATTEMPTS, BETWEEN] = [100, 20];

/** Runs an action while a file is open. */
async function withAccess<Result>(
  syscall: string,
  path: string,
  create: boolean,
  action: (file: AccessHandle) => Result,
): Promise<Result> {
  return withCodes(syscall, path, async () => {
    const handle = await fileAt(plain(path), create).catch((error: unknown) => {
      throw error instanceof Error && error.name === 'TypeMismatchError'
        ? systemError('EISDIR', syscall, path, error)
        : error;
    });
    const file = await whenFree(async () => handle.createSyncAccessHandle({ mode: 'readwrite-unsafe' }));
    try {
      return action(file);
    } finally {
      file.close();
    }
  });
}

/** Repeats an action on a file that is in use. */
async function whenFree<Result>(action: () => Promise<Result>): Promise<Result> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await action();
    } catch (error) {
      const isInUse = error instanceof Error && error.name === 'NoModificationAllowedError';
      if (!isInUse || attempt === ATTEMPTS) throw error;
      await new Promise((resolve) => setTimeout(resolve, BETWEEN));
    }
  }
}

/** Writes bytes at a place. @throws DOMException `QuotaExceededError` if they do not fit */
function put(file: AccessHandle, bytes: Uint8Array, at: number): void {
  const written = file.write(bytes, { at });
  if (written < bytes.length) throw new DOMException('The storage is full.', 'QuotaExceededError');
}

function bytesOf(data: string | Uint8Array): Uint8Array {
  if (typeof data === 'string') return utf8Bytes(data);
  // Browsers refuse memory that threads share.
  return data.buffer instanceof ArrayBuffer ? data : Uint8Array.from(data);
}

async function replace(path: string, data: string | Uint8Array, flush: boolean): Promise<void> {
  await withAccess('write', path, true, (file) => {
    const bytes = bytesOf(data);
    file.truncate(bytes.length);
    put(file, bytes, 0);
    if (flush) file.flush();
  });
}

async function addTo(path: string, data: string | Uint8Array, flush: boolean): Promise<void> {
  await withAccess('append', path, true, (file) => {
    put(file, bytesOf(data), file.getSize());
    if (flush) file.flush();
  });
}

/** Readings of a file that another worker changes meanwhile. */
const READINGS = 5;

/** Reads from a file. Its content is that of the moment: a change invalidates what has not been read yet. */
async function reading<Result>(
  path: string,
  read: (file: Awaited<ReturnType<FileHandle['getFile']>>) => Promise<Result>,
): Promise<Result> {
  return withCodes('open', path, async () => {
    if (isProductPath(path)) {
      const bytes = await readProduct(path);
      if (!bytes) throw systemError('ENOENT', 'open', path);
      return read(Object.assign(new Blob([bytes]), { lastModified: 0 }));
    }
    for (let attempt = 1; ; attempt++) {
      try {
        return await read(await (await fileAt(plain(path))).getFile());
      } catch (error) {
        if (attempt === READINGS || !(error instanceof Error) || error.name !== 'NotReadableError')
          throw asFile(error, path);
      }
    }
  });
}

/** The error of reading a folder as a file. */
function asFile(error: unknown, path: string): unknown {
  return error instanceof Error && error.name === 'TypeMismatchError'
    ? systemError('EISDIR', 'read', path, error)
    : error;
}

async function partOf(file: Blob, start: number, end?: number): Promise<Uint8Array<ArrayBuffer>> {
  return new Uint8Array(await file.slice(start, end).arrayBuffer());
}

/** A file or folder; undefined if there is none. */
async function entryAt(path: string): Promise<FileHandle | FolderHandle | undefined> {
  if (path === '/') return folderAt(path);
  try {
    return await inFolderOf(path, async (folder, name) =>
      folder.getFileHandle(name).catch(async (error: unknown) => {
        if (error instanceof Error && error.name === 'TypeMismatchError') return folder.getDirectoryHandle(name);
        throw error;
      }),
    );
  } catch (error) {
    if (error instanceof Error && (error.name === 'NotFoundError' || error.name === 'TypeMismatchError'))
      return undefined;
    throw error;
  }
}

/** Name of the lock of those who create or rename folders: neither is one operation of a browser. */
const FOLDERS_LOCK = 'sequence-lab folders';

/** Folder of the notes about folders that are being renamed. */
const RENAMES = '/.sequence-lab-renames';

/**
 * Renames a folder, which browsers cannot: moves its files one by one. A note says so meanwhile, so that the next
 * context goes on if this one ends.
 */
async function renameFolder(from: string, to: string): Promise<void> {
  const target = await entryAt(to);
  if (target?.kind === 'file') throw systemError('ENOTDIR', 'rename', to);
  if (target && (await disk.list(to)).length > 0) throw systemError('ENOTEMPTY', 'rename', to);
  await folderAt(dirname(to));
  await disk.makeFolder(RENAMES);
  const note = join(RENAMES, `${randomHex(8)}.json`);
  await disk.writeFlushed(note, JSON.stringify({ from, to }));
  await moveContents(from, to);
  await disk.remove(note);
}

/** Moves what is in a folder into another one, and removes it. Does nothing without it. */
async function moveContents(from: string, to: string): Promise<void> {
  if (!(await entryAt(from))) return;
  await disk.makeFolder(to);
  for (const { name, isFolder } of await disk.list(from)) {
    if (isFolder) await moveContents(join(from, name), join(to, name));
    else await moveFile(join(from, name), join(to, name));
  }
  await disk.remove(from);
}

async function moveFile(from: string, to: string): Promise<void> {
  const handle = await fileAt(from);
  if (handle.move) {
    const { move } = handle;
    await inFolderOf(to, async (folder, name) => whenFree(async () => move.call(handle, folder, name)));
    return;
  }
  await replace(to, await disk.read(from), true);
  await disk.remove(from);
}

let mended: Promise<void> | undefined;

/** Goes on with renames of contexts that have ended: those that live have the lock. */
async function mendRenames(): Promise<void> {
  mended ??= browser().locks.request(FOLDERS_LOCK, async () => {
    const notes = await disk.list(RENAMES).catch((error: unknown) => {
      if (isMissing(error)) return [];
      throw error;
    });
    for (const { name } of notes) {
      const note = join(RENAMES, name);
      const read = JSON.parse((await disk.readText(note)) || 'null') as { from: string; to: string } | null;
      if (read) await moveContents(read.from, read.to);
      await disk.remove(note);
    }
  });
  return mended;
}

async function withFolders<Result>(action: () => Promise<Result>): Promise<Result> {
  await mendRenames();
  return browser().locks.request(FOLDERS_LOCK, action);
}

export const disk: Files = {
  read: async (path) => reading(path, async (file) => partOf(file, 0)),
  readFrom: async (path, offset) => reading(path, async (file) => partOf(file, offset)),
  readText: async (path) => utf8Text(await disk.read(path)),
  async list(path) {
    return withCodes('scandir', path, async () => {
      const entries: FolderEntry[] = [];
      for await (const { name, kind } of (await folderAt(plain(path))).values())
        entries.push({ name, isFolder: kind === 'directory', isFile: kind === 'file', isLink: false });
      return entries;
    }).catch((error: unknown) => {
      if (isMissing(error)) forget(plain(path));
      throw error;
    });
  },
  async makeFolder(path) {
    forget(plain(path));
    await withCodes('mkdir', path, async () => folderAt(plain(path), true));
  },
  createFolder: async (path) =>
    withFolders(async () =>
      withCodes('mkdir', path, async () => {
        if (await entryAt(plain(path))) throw systemError('EEXIST', 'mkdir', path);
        await inFolderOf(plain(path), async (folder, name) => folder.getDirectoryHandle(name, { create: true }));
      }),
    ),
  write: async (path, data) => replace(path, data, false),
  writeFlushed: async (path, data) => replace(path, data, true),
  append: async (path, data) => addTo(path, data, false),
  appendFlushed: async (path, data) => addTo(path, data, true),
  async touch(path) {
    await withAccess('open', path, false, (file) => {
      const byte = new Uint8Array(1);
      if (file.read(byte, { at: 0 }) > 0) put(file, byte, 0);
    });
  },
  // Browsers have no such operation.
  syncFolder: async () => Promise.resolve(),
  async rename(from, to) {
    const [source, target] = [plain(from), plain(to)];
    await withFolders(async () =>
      withCodes('rename', from, async () => {
        const entry = await entryAt(source);
        if (!entry) throw systemError('ENOENT', 'rename', from);
        if (entry.kind === 'file') await moveFile(source, target);
        else await renameFolder(source, target);
        forget(source);
      }),
    );
  },
  async remove(path) {
    await withCodes('unlink', path, async () =>
      inFolderOf(plain(path), async (folder, name) =>
        whenFree(async () => folder.removeEntry(name, { recursive: true })),
      ),
    ).catch((error: unknown) => {
      if (!isMissing(error)) throw error;
    });
    forget(plain(path));
  },
};

const TAKEN_CODES: ReadonlySet<unknown> = new Set(['EEXIST', 'ENOTEMPTY']);

export function isTaken(error: unknown): boolean {
  return TAKEN_CODES.has(codeOf(error));
}

export async function makeTemporaryFolder(prefix: string): Promise<string> {
  const path = `/tmp/${prefix}${randomHex(4)}`;
  await disk.makeFolder(path);
  return path;
}

export async function fileInfo(path: string): Promise<FileInfo> {
  if (isProductPath(path)) return { size: (await disk.read(path)).length, isFile: true, isFolder: false };
  return withCodes('stat', path, async () => {
    const entry = await entryAt(plain(path));
    if (!entry) throw systemError('ENOENT', 'stat', path);
    if (entry.kind === 'directory') return { size: 0, isFile: false, isFolder: true };
    return { size: (await entry.getFile()).size, isFile: true, isFolder: false };
  });
}

export async function fileStamps(paths: readonly string[]): Promise<FileStamp[]> {
  return Promise.all(
    paths.map(async (path) => {
      const entry = await entryAt(plain(path));
      if (!entry) return { stamp: '', changed: 0 };
      if (entry.kind === 'directory') return { stamp: 'folder', changed: 0 };
      const { lastModified, size } = await entry.getFile();
      return { stamp: `${lastModified}:${size}`, changed: lastModified };
    }),
  );
}

export async function exists(path: string): Promise<boolean> {
  return isProductPath(path) ? hasProductFile(path) : (await entryAt(plain(path))) !== undefined;
}

export function existsHere(path: string): boolean {
  return hasProductFile(path);
}

export async function realPath(path: string): Promise<string> {
  if (!(await exists(path))) throw systemError('ENOENT', 'realpath', path);
  return plain(path);
}

export async function isPresent(path: string): Promise<boolean> {
  return exists(path);
}

export async function isProgram(): Promise<boolean> {
  return Promise.resolve(false);
}

export async function* fileChunks(path: string, chunkBytes: number): AsyncGenerator<Uint8Array> {
  for (let at = 0; ; at += chunkBytes) {
    const bytes = await readRange(path, at, at + chunkBytes);
    if (bytes.length > 0) yield bytes;
    if (bytes.length < chunkBytes) return;
  }
}

export async function readRange(path: string, start: number, end: number): Promise<Uint8Array> {
  return reading(path, async (file) => partOf(file, start, Math.min(Math.max(start, end), file.size)));
}
