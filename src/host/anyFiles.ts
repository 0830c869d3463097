import { join } from 'node:path';
import * as vscode from 'vscode';
import { disk, makeTemporaryFolder } from '../platform/files.ts';
import { pathOf } from './uris.ts';

/** Whether a file system of the window has a file or folder. */
export async function isThere(uri: vscode.Uri): Promise<boolean> {
  return vscode.workspace.fs.stat(uri).then(
    () => true,
    () => false,
  );
}

/** Writes a file of any file system: in place, or through a temporary file if only VS Code can write it. */
export async function writeThrough<T>(target: vscode.Uri, write: (path: string) => Promise<T>): Promise<T> {
  const path = pathOf(target);
  if (path !== undefined) return write(path);
  return inTemporaryFolder(async (folder) => {
    const made = join(folder, 'made');
    const result = await write(made);
    await vscode.workspace.fs.writeFile(target, await disk.read(made));
    return result;
  });
}

/**
 * Writes a folder of any file system: in place, or through a temporary folder if only VS Code can write it.
 * @param write returns the names of the files that it has written
 */
export async function writeFolderThrough(
  target: vscode.Uri,
  write: (path: string) => Promise<readonly string[]>,
): Promise<void> {
  const path = pathOf(target);
  if (path !== undefined) return void (await write(path));
  await inTemporaryFolder(async (folder) => {
    const made = join(folder, 'made');
    for (const name of await write(made))
      await vscode.workspace.fs.writeFile(vscode.Uri.joinPath(target, name), await disk.read(join(made, name)));
  });
}

/** Reads a file of any file system: in place, or from a temporary copy if only VS Code can read it. */
export async function readThrough<T>(file: vscode.Uri, read: (path: string) => Promise<T>): Promise<T> {
  const path = pathOf(file);
  if (path !== undefined) return read(path);
  return inTemporaryFolder(async (folder) => {
    const copy = join(folder, 'copy');
    await disk.write(copy, await vscode.workspace.fs.readFile(file));
    return read(copy);
  });
}

async function inTemporaryFolder<T>(use: (folder: string) => Promise<T>): Promise<T> {
  const folder = await makeTemporaryFolder('sequence-lab-');
  try {
    return await use(folder);
  } finally {
    await disk.remove(folder);
  }
}
