import { existsSync } from 'node:fs';
import { mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { cacheFolder } from './paths.ts';

/**
 * Returns the folder `name` of the cache, calling `create` to fill it the first time. A marker file written last shows
 * that the folder is complete, so that the remains of a killed run are deleted.
 */
export async function cached(name: string, create: (folder: string) => Promise<void>): Promise<string> {
  const folder = join(cacheFolder, name);
  const whole = join(folder, '.whole');
  if (existsSync(whole)) return folder;
  await rm(folder, { recursive: true, force: true });
  await mkdir(folder, { recursive: true });
  await create(folder);
  await writeFile(whole, '');
  return folder;
}
