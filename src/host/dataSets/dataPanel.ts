import { basename } from 'node:path';
import * as vscode from 'vscode';
import type { DataChoice, DataInspection } from '../../protocol/dataInspection.ts';
import {
  dataHostContract,
  dataViewContract,
  type DataHostFunctions,
  type RemoteDataView,
} from '../../protocol/dataView.ts';
import { connect } from '../../protocol/rpc.ts';
import type { TextSource } from '../../config/textSource.ts';
import { Disposables } from '../disposables.ts';
import { readablePath } from '../localCopy.ts';
import { showPage } from '../panel/pageHtml.ts';
import { webviewPort } from '../panel/webviewPort.ts';
import { textOf } from '../../phrases/causes.ts';
import { say } from '../../phrases/phrase.ts';

/** A file, folder or document that the user selected as a data set. */
export interface DataSet {
  readonly source: TextSource;
  readonly name: string;
  readonly uri: vscode.Uri;
}

export interface DataPanelOptions {
  readonly extensionUri: vscode.Uri;
  readonly log: vscode.LogOutputChannel;
  readonly inspect: (set: DataSet, choice: DataChoice) => Promise<DataInspection>;
  readonly train: (set: DataSet, inspection: DataInspection) => Promise<void>;
}

/** One panel "Data": shows the contents of a data set, lets the user choose its columns, and starts training on it. */
export class DataPanel extends Disposables {
  readonly panel: vscode.WebviewPanel;
  readonly set: DataSet;
  readonly #options: DataPanelOptions;
  readonly #page: RemoteDataView;
  #choice: DataChoice = {};
  #inspection: DataInspection | undefined;
  /** Number of requested inspections; only the result of the latest one is shown. */
  #requests = 0;

  constructor(panel: vscode.WebviewPanel, set: DataSet, options: DataPanelOptions) {
    super();
    this.panel = panel;
    this.set = set;
    this.#options = options;
    const { extensionUri, log } = options;
    const connection = connect({
      port: webviewPort(panel.webview),
      serves: dataHostContract,
      functions: this.#functions(),
      calls: dataViewContract,
      onError: (error) => log.error(error),
    });
    this.#page = connection.remote;
    this.register({ dispose: () => connection.close(new Error('The view was closed.')) });
    panel.title = vscode.l10n.t('Data: {0}', set.name);
    panel.onDidDispose(() => this.dispose());
    showPage(panel, extensionUri, 'data');
  }

  /** Result of the last successful inspection; undefined before the first one. */
  get inspection(): DataInspection | undefined {
    return this.#inspection;
  }

  #functions(): DataHostFunctions {
    return {
      ready: async () => {
        if (this.#inspection) await this.#page.show({ inspection: this.#inspection, path: this.#path });
        else await this.#inspect(this.#choice);
      },
      choose: async (choice) => this.#inspect(choice),
      chooseValidationFile: async () => {
        const title = vscode.l10n.t('Select Validation File');
        const [file] =
          (await vscode.window.showOpenDialog({
            title,
            openLabel: vscode.l10n.t('Select'),
            canSelectMany: false,
          })) ?? [];
        if (file) await this.#inspect({ ...this.#choice, validation: await readablePath(file) });
      },
      train: async () => {
        if (this.#inspection) await this.#options.train(this.set, this.#inspection);
      },
      report: ({ message }) => this.#options.log.error(`Data view: ${message}`),
    };
  }

  get #path(): string | null {
    return this.set.source.kind === 'file' ? this.set.source.path : null;
  }

  async #inspect(choice: DataChoice): Promise<void> {
    const request = ++this.#requests;
    await this.#page.reading({ name: basename(this.set.name) });
    try {
      const inspection = await this.#options.inspect(this.set, choice);
      if (request !== this.#requests) return;
      this.#choice = choice;
      this.#inspection = inspection;
      await this.#page.show({ inspection, path: this.#path });
    } catch (error) {
      if (request === this.#requests) await this.#page.refused({ message: say(textOf(error)) });
    }
  }
}
