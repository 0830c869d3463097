import { basename } from 'node:path';
import * as vscode from 'vscode';
import * as z from 'zod';
import type { DataChoice, DataInspection } from '../../protocol/dataInspection.ts';
import { Disposables } from '../disposables.ts';
import { OpenPanels } from '../panel/openPanels.ts';
import { webviewOptions } from '../panel/pageHtml.ts';
import { DataPanel, type DataPanelOptions, type DataSet } from './dataPanel.ts';
import { uriOf } from '../uris.ts';

const PANEL_TYPE = 'sequenceLab.data';

/** State that the page keeps across a reload of the window. */
const pageState = z.object({ path: z.string() });

/** The open panels "Data", one per data set. */
export class DataPanels extends Disposables {
  readonly #options: DataPanelOptions;
  readonly #open = new OpenPanels<DataPanel>();

  constructor(options: DataPanelOptions) {
    super();
    this.#options = options;
  }

  /** Inspects a data set without showing it. @throws Error if it cannot be read */
  async inspect(set: DataSet, choice: DataChoice): Promise<DataInspection> {
    return this.#options.inspect(set, choice);
  }

  /** Shows a data set in its panel, or in a new one next to the editor. */
  show(set: DataSet): DataPanel {
    const open = this.#open.all.find((panel) => panel.set.uri.toString() === set.uri.toString());
    // An unsaved text may have changed: its panel is replaced.
    if (open && set.source.kind === 'file') {
      open.panel.reveal(undefined, true);
      return open;
    }
    open?.panel.dispose();
    const place = { viewColumn: vscode.ViewColumn.Beside, preserveFocus: true };
    return this.#adopt(
      vscode.window.createWebviewPanel(PANEL_TYPE, set.name, place, webviewOptions(this.#options.extensionUri)),
      set,
    );
  }

  /** Restores a panel that VS Code has kept across a reload of the window. */
  restore(panel: vscode.WebviewPanel, state: unknown): void {
    const path = pageState.safeParse(state).data?.path;
    // An unsaved text cannot be read again.
    if (path === undefined) return panel.dispose();
    panel.webview.options = webviewOptions(this.#options.extensionUri);
    this.#adopt(panel, { source: { kind: 'file', path }, name: basename(path), uri: uriOf(path) });
  }

  #adopt(panel: vscode.WebviewPanel, set: DataSet): DataPanel {
    return this.#open.adopt(new DataPanel(panel, set, this.#options));
  }
}
