import { phrase, type Text } from '../../phrases/phrase.ts';
import type { ZipEntry } from '../../zip/directory.ts';
import { RECORD_FILE } from '../record.ts';
import { isLasting } from './runFiles.ts';

/** A run in an archive, whose content is untrusted. */
export interface ArchivedRun {
  /** Path of its folder in the archive, with a slash at the end. */
  readonly root: string;
  /** Name of its folder. */
  readonly run: string;
  /** Its lasting files, by their paths in the folder. */
  readonly files: ReadonlyMap<string, ZipEntry>;
  /** Why it is refused; undefined for a run whose names are harmless. */
  readonly refusal: Text | undefined;
}

/** Longest name of a file or folder, in UTF-16 units, and longest path in a run. */
const [LONGEST_NAME, LONGEST_PATH] = [200, 1000];
/** Names that are the same file on every system. */
const PORTABLE = /^(?!\.)[^\p{Cc}<>:"|?*/\\]*[^\p{Cc}<>:"|?*/\\. ]$/u;
/** Names of devices of Windows, with any extension. */
const DEVICE = /^(?:con|prn|aux|nul|conin\$|conout\$|(?:com|lpt)[\d¹²³]) *(?:[.:]|$)/i;
/** Names of documents and data are those of their users, but no devices. */
const OF_USERS = /^(?:documents|data)\//;
const HAS_CONTROLS = /\p{Cc}/u;

/**
 * The runs in an archive, sorted by name: each folder with a record that is in no other such folder. What is in none of
 * them is ignored.
 */
export function archivedRuns(entries: readonly ZipEntry[]): ArchivedRun[] {
  const roots = new Map(rootsOf(entries).map((root) => [root, new Map<string, ZipEntry>()]));
  for (const entry of entries) {
    const root = rootOf(entry.name, roots);
    if (root === undefined) continue;
    const path = entry.name.slice(root.length);
    if (isLasting(path)) roots.get(root)?.set(path, entry);
  }
  return [...roots].map(([root, files]) => {
    const run = /([^/]*)\/$/.exec(root)?.[1] ?? '';
    return { root, run, files, refusal: refusalOf(run, files) };
  });
}

/** Folders of the records, with a slash at the end, sorted. */
function rootsOf(entries: readonly ZipEntry[]): string[] {
  const folders = entries.flatMap(({ name }) =>
    name.endsWith(`/${RECORD_FILE}`) ? [name.slice(0, -RECORD_FILE.length)] : [],
  );
  const roots = new Map<string, undefined>();
  // A folder comes before those in it.
  for (const folder of folders.sort())
    if (rootOf(folder.slice(0, -1), roots) === undefined) roots.set(folder, undefined);
  return [...roots.keys()];
}

/** The root that a path is in. */
function rootOf(path: string, roots: ReadonlyMap<string, unknown>): string | undefined {
  for (let slash = path.indexOf('/'); slash >= 0; slash = path.indexOf('/', slash + 1)) {
    const folder = path.slice(0, slash + 1);
    if (roots.has(folder)) return folder;
  }
  return undefined;
}

function refusalOf(run: string, files: ReadonlyMap<string, ZipEntry>): Text | undefined {
  const [link] = [...files].find(([, { isLink }]) => isLink) ?? [];
  return link === undefined ? nameRefusal(run, files.keys()) : phrase('Its file "{0}" is a link.', link);
}

/**
 * Why the names of a run and its files cannot be those of every system; undefined if they can.
 * @param paths of its files in its folder, with `/` between folders
 */
export function nameRefusal(run: string, paths: Iterable<string>): Text | undefined {
  if (!PORTABLE.test(run) || DEVICE.test(run) || run.length > LONGEST_NAME)
    return phrase('Its name cannot be that of a folder on every system.');
  const same = new Map<string, string>();
  for (const path of paths) {
    if (!isAllowed(path)) return phrase('Its file "{0}" has a name that a file of a run cannot have.', path);
    const folded = path.normalize('NFC').toLowerCase();
    const other = same.get(folded);
    if (other !== undefined)
      return phrase('The names of its files "{0}" and "{1}" are the same on some systems.', other, path);
    same.set(folded, path);
  }
  return undefined;
}

function isAllowed(path: string): boolean {
  const names = path.split('/');
  if (path.length > LONGEST_PATH || names.some((name) => name === '' || name === '.' || name.length > LONGEST_NAME))
    return false;
  if (names.some((name) => DEVICE.test(name))) return false;
  return OF_USERS.test(path) ? !HAS_CONTROLS.test(path) : names.every((name) => PORTABLE.test(name));
}
