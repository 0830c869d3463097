import { basename, extname, join } from 'node:path';
import { disk, type FolderEntry } from '../../platform/files.ts';
import { folderError, InputError } from '../inputError.ts';
import { readLines } from '../lines.ts';
import { readText, type ReadOptions } from '../textReader.ts';
import { type LabeledText, sortedLabels } from './labeledTexts.ts';

/** What becomes a text of its own, and where its label comes from. */
interface FolderLayout {
  /** `folder`: the folder that a file lies in, one for each class; `file`: the file's name without its ending. */
  readonly label: 'folder' | 'file';
  /** `file`: the whole file; `line`: each line that is not blank. */
  readonly text: 'file' | 'line';
}

interface FolderText extends LabeledText {
  readonly file: string;
}

/** A file or folder that was not read. */
interface FolderProblem {
  readonly file: string;
  readonly reason: string;
}

/** Everything in the folder is in `items` or named in `problems`. */
export interface TextFolder {
  readonly layout: FolderLayout;
  readonly items: readonly FolderText[];
  /** All labels, sorted. */
  readonly labels: readonly string[];
  readonly problems: readonly FolderProblem[];
}

export interface FolderOptions extends ReadOptions {
  /** Told by what is there where it is left out: folders of texts, else files of lines. */
  readonly layout?: FolderLayout | undefined;
}

const ENDING = '.txt';

/**
 * Reads a folder of `.txt` files, either a folder for each class with a text in each file (as reviews are often
 * shared), or a file for each class with a text in each line (as lists of names are). Other files are left out and
 * named; links are not followed.
 * @throws InputError for a folder that cannot be read, or has no text in it
 */
export async function readTextFolder(
  folder: string,
  { layout: wanted, signal }: FolderOptions = {},
): Promise<TextFolder> {
  const entries = await list(folder);
  const layout =
    wanted ??
    ((await hasFoldersOfTexts(folder, entries)) ? { label: 'folder', text: 'file' } : { label: 'file', text: 'line' });
  const items: FolderText[] = [];
  const problems: FolderProblem[] = [];
  const readAll = async (parent: string, inside: readonly FolderEntry[]): Promise<void> => {
    for (const entry of inside) {
      const file = join(parent, entry.name);
      const reason = reasonAgainst(entry, layout, parent === folder);
      const texts = reason ?? (await textsOf(file, layout, signal));
      if (typeof texts === 'string') problems.push({ file, reason: texts });
      else items.push(...texts);
    }
  };
  for (const entry of entries) {
    if (layout.label === 'folder' && entry.isFolder)
      await readAll(join(folder, entry.name), await list(join(folder, entry.name)));
    else await readAll(folder, [entry]);
  }
  if (items.length > 0)
    return { layout, items, labels: sortedLabels(new Set(items.map(({ label }) => label))), problems };
  const [problem] = problems;
  const why = problem ? ` ("${basename(problem.file)}": ${problem.reason})` : '';
  throw new InputError(
    'empty',
    `"${folder}" has no text in it${why}. Choose a folder with a folder of ${ENDING} files for each class, or with one ${ENDING} file for each class.`,
  );
}

async function textsOf(
  file: string,
  layout: FolderLayout,
  signal: AbortSignal | undefined,
): Promise<FolderText[] | string> {
  const label = layout.label === 'folder' ? basename(join(file, '..')) : basename(file, ENDING);
  const texts: FolderText[] = [];
  try {
    if (layout.text === 'file') {
      let text = '';
      for await (const piece of await readText({ kind: 'file', path: file }, { signal })) text += piece;
      if (text.trim() !== '') texts.push({ text, label, file, line: 1 });
    } else {
      for await (const { number, text } of readLines({ kind: 'file', path: file }, { signal })) {
        if (text.trim() !== '') texts.push({ text, label, file, line: number });
      }
    }
  } catch (error) {
    if (error instanceof InputError) return error.message;
    throw error;
  }
  return texts.length > 0 ? texts : 'there is no text in it';
}

function reasonAgainst(entry: FolderEntry, { label }: FolderLayout, atTop: boolean): string | undefined {
  if (!entry.isFile) return entry.isFolder ? 'a folder where a file is expected' : 'neither a file nor a folder';
  if (extname(entry.name).toLowerCase() !== ENDING) return `not a ${ENDING} file`;
  return label === 'folder' && atTop ? 'not in the folder of a class' : undefined;
}

async function hasFoldersOfTexts(folder: string, entries: readonly FolderEntry[]): Promise<boolean> {
  for (const entry of entries.filter((candidate) => candidate.isFolder)) {
    if (
      (await list(join(folder, entry.name))).some(
        (inside) => inside.isFile && extname(inside.name).toLowerCase() === ENDING,
      )
    )
      return true;
  }
  return false;
}

/** What lies in a folder, sorted by name, so that every machine reads it in the same order. */
async function list(folder: string): Promise<FolderEntry[]> {
  const entries = await disk.list(folder).catch((error: unknown) => {
    throw folderError(folder, error);
  });
  return entries.sort((a, b) => (a.name < b.name ? -1 : 1));
}
