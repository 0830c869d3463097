import { join } from 'node:path';
import { isDocumentName } from '../../config/dataFormats.ts';
import type { TextSource } from '../../config/textSource.ts';
import { phrase, type Text } from '../../phrases/phrase.ts';
import type { FolderEntry } from '../../platform/files.ts';
import { globExpression, globOf } from '../../platform/globs.ts';
import { InputError } from '../inputError.ts';
import { isFolder, listFolder } from '../packed/byteFile.ts';

/** A file of a corpus. */
export interface DocumentFile {
  /** Path within the folder, with `/` between folders. */
  readonly name: string;
  readonly path: string;
}

/** File, folder or link that was left out. */
export interface LeftOut {
  readonly name: string;
  readonly reason: Text;
}

/** The files of a folder, or those that match a path with wildcards. */
export interface DocumentList {
  /** Path of the folder, or with wildcards. */
  readonly path: string;
  /** Sorted by name, by code unit. */
  readonly files: readonly DocumentFile[];
  readonly leftOut: readonly LeftOut[];
}

/** Whether a source is a folder, an archive of files, or a path with wildcards, whose files are the documents of a corpus. */
export async function isDocuments(source: TextSource): Promise<boolean> {
  if (source.kind === 'text') return false;
  if (await globOf(source.path)) return true;
  return isFolder(source.path);
}

/**
 * Lists the documents of a folder and its folders: the files whose extension is one of a text, or the files that match a
 * path with wildcards. Hidden files and folders, links, and what is neither file nor folder are left out and never
 * opened. The list does not depend on the order of the file system.
 * @throws InputError if the folder cannot be read or no file is found
 */
export async function listDocuments(path: string): Promise<DocumentList> {
  const glob = await globOf(path);
  const folder = glob?.folder ?? path;
  const expression = glob && expressionOf(path, glob.pattern);
  const files: DocumentFile[] = [];
  const leftOut: LeftOut[] = [];
  const visit = async (parent: string, prefix: string): Promise<void> => {
    for (const entry of await listFolder(parent)) {
      const name = `${prefix}${entry.name}`;
      const isMatch = expression?.test(name) ?? true;
      const reason = reasonAgainst(entry, expression === undefined);
      if (reason !== undefined) {
        if (isMatch) leftOut.push({ name, reason });
      } else if (entry.isFolder) await visit(join(parent, entry.name), `${name}/`);
      else if (isMatch) files.push({ name, path: join(parent, entry.name) });
    }
  };
  await visit(folder, '');
  if (files.length === 0) throw nothingFound(path, glob !== undefined, leftOut);
  const byName = (a: { readonly name: string }, b: { readonly name: string }) => (a.name < b.name ? -1 : 1);
  return { path, files: files.sort(byName), leftOut: leftOut.sort(byName) };
}

function expressionOf(path: string, pattern: string): RegExp {
  try {
    return globExpression(pattern);
  } catch (error) {
    throw new InputError('unreadable', phrase('"{0}" is not a valid path with wildcards. Check its brackets.', path), {
      cause: error,
    });
  }
}

function reasonAgainst(entry: FolderEntry, byExtension: boolean): Text | undefined {
  if (entry.name.startsWith('.')) return phrase('hidden');
  if (entry.isLink) return phrase('a link, which is not followed');
  if (!entry.isFile && !entry.isFolder) return phrase('neither a file nor a folder');
  return entry.isFile && byExtension && !isDocumentName(entry.name)
    ? phrase('its name does not end like that of a text')
    : undefined;
}

function nothingFound(path: string, isGlob: boolean, [first]: readonly LeftOut[]): InputError {
  const example = first ? phrase(' ("{0}": {1})', first.name, first.reason) : '';
  return new InputError(
    isGlob ? 'not-found' : 'empty',
    isGlob
      ? phrase('No file matches "{0}"{1}. Check the folder and the wildcards.', path, example)
      : phrase(
          '"{0}" contains no text files{1}. Choose another folder, or name the files with wildcards, such as "folder/**".',
          path,
          example,
        ),
  );
}
