import { existsSync, readdirSync, rmSync } from 'node:fs';
import module from 'node:module';
import { dirname } from 'node:path';

/** The functions of Node 22.10 and later; others have none, and compile the code at every start. */
const { enableCompileCache, flushCompileCache } = module as Partial<typeof module>;

/** Environment variable with the folder in which Node stores compiled code, of a process and those that it starts. */
const FOLDER = 'NODE_COMPILE_CACHE';

/** Number of files from which on the folder is emptied. A version of the product has about 150. */
const MOST_FILES = 1500;

/**
 * Stores the code that this process and those that it starts compile from now on in a folder, and loads what is there,
 * so that the next process starts sooner. Nothing is stored if the parent folder does not exist or the folder cannot be
 * written. Node only uses code that was compiled from the same text by the same version of V8.
 */
export function storeCompiledCode(folder: string): void {
  const environment = codeCacheEnvironment(folder);
  Object.assign(process.env, environment);
  const used = environment[FOLDER];
  if (used !== undefined) enableCompileCache?.(used);
}

/** The environment of a process that stores the code that it compiles in a folder, like `storeCompiledCode`. */
export function codeCacheEnvironment(folder: string): Readonly<Record<string, string>> {
  // The user's choice takes precedence, and is already in the environment.
  if (process.env[FOLDER] !== undefined || !existsSync(dirname(folder))) return {};
  try {
    if (existsSync(folder) && readdirSync(folder, { recursive: true }).length > MOST_FILES)
      rmSync(folder, { recursive: true });
  } catch {
    // The folder cannot be read, or another process empties it.
    return {};
  }
  return { [FOLDER]: folder };
}

/** Stores the code that this thread has compiled so far: a process that is killed later has written nothing. */
export function saveCompiledCode(): void {
  flushCompileCache?.();
}
