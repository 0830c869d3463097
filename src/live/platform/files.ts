import type { FileInfo, Files, FileStamp } from '../../platform/files.ts';

/** Files of a page: those of its model, in memory, in place of `src/platform/files.ts`. The rest of its platform is that of a browser. */
const contents = new Map<string, Uint8Array>();

/** Adds a file that is read with `disk`. */
export function addFile(path: string, content: Uint8Array): void {
  contents.set(path, content);
}

function contentOf(path: string): Uint8Array {
  const content = contents.get(path);
  if (!content) throw new Error(`The page has no file "${path}".`);
  return content;
}

export const disk: Pick<Files, 'read' | 'readText' | 'list'> = {
  read: async (path) => Promise.resolve(contentOf(path)),
  readText: async (path) => Promise.resolve(new TextDecoder().decode(contentOf(path))),
  list: async () => Promise.resolve([]),
};

export async function exists(path: string): Promise<boolean> {
  return Promise.resolve(contents.has(path));
}

export function existsHere(path: string): boolean {
  return contents.has(path);
}

export function isMissing(): boolean {
  return true;
}

export function isTaken(): never {
  throw new Error('A page writes no files.');
}

export async function fileInfo(path: string): Promise<FileInfo> {
  throw new Error(`The page has no file "${path}".`);
}

export async function* fileChunks(path: string): AsyncGenerator<Uint8Array> {
  yield await Promise.resolve(contentOf(path));
}

export async function readRange(path: string, start: number, end: number): Promise<Uint8Array> {
  return Promise.resolve(contentOf(path).subarray(start, end));
}

export async function fileStamps(paths: readonly string[]): Promise<FileStamp[]> {
  return Promise.resolve(paths.map((path) => ({ stamp: path, changed: 0 })));
}
