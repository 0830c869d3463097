import { existsSync } from 'node:fs';
import { join } from 'node:path';

const FOLDER = join(import.meta.dirname, '..', '..', '..', '..', 'shared', 'data');

/**
 * Returns the path of a file of real data, which is not part of the project but next to a clone of it. If it is
 * missing, the test is skipped, and its title names the file.
 */
export function sharedData(test: Mocha.Context, ...path: string[]): string {
  const file = join(FOLDER, ...path);
  if (!existsSync(file)) {
    if (test.test) test.test.title += ` (needs ${file})`;
    test.skip();
  }
  return file;
}
