import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { annotations } from '../protocol/annotations.ts';
import { ANNOTATION_FILES } from '../runs/annotations.ts';
import { labHome, runsFolder } from '../runs/home.ts';
import { candidates } from '../runs/candidates.ts';
import { RECORD_FILE } from '../runs/record.ts';

/** No run has the given name, or several have. */
class RunNotFoundError extends Error {
  override readonly name = 'RunNotFoundError';
}

/** Folder of the runs of the command line. */
export function runStore(): string {
  return runsFolder(labHome());
}

/**
 * Folder of a run, which is given as a path, as its id in the run store, as the name that its user gave it, or as the
 * beginning of an id.
 * @throws RunNotFoundError if there is no such run, or more than one
 */
export function findRun(run: string): string {
  const runs = runStore();
  const folder = [resolve(run), join(runs, run)].find(isRun);
  if (folder !== undefined) return folder;
  const ids = existsSync(runs) ? readdirSync(runs) : [];
  const damaged: string[] = [];
  const found = candidates(
    ids,
    run,
    (id) => givenName(join(runs, id), (path) => void damaged.push(path)),
    (id) => isRun(join(runs, id)),
  );
  if (found.length === 1 && found[0] !== undefined) return join(runs, found[0]);
  if (found.length > 1) throw ambiguous(run, found);
  const unread =
    damaged.length === 0 ? '' : ` These files, which may have its name, are damaged: ${damaged.join(', ')}.`;
  throw new RunNotFoundError(
    `Run "${run}" not found: it is neither a folder with a run.json nor the id, the beginning of an id or the name of a run in ${runs}.${unread}`,
  );
}

/** Number of candidates that an error lists. */
const MOST_LISTED = 5;

export function ambiguous(run: string, found: readonly string[]): Error {
  const more = found.length > MOST_LISTED ? ` and ${found.length - MOST_LISTED} more` : '';
  return new RunNotFoundError(
    `"${run}" means ${found.length} runs: ${found.slice(0, MOST_LISTED).join(', ')}${more}. Give the id of one of them.`,
  );
}

function isRun(folder: string): boolean {
  return existsSync(join(folder, RECORD_FILE));
}

/** The name that the user gave to a run; null without one. @param damaged receives the path of a file that has none to read */
function givenName(folder: string, damaged: (path: string) => void): string | null {
  const path = join(folder, ANNOTATION_FILES.annotations);
  if (!existsSync(path)) return null;
  try {
    return annotations
      .pick({ name: true })
      .strip()
      .parse(JSON.parse(readFileSync(path, 'utf8'))).name;
  } catch {
    damaged(path);
    return null;
  }
}
