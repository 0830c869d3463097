import type { FileInfo, Files, FileStamp, FolderEntry } from '../files.ts';
import { codeOf } from '../systemErrors.ts';
import { type AccessHandle, browser, type FileHandle, type FolderHandle } from './browser.ts';
import { utf8Bytes, utf8Text } from './bytes.ts';
import { announce } from './changes.ts';
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
  QuotaExceededError: 'EDQUOT',
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

const isNotFound = (error: unknown) => error instanceof Error && error.name === 'NotFoundError';
const isOtherKind = (error: unknown) => error instanceof Error && error.name === 'TypeMismatchError';

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

/** Whether the handle of a folder, or of one above it, was kept from before. */
function isKept(path: string): boolean {
  return path !== '/' && path !== '.' && (folders.has(path) || isKept(dirname(path)));
}

/** The handle of a folder that could not be used: it, or a folder above it, was replaced by another context. */
async function folderAgain(path: string, create: boolean): Promise<FolderHandle> {
  forget(path);
  try {
    return await folderAt(path, create);
  } catch (error) {
    if (!isNotFound(error)) throw error;
    for (let above = path; above !== '/' && above !== '.'; above = dirname(above)) folders.delete(above);
    return folderAt(path, create);
  }
}

/** Runs an action in a folder. A kept handle may be that of a folder that has been replaced. */
async function inFolder<Result>(path: string, action: (folder: FolderHandle) => Promise<Result>): Promise<Result> {
  const mayBeOld = isKept(path);
  try {
    return await action(await folderAt(path));
  } catch (error) {
    if (!mayBeOld || !isNotFound(error)) throw error;
    return action(await folderAgain(path, false));
  }
}

/** Runs an action in the folder of a file. */
async function inFolderOf<Result>(
  path: string,
  action: (folder: FolderHandle, name: string) => Promise<Result>,
): Promise<Result> {
  return inFolder(dirname(path), async (folder) => action(folder, basename(path)));
}

async function fileAt(path: string, create = false): Promise<FileHandle> {
  return inFolderOf(path, async (folder, name) => folder.getFileHandle(name, { create }));
}

/**
 * Attempts to use a file that another context has open, and the time between two of them in milliseconds: together, more
 * than the 2 s for which Chromium lets a worker go on that has been terminated.
 */
const [ATTEMPTS, BETWEEN] = [200, 20];

/** Runs an action while a file is open, which no other context can open meanwhile. */
async function withAccess<Result>(
  syscall: string,
  path: string,
  create: boolean,
  action: (file: AccessHandle) => Result,
): Promise<Result> {
  return withCodes(syscall, path, async () => {
    const handle = await fileAt(plain(path), create).catch((error: unknown) => {
      throw isOtherKind(error) ? systemError('EISDIR', syscall, path, error) : error;
    });
    const file = await whenFree(async () => handle.createSyncAccessHandle());
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
  // A full store in a private window of Chromium: the number is that of an error without its sign.
  if (written !== bytes.length) throw new DOMException('The storage is full.', 'QuotaExceededError');
}

function bytesOf(data: string | Uint8Array): Uint8Array {
  if (typeof data === 'string') return utf8Bytes(data);
  // Browsers refuse memory that threads share.
  return data.buffer instanceof ArrayBuffer ? data : Uint8Array.from(data);
}

async function replace(path: string, data: string | Uint8Array, flush: boolean): Promise<void> {
  await withAccess('write', path, true, (file) => {
    const bytes = bytesOf(data);
    file.truncate(0);
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

/** Most readings of a file that another context changes or replaces meanwhile. */
const READINGS = 50;
/** What a browser reports then: the content that was opened is no longer there. */
const CHANGED: ReadonlySet<string> = new Set(['NotReadableError', 'NotFoundError']);

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
      const handle = await fileAt(plain(path)).catch((error: unknown) => {
        throw isOtherKind(error) ? systemError('EISDIR', 'read', path, error) : error;
      });
      try {
        return await read(await handle.getFile());
      } catch (error) {
        if (attempt === READINGS || !(error instanceof Error) || !CHANGED.has(error.name)) throw error;
      }
    }
  });
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
        if (isOtherKind(error)) return folder.getDirectoryHandle(name);
        throw error;
      }),
    );
  } catch (error) {
    if (isNotFound(error) || isOtherKind(error)) return undefined;
    throw error;
  }
}

/** Name of the lock of those who create or rename folders: neither is one operation of a browser. */
const FOLDERS_LOCK = 'sequence-lab folders';

/** Folder of the notes about what is being renamed in several operations. It exists only while there are any. */
const RENAMES = '/.sequence-lab-renames';

/** What a note says. */
interface Move {
  readonly from: string;
  readonly to: string;
}

/**
 * Renames a folder, which browsers cannot: moves its files one by one. If that fails, they are moved back.
 * @throws Error of the system
 */
async function renameFolder(move: Move): Promise<void> {
  const target = await entryAt(move.to);
  if (target?.kind === 'file') throw systemError('ENOTDIR', 'rename', move.to);
  if (target && (await entriesOf(move.to)).length > 0) throw systemError('ENOTEMPTY', 'rename', move.to);
  await inFolderOf(move.to, async () => Promise.resolve());
  const note = await noteOf(move);
  try {
    await moveContents(move);
  } catch (error) {
    const back = { from: move.to, to: move.from };
    // If this context ends between the two, the files are moved on and back.
    const noteOfBack = await noteOf(back);
    await removeNote(note);
    await moveContents(back);
    await removeNote(noteOfBack);
    throw error;
  }
  await removeNote(note);
}

