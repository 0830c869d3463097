import { join } from 'node:path';

/** The copy of the text that is kept with a run, so that it can be resumed after the text has changed. */
export function snapshotOf(folder: string): string {
  return join(folder, 'text.txt');
}
