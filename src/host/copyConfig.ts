import * as vscode from 'vscode';
import type { RunConfig } from '../config/schema.ts';

/** Milliseconds for which the status bar confirms a copy. */
const STATUS_MS = 5000;

/** Copies a configuration to the clipboard as JSON. @param name name of its run or data */
export async function copyConfig(config: RunConfig, name: string): Promise<void> {
  await vscode.env.clipboard.writeText(`${JSON.stringify(config, undefined, 2)}\n`);
  vscode.window.setStatusBarMessage(vscode.l10n.t('The configuration of "{0}" is in the clipboard.', name), STATUS_MS);
}
