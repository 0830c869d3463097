import { dirname, join } from 'node:path';
import * as z from 'zod';
import { UnusableError } from '../../phrases/causes.ts';
import { phrase } from '../../phrases/phrase.ts';
import { exists, type Files, type FolderEntry } from '../../platform/files.ts';
import { UNFINISHED } from '../../runs/atomic.ts';
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
 * @returns what is to be removed: files of the earlier export that the new one does not have, which another program
 *   might read, and what an export has left that was killed
 * @throws UnusableError for a folder in a run, and for one with files that are not of an export
 */
export async function outdatedFiles(
  out: string,
  { names, replace }: { readonly names: readonly string[]; readonly replace: boolean },
  files: Files,
): Promise<string[]> {
  const run = await runAround(out);
  if (run !== undefined)
    throw new UnusableError(phrase('"{0}" is in the folder of the run {1}. Choose another folder.', out, run));
  if (!(await exists(out))) return [];
  const entries = await files.list(out);
  const unfinished = entries.filter(isUnfinished).map(({ name }) => name);
  const others = entries.filter((entry) => !isUnfinished(entry));
  const present = new Map(others.map((entry) => [entry.name, entry]));
  if (present.size === 0) return unfinished;
  const earlier = await filesOfExport(out, files);
  if (!earlier)
    throw new UnusableError(phrase('"{0}" has files that are not of an export. Choose another folder.', out));
  if (!replace)
    throw new UnusableError(
      phrase('"{0}" has the files of an earlier export. Choose another folder, or replace them.', out),
      { option: 'force' },
    );
  // An export writes no folders: one that has the name of a file of it is another program's.
  const isOwn = (name: string) => earlier.has(name) && present.get(name)?.isFolder === false;
  const foreign = names.find((name) => present.has(name) && !isOwn(name));
  if (foreign !== undefined)
    throw new UnusableError(
      phrase('"{0}" has a file {1} that is not of the earlier export. Choose another folder.', out, foreign),
    );
  return [...unfinished, ...[...earlier].filter((name) => isOwn(name) && !names.includes(name))];
}

/** Whether an entry is what an export has left whose process was killed. */
function isUnfinished({ name, isFolder }: FolderEntry): boolean {
  return isFolder && name.startsWith(UNFINISHED);
}

/** The files of the export in a folder; undefined if it has none. */
async function filesOfExport(folder: string, files: Files): Promise<ReadonlySet<string> | undefined> {
  const path = join(folder, CONFIG_FILE);
  if (!(await exists(path))) return undefined;
  try {
    const parsed = earlierExport.safeParse(JSON.parse(await files.readText(path)));
    return parsed.data && new Set([CONFIG_FILE, ...parsed.data.files]);
  } catch {
    // Other programs have files of this name, too.
    return undefined;
  }
}

/** The folder of a run that contains a folder; undefined if there is none. */
async function runAround(folder: string): Promise<string | undefined> {
  if (await exists(join(folder, RECORD_FILE))) return folder;
  const parent = dirname(folder);
  return parent === folder ? undefined : runAround(parent);
}
