import * as vscode from 'vscode';
import {
  type RemoteRunsPage,
  runsLayout,
  runsPageContract,
  runsPageHostContract,
  type RunsPageHostFunctions,
} from '../../protocol/runsPage.ts';
import type { comparisonHostContract } from '../../protocol/comparison.ts';
import { measuredMetrics } from '../../protocol/metrics.ts';
import { connect } from '../../protocol/rpc.ts';
import { Disposables } from '../disposables.ts';
import { CompareFeed } from '../panel/compareFeed.ts';
import { showPage, webviewOptions } from '../panel/pageHtml.ts';
import type { RunPanels } from '../panel/runPanels.ts';
import { savePageFile } from '../panel/saveFile.ts';
import { webviewPort } from '../panel/webviewPort.ts';
import type { RunManager } from '../runs/runManager.ts';
import type { TrashedRun } from '../../runs/trash.ts';
import { changedAnnotations } from './changedAnnotations.ts';
import { RowsFeed } from './rowsFeed.ts';
import { textOf } from '../../phrases/causes.ts';
import { say } from '../../phrases/phrase.ts';

const PANEL_TYPE = 'sequenceLab.runsPage';

/** Key of the layout in the state of the workspace. */
const LAYOUT = 'runsPage.layout';

/** Command that exports runs; the page has a button for it where it exists. */
const EXPORT = 'sequenceLab.exportRuns';

export interface RunsPagesOptions {
  readonly extensionUri: vscode.Uri;
  readonly log: vscode.LogOutputChannel;
  readonly runs: RunManager;
  readonly panels: RunPanels;
  /** Keeps the layout of the table. */
  readonly workspaceState: vscode.Memento;
}

/** The page "Runs"; at most one exists. */
export class RunsPages extends Disposables {
  readonly #options: RunsPagesOptions;
  #open: vscode.WebviewPanel | undefined;
  #page: RemoteRunsPage | undefined;
  /** Runs that the page has moved to the trash and can bring back, by id. */
  readonly #trashed = new Map<string, TrashedRun>();

  constructor(options: RunsPagesOptions) {
    super();
    this.#options = options;
  }

  /**
   * Shows the page in the existing panel, or in a new one.
   * @param filter of the rows; as the user has left it by default
   */
  show(filter?: string): void {
    if (filter !== undefined) this.#filter(filter);
    if (this.#open) return this.#open.reveal();
    const { extensionUri } = this.#options;
    this.restore(
      vscode.window.createWebviewPanel(
        PANEL_TYPE,
        vscode.l10n.t('Runs'),
        vscode.ViewColumn.Active,
        webviewOptions(extensionUri),
      ),
    );
  }

  /** Connects a panel, which is new or was restored by VS Code after a reload of the window. */
  restore(panel: vscode.WebviewPanel): void {
    const { extensionUri, runs } = this.#options;
    panel.webview.options = webviewOptions(extensionUri);
    const send = (message: (page: RemoteRunsPage) => Promise<void>) => {
      message(connection.remote).catch(this.#logError);
    };
    const rows = new RowsFeed(runs, {
      rows: (change) => send((page) => page.rows(change)),
      unreadable: (folders) => send((page) => page.unreadable(folders)),
    });
    const compare = new CompareFeed(
      runs,
      {
        comparable: (list) => send((page) => page.comparable(list)),
        compared: (run) => send((page) => page.compared(run)),
        comparedProbes: (probed) => send((page) => page.comparedProbes(probed)),
      },
      this.#logError,
      { listsAll: false, metrics: measuredMetrics },
    );
    const ready = async () => {
      const layout = runsLayout.parse(this.#options.workspaceState.get(LAYOUT) ?? {});
      const canExport = (await vscode.commands.getCommands(true)).includes(EXPORT);
      // Known runs are shown at once; those that are new follow.
      const refreshed = runs.refresh();
      if (runs.runs.length === 0) await refreshed;
      else refreshed.catch(this.#logError);
      send((page) => page.begin({ layout, canExport }));
      rows.start();
      compare.send();
    };
    const pause = () => {
      rows.stop();
      compare.pause();
    };
    const connection = connect({
      port: webviewPort(panel.webview),
      serves: runsPageHostContract,
      functions: { ...this.#functions(), ready, ...compare.functions() },
      calls: runsPageContract,
      onError: this.#logError,
    });
    // VS Code discards the page of a hidden panel; the new page calls `ready` again.
    panel.onDidChangeViewState(() => {
      if (!panel.visible) pause();
    });
    panel.onDidDispose(() => {
      pause();
      connection.close(new Error('The page was closed.'));
      if (this.#open === panel) this.#open = this.#page = undefined;
    });
    this.#open = panel;
    this.#page = connection.remote;
    showPage(panel, extensionUri, 'runs');
  }

  /** Sets the filter, which the page reads when it begins, and at once if it is open. */
  #filter(filter: string): void {
    const { workspaceState } = this.#options;
    const layout = { ...runsLayout.parse(workspaceState.get(LAYOUT) ?? {}), filter };
    workspaceState.update(LAYOUT, layout).then(() => this.#page?.filter(filter).catch(this.#logError), this.#logError);
  }

  override dispose(): void {
    this.#open?.dispose();
    super.dispose();
  }

  #functions(): Omit<RunsPageHostFunctions, 'ready' | keyof typeof comparisonHostContract> {
    const { runs, panels, workspaceState, log } = this.#options;
    return {
      keepLayout: async (layout) => workspaceState.update(LAYOUT, layout),
      annotate: async ({ runs: ids, change }) => {
        for (const id of ids) await runs.annotate(id, changedAnnotations(runs.run(id)?.annotations, change));
      },
      openRun: async (id) => void (await vscode.commands.executeCommand('sequenceLab.openRun', id)),
      openComparison: (ids) => panels.compare(ids.flatMap((id) => runs.run(id) ?? [])),
      exportRuns: async (ids) => void (await vscode.commands.executeCommand(EXPORT, ids)),
      exportPage: async (ids) => void (await vscode.commands.executeCommand('sequenceLab.exportPage', ids)),
      trashRuns: async (ids) => {
        const trashed: string[] = [];
        const failed: { id: string; reason: string }[] = [];
        for (const id of ids) {
          try {
            this.#trashed.set(id, await runs.trash(id));
            trashed.push(id);
          } catch (error) {
            failed.push({ id, reason: say(textOf(error)) });
          }
        }
        return { trashed, failed };
      },
      restoreRuns: async (ids) => {
        await runs.restore(ids.flatMap((id) => this.#trashed.get(id) ?? []));
        for (const id of ids) this.#trashed.delete(id);
      },
      saveFile: savePageFile,
      report: ({ message }) => log.error(`Runs: ${message}`),
    };
  }

  readonly #logError = (error: unknown): void => {
    this.#options.log.error(error instanceof Error ? error : String(error));
  };
}
