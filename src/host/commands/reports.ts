import * as vscode from 'vscode';
import { exampleReport } from '../../catalog/report/exampleReport.ts';
import { isThere } from '../anyFiles.ts';
import { REPORT_END } from '../reports/reportPreviews.ts';
import { RunModel } from '../runs/runModel.ts';
import type { Services } from '../services.ts';
import type { Commands } from './command.ts';

export function reportCommands({ reports, runs }: Pick<Services, 'reports' | 'runs'>): Commands {
  return {
    /** @param argument a run or its id, or a list of them; @param selected all selected runs of a tree */
    newReport: async (argument, selected) => {
      await runs.refresh();
      const text = exampleReport(idsOf(Array.isArray(selected) ? selected : argument));
      const target = await chooseFile();
      if (!target) return;
      await vscode.workspace.fs.writeFile(target, new TextEncoder().encode(text));
      const document = await vscode.workspace.openTextDocument(target);
      await vscode.window.showTextDocument(document, { preview: false });
      reports.show(document);
    },
    /** @param argument address of the report; the report in the editor without one */
    previewReport: async (argument) => reports.show(await reportOf(argument)),
    exportReport: async (argument) => {
      const target = await reports.export(await reportOf(argument));
      if (!target) return;
      const path = vscode.workspace.asRelativePath(target);
      void vscode.window.showInformationMessage(vscode.l10n.t('Exported to {0}.', path));
    },
  };
}

function idsOf(argument: unknown): string[] {
  const list: readonly unknown[] = Array.isArray(argument) ? argument : [argument];
  return list.flatMap((each) => (each instanceof RunModel ? each.id : typeof each === 'string' ? each : []));
}

/** Asks for the file of a new report, which gets the end of the names of reports. */
async function chooseFile(): Promise<vscode.Uri | undefined> {
  const folder = vscode.workspace.workspaceFolders?.[0]?.uri;
  const target = await vscode.window.showSaveDialog({
    ...(folder && { defaultUri: vscode.Uri.joinPath(folder, `${vscode.l10n.t('report')}${REPORT_END}`) }),
    filters: { Markdown: ['md'] },
    title: vscode.l10n.t('New report'),
    saveLabel: vscode.l10n.t('Create'),
  });
  if (!target || target.path.toLowerCase().endsWith(REPORT_END)) return target;
  const renamed = target.with({ path: `${target.path.replace(/\.md$/i, '')}${REPORT_END}` });
  // The dialog has asked about another name.
  if (await isThere(renamed)) throw new Error(vscode.l10n.t('{0} exists. Choose another name.', renamed.fsPath));
  return renamed;
}

/** @throws Error if the document is not a report */
async function reportOf(argument: unknown): Promise<vscode.TextDocument> {
  const uri = argument instanceof vscode.Uri ? argument : vscode.window.activeTextEditor?.document.uri;
  if (uri?.path.toLowerCase().endsWith(REPORT_END)) return vscode.workspace.openTextDocument(uri);
  throw new Error(vscode.l10n.t('Open a report first: a file whose name ends with {0}.', REPORT_END));
}
