import { basename } from 'node:path';
import { exists, fileChunks, fileInfo } from '../platform/files.ts';
import { newSha256 } from '../platform/hashing.ts';
import type { RunRecord, SourceFile } from './record.ts';
import { type DataRole, keptFile, snapshotOf } from './snapshot.ts';

/** Bytes of a file that are hashed at a time. */
const HASHED_BYTES = 2 ** 20;

/**
 * The file with the data of a run, unchanged since: the copy in the folder of the run, or the original file.
 * @returns undefined if neither exists with the hash of the run, or if the data is a folder
 */
export async function dataAtHand(folder: string, record: RunRecord, role: string): Promise<string | undefined> {
  const file = fileOf(record, role);
  if (!file) return undefined;
  const paths = [...copiesOf(folder, record, file), ...(file.path === null ? [] : [file.path])];
  for (const path of paths) if ((await hashOf(path)) === file.sha256) return path;
  return undefined;
}

/** A file of the data of a run. A run of an earlier version has one hash of all of its data. */
function fileOf({ source }: RunRecord, role: string): SourceFile | undefined {
  if (!source) return undefined;
  const old: SourceFile[] = [{ role: 'train', path: source.path, sha256: source.sha256 }];
  return (source.files.length === 0 ? old : source.files).find((file) => file.role === role);
}

function copiesOf(folder: string, { source, config, name }: RunRecord, { role, path }: SourceFile): string[] {
  if (source?.snapshot !== true || role === 'wordVectors') return [];
  if (config.task.name === 'language-model') return role === 'train' ? [snapshotOf(folder)] : [];
  const dataRole: DataRole = role;
  return [keptFile(folder, path === null ? name : basename(path), dataRole)];
}

/** SHA-256 of a file, hexadecimal; undefined if there is no such file. */
async function hashOf(path: string): Promise<string | undefined> {
  if (!(await exists(path)) || !(await fileInfo(path)).isFile) return undefined;
  const hash = newSha256();
  for await (const chunk of fileChunks(path, HASHED_BYTES)) hash.update(chunk);
  return hash.digest('hex');
}
