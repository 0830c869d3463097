import { cp, mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { outFolder, root } from './paths.ts';

const MOBY_DICK = join(root, 'node_modules', '@stdlib', 'datasets-moby-dick', 'data');
const CHAPTERS = 135;

/** Joins the chapters of the novel, which an npm package contains as separate texts. */
async function mobyDick(): Promise<string> {
  const names = Array.from({ length: CHAPTERS }, (_, index) => `chapter_${index + 1}`);
  const texts = [...names, 'epilogue'].map((name) => readFile(join(MOBY_DICK, `${name}.txt`), 'utf8'));
  return (await Promise.all(texts)).map((text) => `${text.trim()}\n`).join('\n\n');
}

/** Creates a folder of samples for trying the extension (the project's samples and a complete novel) and returns it. */
export async function makeSamplesFolder(): Promise<string> {
  const folder = join(outFolder, 'samples');
  await mkdir(folder, { recursive: true });
  await cp(join(root, 'media', 'samples'), folder, { recursive: true });
  await writeFile(join(folder, 'moby-dick.txt'), await mobyDick());
  return folder;
}
