import { cp, mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { outFolder, root } from './paths.ts';

const MOBY_DICK = join(root, 'node_modules', '@stdlib', 'datasets-moby-dick', 'data');
const CHAPTERS = 135;

/** The novel as one text, in its order, from an npm package that brings it chapter by chapter. */
async function mobyDick(): Promise<string> {
  const names = Array.from({ length: CHAPTERS }, (_, index) => `chapter_${index + 1}`);
  const texts = [...names, 'epilogue'].map((name) => readFile(join(MOBY_DICK, `${name}.txt`), 'utf8'));
  return (await Promise.all(texts)).map((text) => `${text.trim()}\n`).join('\n\n');
}

/** Lays out a folder to try the extension on, and returns it: the project's own samples and a whole novel. */
export async function makeSamplesFolder(): Promise<string> {
  const folder = join(outFolder, 'samples');
  await mkdir(folder, { recursive: true });
  await cp(join(root, 'media', 'samples'), folder, { recursive: true });
  await writeFile(join(folder, 'moby-dick.txt'), await mobyDick());
  return folder;
}
