import * as vscode from 'vscode';
import { describeCard } from '../../protocol/configCard.ts';
import { configurationAt, sampleAt, samplesFolder, ShownConfiguration } from '../commands/configFile.ts';
import { plainLabel } from '../plainLabel.ts';
import { refuseLinks } from '../trust.ts';
import { type Link, parseLink } from './parseLink.ts';

/**
 * Opens a link to a configuration: after a question, a run of what the question has shown begins. A file that changes
 * while the question is open does not change the run.
 * @param train starts a run
 * @throws Error for a link that is not understood, in Restricted Mode, and if there is no such configuration
 */
export async function openLink(
  { path, query }: vscode.Uri,
  extensionUri: vscode.Uri,
  train: (configuration: ShownConfiguration) => Promise<unknown>,
): Promise<void> {
  const link = parseLink(path, query);
  if (!link)
    throw new Error(
      vscode.l10n.t(
        'The link is not one of Sequence Lab. It needs "config", the path of a *.sequence-lab.json file in the workspace, or "sample", the name of a sample.',
      ),
    );
  refuseLinks();
  const uri = await findConfiguration(link, extensionUri);
  const shown = 'sample' in link ? await sampleAt(uri, link.sample) : await configurationAt(uri);
  const { title, config, sample } = shown;
  const { description, detail } = describeCard(config, sample);
  const answer = vscode.l10n.t('Train');
  const details = [description, detail, 'config' in link ? uri.fsPath : ''];
  const chosen = await vscode.window.showWarningMessage(
    vscode.l10n.t('A link asks to train "{0}" in this window. Train it?', plainLabel(title)),
    { modal: true, detail: details.filter(Boolean).join('\n') },
    answer,
  );
  if (chosen === answer) await train(new ShownConfiguration(shown));
}

/** The file of a link in the first folder of the workspace that has it. */
async function findConfiguration(link: Link, extensionUri: vscode.Uri): Promise<vscode.Uri> {
  if ('sample' in link) return vscode.Uri.joinPath(samplesFolder(extensionUri), `${link.sample}.sequence-lab.json`);
  for (const { uri } of vscode.workspace.workspaceFolders ?? []) {
    const file = vscode.Uri.joinPath(uri, link.config);
    const found = await Promise.resolve(vscode.workspace.fs.stat(file)).catch(() => undefined);
    if (found && (found.type & vscode.FileType.File) !== 0) return file;
  }
  throw new Error(
    vscode.l10n.t('The workspace has no file "{0}". Open the folder that the link is for first.', link.config),
  );
}
