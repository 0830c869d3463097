import { join } from 'node:path';

/** Path of the copy of the text in a run's folder, which allows a resume after the text has changed. */
export function snapshotOf(folder: string): string {
  return join(folder, 'text.txt');
}

/** Folder with the copies of the documents of a corpus in a run's folder, by their names. */
export function keptDocuments(folder: string): string {
  return join(folder, 'documents');
}

/** The files of such a copy, whatever their names are: a path with wildcards in its folder. */
export const EVERY_FILE = '**';

/** The purpose of a data file. */
export type DataRole = 'train' | 'validation' | 'target';

/** Path of the copy of a data file in a run's folder. The copy keeps the name, which shows the format. */
export function keptFile(folder: string, name: string, role: DataRole = 'train'): string {
  return join(folder, 'data', `${role}-${name}`);
}
