import { existsSync } from 'node:fs';
import { join } from 'node:path';

const FOLDER = join(import.meta.dirname, '..', '..', '..', '..', 'shared', 'data');

/**
 * The path of a file of real data, which lies beside a clone of the project and is not part of it. Where it is missing,
 * the test is skipped and says which file it would have needed.
 */
export function sharedData(test: Mocha.Context, ...path: string[]): string {
  const file = join(FOLDER, ...path);
  if (!existsSync(file)) {
    if (test.test) test.test.title += ` (needs ${file})`;
    test.skip();
  }
  return file;
}
