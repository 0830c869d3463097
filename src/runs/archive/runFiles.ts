import { join } from 'node:path';
import { fileInfo, type Files, isMissing } from '../../platform/files.ts';

/** A file of a run. */
export interface RunFile {
  /** Path in the folder of the run, with `/` between folders. */
  readonly path: string;
  /** Number of bytes. */
  readonly size: number;
}

/** Paths in a run that belong to a process that writes, or are left of one: locks and what was not renamed yet. */
const TRANSIENT: readonly RegExp[] = [
  /^lock(?:\.\d+\..*)?$/,
  /^(?:model|initial|checkpoints\/step-\d+)\.(?:new|old)(?:\/|$)/,
  /(?:^|\/)\.sequence-lab-unfinished-/,
  /\.\d+\.tmp$/,
];
/** Copies of documents keep their names, which may look like those. */
const DOCUMENTS = 'documents/';

/** Whether a path in the folder of a run is one of its lasting files. @param path with `/` between folders */
export function isLasting(path: string): boolean {
  return path.startsWith(DOCUMENTS) || !TRANSIENT.some((pattern) => pattern.test(path));
}

/** The lasting files of a run, sorted by path. Links, pipes and devices are none. */
export async function runFiles(folder: string, files: Files): Promise<RunFile[]> {
  const found: RunFile[] = [];
  const visit = async (below: string): Promise<void> => {
    for (const { name, isFile, isFolder } of await files.list(join(folder, below))) {
      const path = below === '' ? name : `${below}/${name}`;
      if (!isLasting(isFolder ? `${path}/` : path)) continue;
      if (isFolder) await visit(path);
      if (isFile) found.push({ path, size: (await fileInfo(join(folder, path))).size });
    }
  };
  await visit('');
  return found.sort((a, b) => (a.path < b.path ? -1 : 1));
}

/** Bytes of all files of a folder, also of those that a process is writing. Those that are removed meanwhile have none. */
export async function folderBytes(folder: string, files: Files): Promise<number> {
  let bytes = 0;
  const entries = await files.list(folder).catch(noneIfMissing);
  for (const { name, isFile, isFolder } of entries) {
    const path = join(folder, name);
    if (isFolder) bytes += await folderBytes(path, files);
    if (isFile) bytes += await fileInfo(path).then(({ size }) => size, zeroIfMissing);
  }
  return bytes;
}

function noneIfMissing(error: unknown): [] {
  if (isMissing(error)) return [];
  throw error;
}

function zeroIfMissing(error: unknown): 0 {
  if (isMissing(error)) return 0;
  throw error;
}
