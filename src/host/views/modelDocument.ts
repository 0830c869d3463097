import * as vscode from 'vscode';
import { describeModel } from '../../config/describeModel.ts';
import type { RunConfig } from '../../config/schema.ts';

const SCHEME = 'sequence-lab-model';

/** Documents that describe a model before training. Their URI contains the text, so that no state is needed. */
export function registerModelDocuments(): vscode.Disposable {
  return vscode.workspace.registerTextDocumentContentProvider(SCHEME, {
    provideTextDocumentContent: ({ query }) => query,
  });
}

/**
 * Shows layers, parameters and the unrolled network of a configuration next to the editor, without taking the focus.
 */
export async function showModel(config: RunConfig): Promise<void> {
  const uri = vscode.Uri.from({ scheme: SCHEME, path: vscode.l10n.t('Model'), query: describeModel(config) });
  await vscode.window.showTextDocument(uri, {
    viewColumn: vscode.ViewColumn.Beside,
    preserveFocus: true,
    preview: true,
  });
}
