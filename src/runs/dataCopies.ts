import { dirname, join } from 'node:path';
import { copiesFolder } from '../config/copiedPath.ts';
import { disk, type Files, isMissing } from '../platform/files.ts';
import { folderBytes } from './archive/runFiles.ts';
import { RECORD_FILE } from './record.ts';
import type { SizedRun } from './space.ts';
import { listTrash } from './trash.ts';

/** Plan of a sweep, whose trials may still be to come. */
const PLAN_FILE = 'plan.jsonl';

/**
 * The copies of data that no run, no run of the trash and no sweep refers to, the largest first.
 * @param runs folder of the runs
 * @param others texts with the paths of data that are needed for other reasons, such as by runs that wait for their turn
 */
export async function unusedCopies(
  runs: string,
  others: readonly string[],
  files: Files = disk,
): Promise<readonly SizedRun[]> {
  const home = dirname(runs);
  const copies = await foldersIn(copiesFolder(home), files);
  if (copies.length === 0) return [];
  const trash = (await listTrash(runs, files)).map(({ folder }) => folder);
  const records = [...(await foldersIn(runs, files)), ...trash].map((folder) => join(folder, RECORD_FILE));
  const plans = (await foldersIn(join(home, 'sweeps'), files)).map((folder) => join(folder, PLAN_FILE));
  const texts = [...others];
  for (const path of [...records, ...plans]) texts.push(await files.readText(path).catch(nothingIfMissing('')));
  const found: SizedRun[] = [];
  for (const folder of copies) {
    const version = folder.slice(dirname(folder).length + 1);
    if (texts.some((text) => text.includes(version))) continue;
    const [inside] = await files.list(folder).catch(nothingIfMissing([]));
    found.push({ id: inside?.name ?? version, folder, bytes: await folderBytes(folder, files) });
  }
  return found.sort((a, b) => b.bytes - a.bytes);
}

async function foldersIn(folder: string, files: Files): Promise<string[]> {
  const entries = await files.list(folder).catch(nothingIfMissing([]));
  return entries.flatMap(({ name, isFolder }) => (isFolder ? join(folder, name) : []));
}

/** Handles an error: the value for a file or folder that is missing, otherwise the error again. */
function nothingIfMissing<Nothing>(nothing: Nothing): (error: unknown) => Nothing {
  return (error) => {
    if (isMissing(error)) return nothing;
    throw error;
  };
}
