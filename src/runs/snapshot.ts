import { join } from 'node:path';

/** The copy of the text that is kept with a run, so that it can be resumed after the text has changed. */
export function snapshotOf(folder: string): string {
  return join(folder, 'text.txt');
}

/** The copy of a file of data that is kept with a run, under its own name, which tells its format. */
export function keptFile(folder: string, name: string, role: 'train' | 'validation' = 'train'): string {
  return join(folder, 'data', `${role}-${name}`);
}
