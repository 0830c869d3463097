import * as vscode from 'vscode';
import type { Services } from '../services.ts';
import type { Commands } from './command.ts';
import { sampleTexts } from './target.ts';

/** "Open a Sample Text": opens a text of the extension in an editor. */
export function sampleTextCommands({ extensionUri }: Pick<Services, 'extensionUri'>): Commands {
  return {
    /** @returns name of the opened text; undefined if the user dismissed the question */
    openSampleText: async () => {
      const chosen = await vscode.window.showQuickPick(sampleTexts(extensionUri), {
        title: vscode.l10n.t('Open a Sample Text'),
        placeHolder: vscode.l10n.t('Select a text to train on'),
      });
      if (!chosen) return undefined;
      await vscode.window.showTextDocument(chosen.uri, { preview: false });
      return chosen.label;
    },
  };
}
