import { exists } from './files.ts';

/** The first path that a file or folder has; undefined if none has one of them. */
export async function firstExisting(paths: readonly string[]): Promise<string | undefined> {
  for (const path of paths) if (await exists(path)) return path;
  return undefined;
}
