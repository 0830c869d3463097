import { join } from 'node:path';
import * as vscode from 'vscode';
import { homeFolder } from '../platform/system.ts';
import { programsFolder } from './extensionFiles.ts';
import { trainerSettings } from './settings.ts';

export interface TerminalOptions {
  readonly name: string;
  /** Arguments of `sequence-lab`. */
  readonly args: readonly string[];
  /** Variables of the environment, besides those that the command line needs. */
  readonly env?: Readonly<Record<string, string>>;
}

/**
 * Runs the command line in a terminal, where the user sees its output and can interrupt it, with the run store of the
 * settings. It begins in the home folder: that of the workspace may have configurations of npm.
 */
export function runInTerminal(extensionUri: vscode.Uri, { name, args, env = {} }: TerminalOptions): vscode.Terminal {
  const terminal = vscode.window.createTerminal({
    name,
    cwd: homeFolder(),
    // The current Node, which is Electron in desktop VS Code.
    shellPath: process.execPath,
    shellArgs: [join(programsFolder(extensionUri), 'cli.js'), ...args],
    env: { ELECTRON_RUN_AS_NODE: '1', SEQUENCE_LAB_HOME: trainerSettings().backends.home, ...env },
  });
  terminal.show();
  return terminal;
}
