import * as vscode from 'vscode';
import { chosenFirst } from '../runs/bestGuess.ts';
import { RunModel } from '../runs/runModel.ts';
import type { Services } from '../services.ts';
import { can, pickRun } from './chooseRun.ts';

/**
 * The run whose model is to read a document: the one the command was called on, else that of the panel with the focus,
 * else the newest on this very file, else the one that the user picks.
 */
export async function chooseReader(
  services: Services,
  argument: unknown,
  { uri }: vscode.TextDocument,
): Promise<RunModel | undefined> {
  if (argument instanceof RunModel) return argument;
  await services.runs.refresh();
  const readers = services.runs.runs.filter((run) => can(services, run, 'generate'));
  const path = uri.scheme === 'file' ? uri.fsPath : uri.path;
  const active = services.panels.activeRun;
  if (active && readers.includes(active)) return active;
  const own = readers.find(({ sourcePath }) => sourcePath === path);
  return own ?? pickRun(chosenFirst(readers, path), vscode.l10n.t('Which model is to read the text?'));
}