/** Notes a move, so that another context goes on with it if this one ends. @returns path of the note */
async function noteOf(move: Move): Promise<string> {
  await folderAgain(RENAMES, true);
  const note = join(RENAMES, `${randomHex(8)}.json`);
  await replace(note, JSON.stringify(move), true);
  return note;
}

async function removeNote(note: string): Promise<void> {
  await removed(note);
  if ((await entriesOf(RENAMES)).length === 0) await removed(RENAMES);
}

/** Moves a file, or what is in a folder, and removes the folder. Goes on with a move that was not completed. */
async function moveContents({ from, to }: Move): Promise<void> {
  const entry = await entryAt(from);
  if (entry?.kind === 'file') await moveFile(from, to);
  if (entry?.kind !== 'directory') return;
  await folderAgain(to, true);
  for (const { name } of await entriesOf(from)) await moveContents({ from: join(from, name), to: join(to, name) });
  await removed(from);
}

async function moveFile(from: string, to: string): Promise<void> {
  const handle = await fileAt(from);
  if (handle.move) {
    const { move } = handle;
    await inFolderOf(to, async (folder, name) => whenFree(async () => move.call(handle, folder, name)));
    return;
  }
  await replace(to, await disk.read(from), true);
  await removed(from);
}

/** Renames a file. Older browsers copy it, with a note: the copy can be incomplete when this context ends. */
async function renameFile(move: Move): Promise<void> {
  const note = (await fileAt(move.from)).move ? undefined : await noteOf(move);
  await moveFile(move.from, move.to);
  if (note !== undefined) await removeNote(note);
}

/** Runs an action that creates or renames folders, when no other context does, after `mendRenames`. */
async function withFolders<Result>(action: () => Promise<Result>): Promise<Result> {
  return browser().locks.request(FOLDERS_LOCK, async () => {
    await mendRenames();
    return action();
  });
}

/** Goes on with the renames of contexts that have ended. The caller has the lock, so that no living one has a note. */
async function mendRenames(): Promise<void> {
  for (const { name } of await notes()) {
    const note = join(RENAMES, name);
    const move = moveIn(utf8Text(await disk.read(note)));
    if (move) await moveContents(move);
    await removeNote(note);
  }
}

async function notes(): Promise<FolderEntry[]> {
  return entriesOf(RENAMES).catch((error: unknown) => {
    if (isNotFound(error)) return [];
    throw error;
  });
}

/** What a note says; undefined if the context ended before it was whole, and so before anything was moved. */
function moveIn(note: string): Move | undefined {
  try {
    return JSON.parse(note) as Move;
  } catch {
    return undefined;
  }
}

/** Waits for renames of living contexts, and goes on with those of others, before folders are read or changed. */
async function afterRenames(): Promise<void> {
  if ((await notes()).length > 0) await withFolders(async () => Promise.resolve());
}

/** The entries of a folder as they are now. @throws DOMException */
async function entriesOf(path: string): Promise<FolderEntry[]> {
  return inFolder(path, async (folder) => {
    const entries: FolderEntry[] = [];
    for await (const { name, kind } of folder.values())
      entries.push({ name, isFolder: kind === 'directory', isFile: kind === 'file', isLink: false });
    return entries;
  });
}

/** Removes a file or folder, if there is one. @throws DOMException */
async function removed(path: string): Promise<void> {
  await inFolderOf(path, async (folder, name) =>
    whenFree(async () => folder.removeEntry(name, { recursive: true })),
  ).catch((error: unknown) => {
    if (!isNotFound(error)) throw error;
  });
  forget(path);
}

export const disk: Files = {
  read: async (path) => reading(path, async (file) => partOf(file, 0)),
  readFrom: async (path, offset) => reading(path, async (file) => partOf(file, offset)),
  readText: async (path) => utf8Text(await disk.read(path)),
  list: async (path) =>
    withCodes('scandir', path, async () => {
      await afterRenames();
      return entriesOf(plain(path));
    }),
  makeFolder: async (path) =>
    withCodes('mkdir', path, async () => {
      await afterRenames();
      await folderAgain(plain(path), true);
      announce({ written: [plain(path)], removed: [] });
    }),
  createFolder: async (path) =>
    withCodes('mkdir', path, async () =>
      withFolders(async () => {
        if (await entryAt(plain(path))) throw systemError('EEXIST', 'mkdir', path);
        await inFolderOf(plain(path), async (folder, name) => folder.getDirectoryHandle(name, { create: true }));
        announce({ written: [plain(path)], removed: [] });
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
  rename: async (from, to) =>
    withCodes('rename', from, async () =>
      withFolders(async () => {
        const move = { from: plain(from), to: plain(to) };
        const entry = await entryAt(move.from);
        if (!entry) throw systemError('ENOENT', 'rename', from);
        await (entry.kind === 'file' ? renameFile(move) : renameFolder(move));
        forget(move.from);
        announce({ written: [move.to], removed: [move.from] });
      }),
    ),
  remove: async (path) =>
    withCodes('unlink', path, async () => {
      await afterRenames();
      await removed(plain(path));
      announce({ written: [], removed: [plain(path)] });
    }),
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
  return Promise.all(paths.map(async (path) => stampOf(await entryAt(plain(path)))));
}

async function stampOf(entry: FileHandle | FolderHandle | undefined): Promise<FileStamp> {
  if (entry?.kind === 'directory') return { stamp: 'folder', changed: 0 };
  const file = await entry?.getFile().catch((error: unknown) => {
    if (isNotFound(error)) return undefined;
    throw error;
  });
  return file ? { stamp: `${file.lastModified}:${file.size}`, changed: file.lastModified } : { stamp: '', changed: 0 };
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
