import * as vscode from 'vscode';
import { MODEL_EXTENSION_LIST, modelsAmong } from '../../config/portableFormats.ts';
import { plainLabel } from '../plainLabel.ts';
import { uriName } from '../uriName.ts';

/**
 * The files of models among the files and folders that a user has selected or dropped. Several models of one folder are
 * offered.
 * @returns undefined if the user cancels
 * @throws Error for files elsewhere, and for files and folders without a model
 */
export async function modelFiles(selected: readonly vscode.Uri[]): Promise<vscode.Uri[] | undefined> {
  // Of a file system that VS Code does not know, such as that of documents that are not saved.
  const elsewhere = selected.find(({ scheme }) => vscode.workspace.fs.isWritableFileSystem(scheme) === undefined);
  if (elsewhere)
    throw new Error(
      vscode.l10n.t(
        '{0} is not in the file system of this window. Copy it into a folder of this window first.',
        uriName(elsewhere),
      ),
    );
  const [first] = selected;
  if (!first || selected.length > 1) return chosenOf(selected);
  return (await isFolder(first)) ? offered(first) : [first];
}

/** Those of several files that are models. */
function chosenOf(files: readonly vscode.Uri[]): vscode.Uri[] {
  const models = new Set(modelsAmong(files.map(uriName)));
  if (models.size > 0) return files.filter((file) => models.has(uriName(file)));
  throw new Error(
    vscode.l10n.t(
      'None of these files is a model: {0}. Models are {1}.',
      files.map(uriName).join(', '),
      MODEL_EXTENSION_LIST,
    ),
  );
}

/** The model of a folder; if there are several, the one that the user selects. */
async function offered(folder: vscode.Uri): Promise<vscode.Uri[] | undefined> {
  const entries = await vscode.workspace.fs.readDirectory(folder);
  const names = entries.flatMap(([name, type]) => ((type & vscode.FileType.File) === 0 ? [] : [name]));
  const models = modelsAmong(names).sort();
  if (models.length === 0)
    throw new Error(
      vscode.l10n.t('The folder {0} has no file of a model: those are {1}.', uriName(folder), MODEL_EXTENSION_LIST),
    );
  const [only] = models;
  if (models.length === 1 && only !== undefined) return [vscode.Uri.joinPath(folder, only)];
  const picked = await vscode.window.showQuickPick(
    models.map((name) => ({ label: plainLabel(name), name })),
    { placeHolder: vscode.l10n.t('{0} has several models. Select the one to open', uriName(folder)) },
  );
  return picked && [vscode.Uri.joinPath(folder, picked.name)];
}

async function isFolder(uri: vscode.Uri): Promise<boolean> {
  // The reader of models reports a file that is missing.
  const found = await Promise.resolve(vscode.workspace.fs.stat(uri)).catch(() => undefined);
  return found !== undefined && (found.type & vscode.FileType.Directory) !== 0;
}
