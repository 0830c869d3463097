import { dirname, join } from 'node:path';
import * as vscode from 'vscode';
import { disk, exists } from '../../platform/files.ts';
import { labHome } from '../../runs/home.ts';
import type * as node from '../extensionFiles.ts';

/** The files of each part, which the server of an extension does not list. */
const PARTS: Readonly<Record<node.ExtensionPart, { readonly folder: string; readonly files: readonly string[] }>> = {
  pages: {
    folder: 'dist',
    files: [
      ...['page.js', 'page.css', 'report.js', 'report.css', 'live.js'].map((name) => `exported/${name}`),
      'kernels-simd.wasm',
    ],
  },
  programs: {
    folder: 'media',
    files: [
      ...['keras', 'model', 'onnx'].map((name) => `python/sequence_lab_${name}.py`),
      ...['layers', 'model'].map((name) => `javascript/sequence-lab-${name}.mjs`),
    ],
  },
};

export const programsFolder: typeof node.programsFolder = (extensionUri) =>
  vscode.Uri.joinPath(extensionUri, 'dist').toString();

/** Copies the part into the storage of the browser, once for each version of the extension. */
export const folderOfPart: typeof node.folderOfPart = async (extensionUri, part) => {
  const { folder, files } = PARTS[part];
  const version = String(vscode.extensions.getExtension('sequence-lab.sequence-lab')?.packageJSON.version);
  const copied = join(labHome(), 'extension', version, folder);
  for (const file of files) {
    const path = join(copied, file);
    if (await exists(path)) continue;
    await disk.makeFolder(dirname(path));
    await disk.write(path, await vscode.workspace.fs.readFile(vscode.Uri.joinPath(extensionUri, folder, file)));
  }
  return copied;
};
