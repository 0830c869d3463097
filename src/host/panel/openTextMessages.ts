import * as vscode from 'vscode';
import type { FollowedEditor } from '../inspection/followedEditor.ts';
import type { OpenTextOptions, OpenTextMessages } from './openTextFeed.ts';

/** Localized messages of the feed of the open text. */
export const openTextMessages: OpenTextMessages = {
  noText: vscode.l10n.t('No text is open. Open a text in an editor to run the model on the text around the cursor.'),
  empty: (name) => vscode.l10n.t('"{0}" is empty.', name),
  unfit: (name, run, share) =>
    vscode.l10n.t(
      '{2} % of the characters around the cursor in "{0}" are not in the vocabulary of this run, which was trained on "{1}".',
      name,
      run,
      Math.round(100 * share),
    ),
};

/** Commands behind the buttons of the page, for the followed document. */
export const openTextCommands = (followed: FollowedEditor): OpenTextOptions['commands'] => ({
  colorByUnit: async (run, unit) => vscode.commands.executeCommand('sequenceLab.colorTextByUnit', run, unit),
  colorBySurprisal: async (run) => vscode.commands.executeCommand('sequenceLab.colorTextBySurprisal', run),
  findFirings: async (run, unit) => vscode.commands.executeCommand('sequenceLab.findWhereUnitFires', run, unit),
  train: async () => vscode.commands.executeCommand('sequenceLab.trainLstmOnFile', followed.editor?.document.uri),
});
