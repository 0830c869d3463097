import { basename, dirname, extname, join } from 'node:path';
import { disk } from '../../platform/files.ts';

/** Common names of validation files, most likely first. */
const NAMES = ['dev', 'valid', 'validation', 'val'];

/**
 * Finds the validation file of a `train.*` in the same folder by its name, such as `dev.tsv`. Returns undefined if
 * there is none.
 */
export async function findValidationFile(path: string): Promise<string | undefined> {
  const ending = extname(path);
  const stem = basename(path, ending);
  const beginning = /^(.*?)train(?:ing)?$/i.exec(stem)?.[1];
  if (beginning === undefined) return undefined;
  const there = await disk.list(dirname(path)).catch(() => []);
  const wanted = NAMES.map((name) => `${beginning}${name}${ending}`.toLowerCase());
  const found = wanted
    .map((name) => there.find((file) => file.name.toLowerCase() === name)?.name)
    .find((file) => file !== undefined);
  return found === undefined ? undefined : join(dirname(path), found);
}
