import { createHash } from 'node:crypto';
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Finding } from './fuzz.ts';

/** Inputs that once showed a fault, one file each in a folder of their target. They are read again by every test run. */
const corpusFolder = join(import.meta.dirname, 'corpus');

export async function corpusOf(target: string): Promise<Uint8Array[]> {
  const folder = join(corpusFolder, folderOf(target));
  const names = await readdir(folder).catch(() => []);
  return Promise.all(names.sort().map(async (name) => readFile(join(folder, name))));
}

/** Keeps an input. @returns its path */
export async function keep({ target, input }: Finding): Promise<string> {
  const folder = join(corpusFolder, folderOf(target));
  await mkdir(folder, { recursive: true });
  const path = join(folder, createHash('sha256').update(input).digest('hex').slice(0, 12));
  await writeFile(path, input);
  return path;
}

function folderOf(target: string): string {
  return target.replaceAll(/[^\w.]+/g, '-');
}
