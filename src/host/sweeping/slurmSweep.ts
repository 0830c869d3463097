import * as vscode from 'vscode';
import { runInTerminal } from '../terminal.ts';
import { refuseUntrusted } from '../trust.ts';
import { hasSlurm, slurmArguments } from './slurmArguments.ts';

/**
 * Trains a sweep file on a Slurm cluster, with the command line in a terminal: it follows the jobs, which go on if the
 * terminal or the window is closed. The runs are in the run store, so that the table shows them while they train.
 *
 * @param file absolute path
 * @param resumes whether the last sweep of the file is followed
 * @param given options of the jobs; if absent, the user is asked for them
 * @returns false if the user dismisses the question
 * @throws Error without Slurm, HelpfulError in Restricted Mode
 */
export async function startOnSlurm(
  extensionUri: vscode.Uri,
  file: string,
  { resumes, given }: { readonly resumes: boolean; readonly given?: readonly string[] },
): Promise<boolean> {
  refuseUntrusted(vscode.l10n.t('Start sweep on Slurm'));
  if (!hasSlurm())
    throw new Error(
      vscode.l10n.t(
        '"sbatch" was not found on the PATH. Connect to a computer that submits jobs to Slurm, for example with Remote SSH.',
      ),
    );
  const options = given ?? (await askForOptions(resumes));
  if (options === undefined) return false;
  runInTerminal(extensionUri, {
    name: vscode.l10n.t('Sweep on Slurm'),
    args: slurmArguments(file, { options, resumes }),
  });
  return true;
}

async function askForOptions(resumes: boolean): Promise<string | undefined> {
  return vscode.window.showInputBox({
    title: vscode.l10n.t('Start sweep on Slurm'),
    prompt: resumes
      ? vscode.l10n.t('Options of the jobs. Leave this empty for the options of the last start.')
      : vscode.l10n.t('Options of the jobs, such as "{0}"', '--partition gpu --time 1:00:00 --mem 4G --at-once 10'),
    ignoreFocusOut: true,
  });
}
