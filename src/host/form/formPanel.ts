import * as vscode from 'vscode';
import { readablePath } from '../localCopy.ts';
import { withReadableData } from '../readableData.ts';
import { inBrowser } from '../runtime.ts';
import { uriOf } from '../uris.ts';
import { configDifference } from '../../config/configDifference.ts';
import type { RunConfig } from '../../config/schema.ts';
import {
  formHostContract,
  formViewContract,
  type FormHostFunctions,
  type FormRequest,
  type RemoteFormView,
} from '../../protocol/form.ts';
import { folderOfPath } from '../../platform/globs.ts';
import { connect } from '../../protocol/rpc.ts';
import { copyConfig } from '../copyConfig.ts';
import { Disposables } from '../disposables.ts';
import { showPage } from '../panel/pageHtml.ts';
import { webviewPort } from '../panel/webviewPort.ts';
import type { NewTraining } from '../runs/runManager.ts';
import { withinTrust } from '../trust.ts';
import { type TrainingData, trainingDataOf } from './trainingData.ts';

export interface FormPanelOptions {
  readonly extensionUri: vscode.Uri;
  readonly log: vscode.LogOutputChannel;
  /** Starts a run and shows it. @returns its id when it has begun */
  readonly begin: (training: NewTraining) => Promise<string>;
}

/** One form "New Run". It stays open until a run has begun, so that an error can be mended in it. */
export class FormPanel extends Disposables {
  readonly panel: vscode.WebviewPanel;
  /** Id of the run that was started; undefined if the form was closed without one. */
  readonly started: Promise<string | undefined>;
  readonly #request: FormRequest;
  readonly #data: TrainingData;
  readonly #options: FormPanelOptions;
  readonly #page: RemoteFormView;
  #id: string | undefined;

  constructor(panel: vscode.WebviewPanel, request: FormRequest, data: TrainingData, options: FormPanelOptions) {
    super();
    this.panel = panel;
    this.#request = request;
    this.#data = data;
    this.#options = options;
    const { extensionUri, log } = options;
    const connection = connect({
      port: webviewPort(panel.webview),
      serves: formHostContract,
      functions: this.#functions(),
      calls: formViewContract,
      onError: (error) => log.error(error),
    });
    this.#page = connection.remote;
    this.register({ dispose: () => connection.close(new Error('The form was closed.')) });
    panel.title = request.title;
    this.started = new Promise((resolve) => {
      panel.onDidDispose(() => {
        this.dispose();
        resolve(this.#id);
      });
    });
    showPage(panel, extensionUri, 'form');
  }

  /** Starts a run as the button "Train" does, and closes the form. @throws Error if the run cannot start */
  async train(edited: RunConfig): Promise<void> {
    const { run, start } = this.#request;
    const { config, notices } = withinTrust(await withReadableData(this.#folder, edited));
    const { source, name } = trainingDataOf(config, start, this.#data);
    const weights = run?.weights ?? null;
    const reason = weights === null ? 'again' : 'weights';
    const parent = run && ({ run: run.id, reason, changes: configDifference(start, config) } as const);
    const initial = weights === null ? undefined : { folder: weights, extend: true };
    this.#id = await this.#options.begin({
      config,
      notices,
      source,
      name,
      ...(parent && { parent }),
      ...(initial && { initial }),
    });
    // After the response has been posted.
    setTimeout(() => this.panel.dispose());
  }

  #functions(): FormHostFunctions {
    return {
      ready: async () => this.#page.show(this.#request),
      train: async (config) => this.train(config),
      copy: async (config) => copyConfig(config, this.#data.name),
      cancel: () => this.panel.dispose(),
      chooseFile: async ({ title }) => {
        const [file] =
          (await vscode.window.showOpenDialog({
            title,
            ...(this.#folder && { defaultUri: this.#folder }),
            openLabel: vscode.l10n.t('Select'),
            canSelectFolders: true,
            canSelectFiles: true,
            canSelectMany: false,
          })) ?? [];
        return file ? readablePath(file) : null;
      },
      report: ({ message }) => this.#options.log.error(`Form: ${message}`),
    };
  }

  /** Folder that paths in the form are relative to: that of the data, or the first one of the workspace. */
  get #folder(): vscode.Uri | undefined {
    const { source } = this.#data;
    // In a browser, a file is a copy, without the files that were next to it.
    return source.kind === 'file' && !inBrowser
      ? uriOf(folderOfPath(source.path))
      : vscode.workspace.workspaceFolders?.[0]?.uri;
  }
}
