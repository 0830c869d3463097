import { basename } from 'node:path';
import * as vscode from 'vscode';
import { linkTarget } from '../../catalog/report/links.ts';
import { writeReport } from '../../export/page/writeReport.ts';
import { connect } from '../../protocol/rpc.ts';
import {
  type RemoteReportPage,
  reportPageContract,
  reportPageHostContract,
  reportState,
} from '../../protocol/reportPage.ts';
import { Disposables } from '../disposables.ts';
import { showPage, webviewOptions } from '../panel/pageHtml.ts';
import { chooseTarget, savePageFile } from '../panel/saveFile.ts';
import { webviewPort } from '../panel/webviewPort.ts';
import type { RunManager } from '../runs/runManager.ts';
import { folderOfPart } from '../extensionFiles.ts';
import { ReportFeed } from './reportFeed.ts';

const PANEL_TYPE = 'sequenceLab.report';

/** End of the names of reports. */
export const REPORT_END = '.sequence-lab.md';

export interface ReportPreviewsOptions {
  readonly extensionUri: vscode.Uri;
  readonly log: vscode.LogOutputChannel;
  readonly runs: RunManager;
}

/** Previews of reports, at most one for each document. */
export class ReportPreviews extends Disposables {
  readonly #options: ReportPreviewsOptions;
  readonly #open = new Map<string, vscode.WebviewPanel>();

  constructor(options: ReportPreviewsOptions) {
    super();
    this.#options = options;
  }

  /** Shows the preview of a report next to its editor. */
  show(document: vscode.TextDocument): void {
    const open = this.#open.get(document.uri.toString());
    if (open) return open.reveal(undefined, true);
    const { extensionUri } = this.#options;
    const panel = vscode.window.createWebviewPanel(
      PANEL_TYPE,
      titleOf(document),
      { viewColumn: vscode.ViewColumn.Beside, preserveFocus: true },
      webviewOptions(extensionUri),
    );
    this.#connect(panel, document);
  }

  /**
   * Connects a preview that VS Code has restored after a reload of the window. It is closed if its document is gone, or if
   * it is unknown.
   * @param state that its page has kept
   */
  async restore(panel: vscode.WebviewPanel, state: unknown): Promise<void> {
    const { data } = reportState.safeParse(state);
    try {
      const document = data && (await vscode.workspace.openTextDocument(vscode.Uri.parse(data.document, true)));
      if (!document || this.#open.has(document.uri.toString())) return panel.dispose();
      panel.webview.options = webviewOptions(this.#options.extensionUri);
      panel.title = titleOf(document);
      this.#connect(panel, document);
    } catch (error) {
      this.#logError(error);
      panel.dispose();
    }
  }

  /** Writes a report as a page. Does nothing if the dialog is canceled. @returns the file */
  async export(document: vscode.TextDocument): Promise<vscode.Uri | undefined> {
    const { extensionUri, runs, log } = this.#options;
    const name = `${basename(document.uri.path).slice(0, -REPORT_END.length)}.html`;
    const target = await chooseTarget(name, { label: 'HTML', extension: 'html' });
    if (!target) return undefined;
    await runs.refresh();
    const page = { show: () => undefined, curves: () => undefined };
    const feed = new ReportFeed(runs, sourceOf(document), page, (error) => log.error(String(error)));
    const { version } = (vscode.extensions.getExtension('sequence-lab.sequence-lab')?.packageJSON ?? {}) as {
      version?: string;
    };
    const html = await writeReport({
      ...(await feed.whole()),
      programs: await folderOfPart(extensionUri, 'pages'),
      product: version ?? '',
      language: vscode.env.language,
      translations: vscode.l10n.bundle ?? {},
    });
    await vscode.workspace.fs.writeFile(target, new TextEncoder().encode(html));
    return target;
  }

  override dispose(): void {
    for (const panel of this.#open.values()) panel.dispose();
    super.dispose();
  }

  #connect(panel: vscode.WebviewPanel, document: vscode.TextDocument): void {
    const { extensionUri, runs, log } = this.#options;
    const key = document.uri.toString();
    const send = (message: (page: RemoteReportPage) => Promise<void>) => {
      message(connection.remote).catch(this.#logError);
    };
    const feed = new ReportFeed(
      runs,
      sourceOf(document),
      {
        show: (content) => send((page) => page.show(content)),
        curves: (run) => send((page) => page.curves(run)),
      },
      this.#logError,
    );
    const connection = connect({
      port: webviewPort(panel.webview),
      serves: reportPageHostContract,
      functions: {
        ready: async () => {
          // Known runs are shown at once; those that are new follow.
          const refreshed = runs.refresh();
          if (runs.runs.length === 0) await refreshed;
          else refreshed.catch(this.#logError);
          send((page) => page.begin(key));
          feed.start();
        },
        openFile: async (path) => openFile(document.uri, path),
        openLine: async (line) => showLine(document.uri, line),
        openRun: async (id) => void (await vscode.commands.executeCommand('sequenceLab.openRun', id)),
        exportPage: async () => void (await vscode.commands.executeCommand('sequenceLab.exportReport', document.uri)),
        saveFile: savePageFile,
        report: ({ message }) => log.error(`Report: ${message}`),
      },
      calls: reportPageContract,
      onError: this.#logError,
    });
    const listeners = [
      vscode.workspace.onDidChangeTextDocument((change) => {
        if (change.document.uri.toString() === key) feed.documentChanged();
      }),
      vscode.window.onDidChangeTextEditorVisibleRanges(({ textEditor, visibleRanges: [range] }) => {
        if (textEditor.document.uri.toString() === key && range) send((page) => page.reveal(range.start.line + 1));
      }),
    ];
    // VS Code discards the page of a hidden panel; the new page calls `ready` again.
    panel.onDidChangeViewState(() => {
      if (!panel.visible) feed.stop();
    });
    panel.onDidDispose(() => {
      feed.stop();
      for (const each of listeners) each.dispose();
      connection.close(new Error('The preview was closed.'));
      this.#open.delete(key);
    });
    this.#open.set(key, panel);
    showPage(panel, extensionUri, 'report');
  }

  readonly #logError = (error: unknown): void => {
    this.#options.log.error(error instanceof Error ? error : String(error));
  };
}

function titleOf({ uri }: vscode.TextDocument): string {
  return vscode.l10n.t('Preview {0}', basename(uri.path));
}

/** The text of a document as it is edited. A closed document is read again when it is opened. */
function sourceOf(document: vscode.TextDocument) {
  const key = document.uri.toString();
  const current = () => vscode.workspace.textDocuments.find(({ uri }) => uri.toString() === key) ?? document;
  return { name: basename(document.uri.path), text: () => current().getText() };
}

/** Opens a file that a report links to. @param path relative to the report */
async function openFile(report: vscode.Uri, path: string): Promise<void> {
  // The page asks for paths that it has read from links; a path that is no safe link is refused here, too.
  const target = linkTarget(encodeURI(path));
  if (target?.kind !== 'file') throw new Error(vscode.l10n.t('"{0}" is no path relative to the report.', path));
  await vscode.commands.executeCommand('vscode.open', vscode.Uri.joinPath(report, '..', target.path));
}

async function showLine(report: vscode.Uri, line: number): Promise<void> {
  const editor = vscode.window.visibleTextEditors.find(({ document }) => document.uri.toString() === report.toString());
  const place = new vscode.Position(line - 1, 0);
  await vscode.window.showTextDocument(report, {
    viewColumn: editor?.viewColumn ?? vscode.ViewColumn.One,
    selection: new vscode.Range(place, place),
  });
}
