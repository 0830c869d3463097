import { dirname, join } from 'node:path';
import * as z from 'zod';
import { UnusableError } from '../../phrases/causes.ts';
import { phrase } from '../../phrases/phrase.ts';
import { exists, type Files } from '../../platform/files.ts';
import { RECORD_FILE } from '../../runs/record.ts';

/** The file that every export has; it lists the others. */
export const CONFIG_FILE = 'config.json';

/** Names of files in the folder itself, as exports have them: others are not removed. */
const fileName = z.string().regex(/^[a-z0-9][\w.-]*$/i);
const earlierExport = z.object({ version: z.literal(1), task: z.string(), files: z.array(fileName) });

/**
 * Checks that an export may be written into a folder: a new or empty one, or that of an earlier export.
 * @param names files of the export
 * @param replace whether the files of an earlier export may be replaced
 * @returns files of the earlier export that the new one does not have, which another program might read
 * @throws UnusableError for a folder in a run, and for one with files that are not of an export
 */
export async function outdatedFiles(
  out: string,
  { names, replace }: { readonly names: readonly string[]; readonly replace: boolean },
  files: Files,
): Promise<string[]> {
  const run = runAround(out);
  if (run !== undefined)
    throw new UnusableError(phrase('"{0}" is in the folder of the run {1}. Choose another folder.', out, run));
  if (!exists(out)) return [];
  const present = new Set((await files.list(out)).map(({ name }) => name));
  if (present.size === 0) return [];
  const earlier = await filesOfExport(out, files);
  if (!earlier)
    throw new UnusableError(phrase('"{0}" has files that are not of an export. Choose another folder.', out));
  if (!replace)
    throw new UnusableError(
      phrase('"{0}" has the files of an earlier export. Choose another folder, or replace them.', out),
      { option: 'force' },
    );
  const foreign = names.find((name) => present.has(name) && !earlier.has(name));
  if (foreign !== undefined)
    throw new UnusableError(
      phrase('"{0}" has a file {1} that is not of the earlier export. Choose another folder.', out, foreign),
    );
  return [...earlier].filter((name) => present.has(name) && !names.includes(name));
}

/** The files of the export in a folder; undefined if it has none. */
async function filesOfExport(folder: string, files: Files): Promise<ReadonlySet<string> | undefined> {
  const path = join(folder, CONFIG_FILE);
  if (!exists(path)) return undefined;
  try {
    const parsed = earlierExport.safeParse(JSON.parse(await files.readText(path)));
    return parsed.data && new Set([CONFIG_FILE, ...parsed.data.files]);
  } catch {
    // Other programs have files of this name, too.
    return undefined;
  }
}

/** The folder of a run that contains a folder; undefined if there is none. */
function runAround(folder: string): string | undefined {
  if (exists(join(folder, RECORD_FILE))) return folder;
  const parent = dirname(folder);
  return parent === folder ? undefined : runAround(parent);
}
