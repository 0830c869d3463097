import * as vscode from 'vscode';
import * as z from 'zod';
import type { RunConfig } from '../../config/schema.ts';
import { tasks } from '../../config/tasks.ts';
import { randomHex } from '../../platform/hashing.ts';
import { type FormRequest, formRequest } from '../../protocol/form.ts';
import { Disposables } from '../disposables.ts';
import { OpenPanels } from '../panel/openPanels.ts';
import { webviewOptions } from '../panel/pageHtml.ts';
import { FormPanel, type FormPanelOptions } from './formPanel.ts';
import { readTextFacts } from './readTextFacts.ts';
import type { TrainingData } from './trainingData.ts';

const PANEL_TYPE = 'sequenceLab.form';

/** State that the page keeps across a reload of the window. */
const pageState = z.object({ request: formRequest });

export interface FormsOptions extends FormPanelOptions {
  /** The editor column for a new form. */
  readonly column: () => vscode.ViewColumn;
}

/** What a form edits. */
export interface EditOptions {
  readonly title: string;
  /** Configuration to start from. */
  readonly start: RunConfig;
  readonly data: TrainingData;
  /** The run that the configuration comes from. */
  readonly run?: NonNullable<FormRequest['run']>;
}

/** The open forms "New Run". */
export class Forms extends Disposables {
  readonly #options: FormsOptions;
  readonly #open = new OpenPanels<FormPanel>();

  constructor(options: FormsOptions) {
    super();
    this.#options = options;
  }

  /** The open forms, oldest first. */
  get open(): readonly FormPanel[] {
    return this.#open.all;
  }

  /**
   * Lets the user change a configuration and start a run with it.
   * @returns id of the run; undefined if the user closes the form
   */
  async edit({ title, start, data, run }: EditOptions): Promise<string | undefined> {
    const { column, extensionUri } = this.#options;
    // An unsaved text is not stored with the page.
    const { source, name } = data;
    const kept = source.kind === 'text' ? null : { source, name };
    const { generated } = tasks[start.task.name];
    const text = source.kind === 'generated' ? null : await readTextFacts(source, name, start.data.validationShare);
    const request = { id: randomHex(8), title, start, run: run ?? null, generated, data: kept, text };
    const panel = vscode.window.createWebviewPanel(PANEL_TYPE, title, column(), webviewOptions(extensionUri));
    return this.#open.adopt(new FormPanel(panel, request, data, this.#options)).started;
  }

  /** Restores a form that VS Code has kept across a reload of the window. */
  restore(panel: vscode.WebviewPanel, state: unknown): void {
    const request = pageState.safeParse(state).data?.request;
    // An unsaved text cannot be read again.
    if (!request?.data) return panel.dispose();
    panel.webview.options = webviewOptions(this.#options.extensionUri);
    this.#open.adopt(new FormPanel(panel, request, request.data, this.#options));
  }
}
