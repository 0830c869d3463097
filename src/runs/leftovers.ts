import { join } from 'node:path';
import type { Files } from '../platform/files.ts';
import { keptDocuments } from './snapshot.ts';
import { processExists, processId } from '../platform/system.ts';

/**
 * Removes the temporary files that killed processes left in a folder and its subfolders. Call it while holding the
 * run's lock; the files of running processes, which write notes and tags without it, are left.
 */
export async function sweepTemporaryFiles(folder: string, files: Files): Promise<void> {
  for (const { name, isFolder, isFile } of await files.list(folder)) {
    const path = join(folder, name);
    // A copy of a document may have such a name.
    if (isFolder && path !== keptDocuments(folder)) await sweepTemporaryFiles(path, files);
    const pid = isFile ? Number(/\.(\d+)\.tmp$/.exec(name)?.[1]) : NaN;
    if (pid === processId || (pid > 0 && !(await processExists(pid)))) await files.remove(path);
  }
}
