import { basename, join } from 'node:path';
import type { FolderEntry } from '../../platform/files.ts';
import type { Documented } from '../dataFormat.ts';
import { InputError } from '../inputError.ts';
import { listFolder } from '../packed/byteFile.ts';
import { readLines } from '../lines.ts';
import { readText, type ReadOptions } from '../textReader.ts';
import { type LabeledText, sortedLabels } from './labeledTexts.ts';
import { phrase, type Text } from '../../phrases/phrase.ts';

const labeled = { kind: 'folder', tasks: ['classification', 'language-model'] } as const;

/** The two layouts of folders. */
export const textFolders: readonly Documented[] = [
  {
    documented: {
      ...labeled,
      title: 'folder with a folder of texts for each label',
      example: { 'good/1.txt': 'warm soup', 'bad/1.txt': 'cold soup' },
      detected: 'a folder in which at least two folders have `.txt` files',
      notes: 'A text in each file. Other files are named and left out',
    },
  },
  {
    documented: {
      ...labeled,
      title: 'folder with a file for each label',
      example: { 'good.txt': 'warm soup\nfine day\n', 'bad.txt': 'cold soup\nrain\n' },
      detected: 'a folder with at least two `.txt` files, and no folder of them',
      notes: 'A text in each line',
    },
  },
];

/** Layout of a folder: the unit that is one text, and the source of its label. */
interface FolderLayout {
  /** `folder`: name of the file's folder, one per class; `file`: name of the file without extension. */
  readonly label: 'folder' | 'file';
  /** `file`: the whole file; `line`: each line that is not blank. */
  readonly text: 'file' | 'line';
}

interface FolderText extends LabeledText {
  readonly file: string;
}

/** File or folder that was not read. */
interface FolderProblem {
  readonly file: string;
  readonly reason: Text;
}

/** Labeled texts of a folder. Everything in the folder but its license and read-me is in `items` or in `problems`. */
export interface TextFolder {
  readonly layout: FolderLayout;
  readonly items: readonly FolderText[];
  /** Sorted labels. */
  readonly labels: readonly string[];
  readonly problems: readonly FolderProblem[];
}

export interface FolderOptions extends ReadOptions {
  /** Layout; detected if omitted: folders of texts if there are any, otherwise files of lines. */
  readonly layout?: FolderLayout | undefined;
}

const ENDING = '.txt';
/** The end of the name of a text, which may be packed. */
const TEXT_NAME = /\.txt(?:\.gz)?$/i;

/** Files about a folder, which nobody takes for data. */
const ABOUT = /^(license|licence|copying|notice|readme)(\.(md|rst))?$/i;

/**
 * Reads a folder of `.txt` files: either one folder per class with one text per file (common for reviews), or one file
 * per class with one text per line (common for lists of names). Other files are skipped and reported, except for a
 * license or a read-me; links are not followed.
 * @throws InputError if the folder cannot be read or contains no text
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
    for (const entry of inside.filter(({ name, isFile }) => !isFile || !ABOUT.test(name))) {
      const file = join(parent, entry.name);
      const reason = problemOf(entry, layout, parent === folder);
      const texts = reason ?? (await textsOf(file, layout, signal));
      if (Array.isArray(texts)) for (const each of texts) items.push(each);
      else problems.push({ file, reason: texts });
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
  // An archive of one table, as many are offered for download.
  if (problem && entries.length === 1 && entries[0]?.isFile && !hasEnding(entries[0].name))
    throw new InputError(
      'empty',
      phrase(
        '"{0}" is not a folder of texts: it has the file {1} only. Choose that file: {2}',
        folder,
        entries[0].name,
        problem.file,
      ),
    );
  const example = problem ? phrase(' ("{0}": {1})', basename(problem.file), problem.reason) : '';
  throw new InputError(
    'empty',
    phrase(
      '"{0}" contains no text{1}. Choose a folder with one folder of {2} files per class, or with one {2} file per class.',
      folder,
      example,
      ENDING,
    ),
  );
}

/** Whether a folder has the layout of labeled texts: folders of texts, or files of lines, for at least two labels. */
export async function looksLabeled(folder: string): Promise<boolean> {
  const entries = await list(folder);
  const classes = await Promise.all(
    entries.map(async ({ name, isFolder }) => isFolder && (await list(join(folder, name))).some(isText)),
  );
  const folders = classes.filter(Boolean).length;
  return folders > 0 ? folders > 1 : entries.filter(isText).length > 1;
}

function hasEnding(name: string): boolean {
  return TEXT_NAME.test(name);
}

function isText({ name, isFile }: FolderEntry): boolean {
  return isFile && hasEnding(name) && !ABOUT.test(name);
}

async function textsOf(
  file: string,
  layout: FolderLayout,
  signal: AbortSignal | undefined,
): Promise<FolderText[] | Text> {
  const label = layout.label === 'folder' ? basename(join(file, '..')) : basename(file).replace(TEXT_NAME, '');
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
    if (error instanceof InputError) return error.text;
    throw error;
  }
  return texts.length > 0 ? texts : phrase('contains no text');
}

function problemOf(entry: FolderEntry, { label }: FolderLayout, atTop: boolean): Text | undefined {
  if (!entry.isFile)
    return entry.isFolder ? phrase('a folder where a file is expected') : phrase('neither a file nor a folder');
  if (!hasEnding(entry.name)) return phrase('not a {0} file', ENDING);
  return label === 'folder' && atTop ? phrase('not in the folder of a class') : undefined;
}

async function hasFoldersOfTexts(folder: string, entries: readonly FolderEntry[]): Promise<boolean> {
  for (const entry of entries.filter((candidate) => candidate.isFolder)) {
    if ((await list(join(folder, entry.name))).some((inside) => inside.isFile && hasEnding(inside.name))) return true;
  }
  return false;
}

/** Lists a folder, sorted by name, so that the order is the same on every machine. */
async function list(folder: string): Promise<FolderEntry[]> {
  const entries = await listFolder(folder);
  return entries.sort((a, b) => (a.name < b.name ? -1 : 1));
}
