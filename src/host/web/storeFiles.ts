import * as vscode from 'vscode';
import { disk, fileInfo, fileStamps, isMissing, isTaken } from '../../platform/files.ts';
import { onStorageChange } from '../../platform/web/changes.ts';
import type * as node from '../storeFiles.ts';
import { STORE_SCHEME } from './uris.ts';

export const registerStoreFiles: typeof node.registerStoreFiles = () => {
  const files = new StoreFiles();
  return [files, vscode.workspace.registerFileSystemProvider(STORE_SCHEME, files, { isCaseSensitive: true })];
};

/** The storage of the browser as a file system of VS Code, so that it opens, edits and saves the files of runs. */
class StoreFiles implements vscode.FileSystemProvider {
  readonly #change = new vscode.EventEmitter<vscode.FileChangeEvent[]>();
  readonly onDidChangeFile = this.#change.event;
  readonly #endChanges = onStorageChange(({ written, removed }) => {
    const changes = (type: vscode.FileChangeType, paths: readonly string[]) =>
      paths.map((path) => ({ type, uri: vscode.Uri.from({ scheme: STORE_SCHEME, path }) }));
    this.#change.fire([
      ...changes(vscode.FileChangeType.Deleted, removed),
      ...changes(vscode.FileChangeType.Changed, written),
    ]);
  });

  dispose(): void {
    this.#endChanges();
    this.#change.dispose();
  }

  /** All changes are reported that VS Code, trainers and other windows make. */
  watch(): vscode.Disposable {
    return new vscode.Disposable(() => undefined);
  }

  async stat(uri: vscode.Uri): Promise<vscode.FileStat> {
    const { size, isFolder } = await found(uri, fileInfo(uri.path));
    const [stamp] = await fileStamps([uri.path]);
    const mtime = stamp?.changed ?? 0;
    return { type: isFolder ? vscode.FileType.Directory : vscode.FileType.File, size, ctime: mtime, mtime };
  }

  async readDirectory(uri: vscode.Uri): Promise<[string, vscode.FileType][]> {
    const entries = await found(uri, disk.list(uri.path));
    return entries.map(({ name, isFolder }) => [name, isFolder ? vscode.FileType.Directory : vscode.FileType.File]);
  }

  async readFile(uri: vscode.Uri): Promise<Uint8Array> {
    return found(uri, disk.read(uri.path));
  }

  async writeFile(uri: vscode.Uri, content: Uint8Array): Promise<void> {
    await found(uri, disk.write(uri.path, content));
    this.#report(vscode.FileChangeType.Changed, uri);
  }

  async createDirectory(uri: vscode.Uri): Promise<void> {
    await found(uri, disk.createFolder(uri.path));
    this.#report(vscode.FileChangeType.Created, uri);
  }

  async delete(uri: vscode.Uri): Promise<void> {
    await found(uri, disk.remove(uri.path));
    this.#report(vscode.FileChangeType.Deleted, uri);
  }

  async rename(from: vscode.Uri, to: vscode.Uri): Promise<void> {
    await found(from, disk.rename(from.path, to.path));
    this.#report(vscode.FileChangeType.Deleted, from);
    this.#report(vscode.FileChangeType.Created, to);
  }

  #report(type: vscode.FileChangeType, uri: vscode.Uri): void {
    this.#change.fire([{ type, uri }]);
  }
}

/** The result of an operation, with the errors that VS Code knows. */
async function found<Result>(uri: vscode.Uri, operation: Promise<Result>): Promise<Result> {
  return operation.catch((error: unknown) => {
    if (isMissing(error)) throw vscode.FileSystemError.FileNotFound(uri);
    if (isTaken(error)) throw vscode.FileSystemError.FileExists(uri);
    throw error;
  });
}
