import { join } from 'node:path';

/** The copy of the text that is kept with a run, so that it can be resumed after the text has changed. */
export function snapshotOf(folder: string): string {
  return join(folder, 'text.txt');
}

/** What a file of data is for. */
export type DataRole = 'train' | 'validation' | 'target';

/** The copy of a file of data that is kept with a run, under its own name, which tells its format. */
export function keptFile(folder: string, name: string, role: DataRole = 'train'): string {
  return join(folder, 'data', `${role}-${name}`);
}
