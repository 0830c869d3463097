import { basename, dirname, extname, join } from 'node:path';
import { disk } from '../../platform/files.ts';

/** What people call the part to validate on, the likeliest first. */
const NAMES = ['dev', 'valid', 'validation', 'val'];

/**
 * The file beside a `train.*` that is its validation part by its name, such as `dev.tsv`; undefined where there is
 * none.
 */
export async function validationFileBeside(path: string): Promise<string | undefined> {
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
