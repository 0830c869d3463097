import { dirname, join } from 'node:path';
import * as vscode from 'vscode';
import { copyFolder } from '../config/copiedPath.ts';
import { disk, exists } from '../platform/files.ts';
import { sha256Hex } from '../platform/hashing.ts';
import { trainerSettings } from './settings.ts';
import { uriName } from './uriName.ts';
import { pathOf } from './uris.ts';

/** Most bytes that are copied: VS Code reads each file into memory as a whole. */
const MOST_BYTES = 2 ** 29;
/** Most files of a folder that are copied. */
const MOST_FILES = 10_000;

/** A file to copy. */
interface CopiedFile {
  readonly uri: vscode.Uri;
  /** Path in the copied folder; the name of a single file. */
  readonly place: string;
  readonly size: number;
  readonly mtime: number;
}

/**
 * The path from which a trainer reads a file or folder: where it is, or else a copy next to the run store, as of a file
 * of a virtual workspace. A copy stays until a file has another size or time, so that its path names the same data.
 * @throws Error for what is too large, with what to do
 */
export async function readablePath(uri: vscode.Uri): Promise<string> {
  const path = pathOf(uri);
  if (path !== undefined) return path;
  const name = uriName(uri);
  const files: CopiedFile[] = [];
  let bytes = 0;
  for await (const file of filesOf(uri, name)) {
    files.push(file);
    bytes += file.size;
    if (bytes > MOST_BYTES || files.length > MOST_FILES) throw tooLarge(name);
  }
  const facts = JSON.stringify(files.map((file) => ({ ...file, uri: file.uri.toString() })));
  const folder = copyFolder(trainerSettings().backends.home, sha256Hex(facts));
  // The name is there once everything is copied.
  if (!(await exists(join(folder, name)))) await copyTo(folder, files, name);
  return join(folder, name);
}

async function copyTo(folder: string, files: readonly CopiedFile[], name: string): Promise<void> {
  const part = join(folder, 'part');
  await disk.remove(part);
  if (files.length === 0) await disk.makeFolder(join(part, name));
  for (const { uri, place } of files) {
    const target = join(part, place);
    await disk.makeFolder(dirname(target));
    await disk.write(target, await vscode.workspace.fs.readFile(uri));
  }
  await disk.rename(join(part, name), join(folder, name));
  await disk.remove(part);
}

/** The file, or the files at any depth of a folder. */
async function* filesOf(uri: vscode.Uri, place: string): AsyncGenerator<CopiedFile> {
  const { type, size, mtime } = await vscode.workspace.fs.stat(uri);
  if ((type & vscode.FileType.Directory) === 0) return yield { uri, place, size, mtime };
  for (const [name] of await vscode.workspace.fs.readDirectory(uri))
    yield* filesOf(vscode.Uri.joinPath(uri, name), `${place}/${name}`);
}

function tooLarge(name: string): Error {
  return new Error(
    vscode.l10n.t(
      '"{0}" is too large to copy, which training on it here needs: at most {1} MB in {2} files. Train on a part of it, or open its folder in VS Code for the desktop.',
      name,
      MOST_BYTES / 2 ** 20,
      MOST_FILES,
    ),
  );
}
