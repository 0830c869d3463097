import { phrase } from '../../phrases/phrase.ts';
import {
  disk,
  exists,
  fileChunks,
  type FileInfo,
  fileInfo,
  fileStamps,
  type FolderEntry,
  readRange,
} from '../../platform/files.ts';
import { isZip } from '../../zip/directory.ts';
import { fileError, folderError, InputError, notAFile } from '../inputError.ts';
import { Archive } from './archive.ts';

/** A file on disk or in an archive, as bytes. */
export interface ByteFile {
  readonly path: string;
  readonly size: number;
  /** The bytes from one place up to another, or up to the end. */
  read(start: number, end: number): Promise<Uint8Array>;
  /** All bytes, in chunks. */
  chunks(): AsyncIterable<Uint8Array>;
}

const CHUNK_BYTES = 2 ** 20;
/** Bytes that say what a file is. */
export const SIGNATURE_BYTES = 16;

/** Bytes in memory as a file. */
export function byteFile(path: string, bytes: Uint8Array): ByteFile {
  return {
    path,
    size: bytes.length,
    read: async (start, end) => Promise.resolve(bytes.subarray(start, end)),
    async *chunks() {
      for (let at = 0; at < bytes.length; at += CHUNK_BYTES) yield bytes.subarray(at, at + CHUNK_BYTES);
    },
  };
}

/**
 * Opens a file, also one in an archive, whose path goes on after that of the archive: `texts.zip/good/1.txt`.
 * @throws InputError `not-found`, `not-a-file` or `unreadable`
 */
export async function openFile(path: string): Promise<ByteFile> {
  const inside = await partsOf(path);
  if (inside) {
    const archive = await archiveAt(inside.archive);
    const entry = archive.get(inside.name);
    if (!entry) throw notThere(path);
    return byteFile(path, await archive.read(entry));
  }
  const { isFile, size } = await infoOf(path);
  // Opening a pipe would wait for a writer that may never come.
  if (!isFile) throw notAFile(path);
  const failed = (error: unknown) => {
    throw fileError(path, error);
  };
  return {
    path,
    size,
    read: async (start, end) => readRange(path, start, Math.min(end, size)).catch(failed),
    async *chunks() {
      try {
        yield* fileChunks(path, CHUNK_BYTES);
      } catch (error) {
        throw fileError(path, error);
      }
    },
  };
}

/** The content of a file, also of one in an archive. */
export async function readFileBytes(path: string): Promise<Uint8Array> {
  if (!(await partsOf(path))) return disk.read(path);
  const file = await openFile(path);
  return file.read(0, file.size);
}

/**
 * Whether a path is a file or a folder, on disk or in an archive, and the bytes of a file.
 * @throws InputError for a path that does not exist or cannot be reached
 */
export async function pathInfo(path: string): Promise<Pick<FileInfo, 'isFile' | 'isFolder' | 'size'>> {
  const inside = await partsOf(path);
  if (!inside) return infoOf(path);
  const entry = (await archiveAt(inside.archive)).get(inside.name);
  if (entry) return { isFile: true, isFolder: false, size: entry.size };
  if ((await listFolder(path)).length > 0) return { isFile: false, isFolder: true, size: 0 };
  throw notThere(path);
}

function notThere(path: string): InputError {
  return new InputError('not-found', phrase('The file "{0}" does not exist. Check its path, or save it first.', path));
}

async function infoOf(path: string): Promise<FileInfo> {
  return fileInfo(path).catch((error: unknown) => {
    throw fileError(path, error);
  });
}

/** Path of an archive, and the path in it; undefined for any other path. */
async function partsOf(path: string): Promise<{ readonly archive: string; readonly name: string } | undefined> {
  if (!/\.zip[\\/]/i.test(path) || (await exists(path))) return undefined;
  for (const { index } of path.matchAll(/\.zip[\\/]/gi)) {
    const archive = path.slice(0, index + 4);
    if (await exists(archive)) return { archive, name: path.slice(index + 5).replaceAll('\\', '/') };
  }
  return undefined;
}

/** The archive that was opened last: its files are read one after another. */
let last: { readonly path: string; readonly stamp: string; readonly archive: Promise<Archive> } | undefined;

/** @throws InputError for a file that is not an archive */
async function archiveAt(path: string): Promise<Archive> {
  const [{ stamp } = { stamp: '' }] = await fileStamps([path]);
  if (last?.path !== path || last.stamp !== stamp) {
    const archive = openFile(path).then(async (file) => (await Archive.open(file)).withoutRoot());
    last = { path, stamp, archive };
    archive.catch(() => (last = undefined));
  }
  return last.archive;
}

/** Whether a path is a folder, or an archive of files, which is read as one. */
export async function isFolder(path: string): Promise<boolean> {
  if (await partsOf(path)) return !(await isEntry(path));
  const info = await fileInfo(path).catch(() => undefined);
  return info?.isFolder === true || (info?.isFile === true && (await isFolderArchive(path)));
}

async function isEntry(path: string): Promise<boolean> {
  const inside = await partsOf(path);
  return inside !== undefined && (await archiveAt(inside.archive)).get(inside.name) !== undefined;
}

/** Whether a file is an archive that is read as a folder, unlike a workbook or arrays. */
async function isFolderArchive(path: string): Promise<boolean> {
  const head = await readRange(path, 0, SIGNATURE_BYTES).catch(() => new Uint8Array());
  return isZip(head) && archiveKind(await archiveAt(path)) === 'folder';
}

/** Decides by the names in an archive whether it is read as a folder, or is a file of another kind. */
export function archiveKind({ entries }: Pick<Archive, 'entries'>): 'workbook' | 'arrays' | 'document' | 'folder' {
  if (entries.some(({ name }) => name === '[Content_Types].xml'))
    return entries.some(({ name }) => name.startsWith('xl/')) ? 'workbook' : 'document';
  if (entries.some(({ name }) => name === 'mimetype')) return 'document';
  return entries.length > 0 && entries.every(({ name }) => name.endsWith('.npy')) ? 'arrays' : 'folder';
}

/**
 * The entries of a folder, or of an archive or a folder in it.
 * @throws InputError for what cannot be listed
 */
export async function listFolder(folder: string): Promise<FolderEntry[]> {
  const inside = await partsOf(folder);
  const isFile = inside === undefined && (await fileInfo(folder).catch(() => undefined))?.isFile === true;
  if (!inside && !isFile)
    return disk.list(folder).catch((error: unknown) => {
      throw folderError(folder, error);
    });
  if (isFile && !isZip(await readRange(folder, 0, SIGNATURE_BYTES))) throw folderError(folder, NOT_A_FOLDER);
  const archive = await archiveAt(inside?.archive ?? folder);
  const prefix = inside ? `${inside.name.replace(/\/$/, '')}/` : '';
  const found = new Map<string, boolean>();
  for (const { name } of archive.entries) {
    if (!name.startsWith(prefix)) continue;
    const [first = '', ...rest] = name.slice(prefix.length).split('/');
    if (first !== '') found.set(first, rest.length === 0);
  }
  return [...found].map(([name, isFile]) => ({ name, isFile, isFolder: !isFile, isLink: false }));
}

const NOT_A_FOLDER = Object.assign(new Error('ENOTDIR'), { code: 'ENOTDIR', syscall: 'scandir' });
