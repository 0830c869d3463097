import * as vscode from 'vscode';
import { type HelpfulAction, HelpfulError } from '../helpfulError.ts';
import { toastText } from '../toastText.ts';
import { StartCancelled } from '../runs/liveRun.ts';
import { isFull, textOf } from '../../phrases/causes.ts';
import { say } from '../../phrases/phrase.ts';

/** Commands by their ids without the prefix "sequenceLab.". */
export type Commands = Readonly<Record<string, (...args: unknown[]) => Promise<unknown>>>;

/** Runs a command by its full id. Errors are logged and shown in one notification. */
export async function runCommand(
  commands: Commands,
  identifier: string,
  args: readonly unknown[],
  log: vscode.LogOutputChannel,
): Promise<unknown> {
  try {
    const command = commands[identifier.slice(identifier.indexOf('.') + 1)];
    if (!command) throw new Error(`No command "${identifier}" is implemented.`);
    return await command(...args);
  } catch (error) {
    // The user canceled the start or the work.
    if (error instanceof StartCancelled || error instanceof vscode.CancellationError) return undefined;
    reportError(error, log);
    return undefined;
  }
}

/** Logs an error and shows it with the actions that help. */
export function reportError(error: unknown, log: vscode.LogOutputChannel): void {
  log.error(error instanceof Error ? error : String(error));
  void notify(error);
}

async function notify(error: unknown): Promise<void> {
  const message = say(textOf(error));
  const { text, isCut, needsButton } = toastText(message);
  const details = { title: vscode.l10n.t('Show Details'), run: () => showWhole(text, message) };
  const log = { title: vscode.l10n.t('Show Log'), run: () => vscode.commands.executeCommand('sequenceLab.showLog') };
  const help = error instanceof HelpfulError ? [actionOf(error.action)] : isFull(error) ? [actionOf(freeSpace())] : [];
  const more = isCut ? [details] : needsButton && help.length === 0 ? [log] : [];
  const chosen = await vscode.window.showErrorMessage(text, ...help, ...more);
  await chosen?.run();
}

function freeSpace(): HelpfulAction {
  return { title: vscode.l10n.t('Free Space...'), command: 'sequenceLab.freeSpace' };
}

function actionOf({ title, command, args = [] }: HelpfulAction) {
  return { title, run: () => vscode.commands.executeCommand(command, ...args) };
}

/** Shows a whole message in a dialog, which does not disappear. */
async function showWhole(text: string, message: string): Promise<void> {
  await vscode.window.showErrorMessage(text, { modal: true, detail: message });
}
