import { disk, fileInfo, makeTemporaryFolder } from '../../../src/platform/web/files.ts';
import { basename, join } from '../../../src/platform/web/path.ts';
import { base64Of, utf8Text } from '../../../src/platform/web/bytes.ts';
import { fetched } from './fetched.ts';

/** The part of `node:fs/promises` that the unit tests use, in a browser. Files of the clone are read only. */

type Encoding = 'utf8' | 'base64';

export async function readFile(
  path: string | URL,
  options?: Encoding | { readonly encoding?: Encoding },
): Promise<Uint8Array | string> {
  const encoding = typeof options === 'string' ? options : options?.encoding;
  const bytes = fetched(path) ?? (await disk.read(String(path)));
  if (encoding === undefined) return bytes;
  return encoding === 'utf8' ? utf8Text(bytes) : base64Of(bytes);
}

export async function writeFile(path: string, data: string | Uint8Array): Promise<void> {
  await disk.write(path, data);
}

export async function appendFile(path: string, data: string | Uint8Array): Promise<void> {
  await disk.append(path, data);
}

export async function mkdir(path: string, options?: { readonly recursive?: boolean }): Promise<void> {
  await (options?.recursive ? disk.makeFolder(path) : disk.createFolder(path));
}

export async function mkdtemp(prefix: string): Promise<string> {
  return makeTemporaryFolder(basename(prefix));
}

export async function rm(path: string, options: { readonly force?: boolean } = {}): Promise<void> {
  if (!options.force) await fileInfo(path);
  await disk.remove(path);
}

export const rename = disk.rename;

export async function readdir(path: string, options?: { readonly withFileTypes?: boolean }): Promise<unknown[]> {
  const entries = await disk.list(path);
  if (!options?.withFileTypes) return entries.map(({ name }) => name);
  return entries.map(({ name, isFile, isFolder }) => ({ name, isFile: () => isFile, isDirectory: () => isFolder }));
}

export async function stat(path: string) {
  const { size, isFile, isFolder } = await fileInfo(path);
  return { size, isFile: () => isFile, isDirectory: () => isFolder };
}

export async function truncate(path: string, length = 0): Promise<void> {
  await disk.write(path, (await disk.read(path)).subarray(0, length));
}

/** Copies a file, or a folder with its contents. */
export async function cp(from: string, to: string): Promise<void> {
  if ((await fileInfo(from)).isFile) return disk.write(to, await disk.read(from));
  await disk.makeFolder(to);
  for (const { name } of await disk.list(from)) await cp(join(from, name), join(to, name));
}

export async function copyFile(from: string, to: string): Promise<void> {
  await cp(from, to);
}
