import * as vscode from 'vscode';
import {
  gradientsHostContract,
  gradientsViewContract,
  type GradientsHostFunctions,
} from '../../protocol/gradientsView.ts';
import { connect } from '../../protocol/rpc.ts';
import { Disposables } from '../disposables.ts';
import { pageHtml, webviewOptions } from '../panel/pageHtml.ts';
import type { RunPanels } from '../panel/runPanels.ts';
import { savePageFile } from '../panel/saveFile.ts';
import { webviewPort } from '../panel/webviewPort.ts';
import type { RunManager } from '../runs/runManager.ts';
import type { RunModel } from '../runs/runModel.ts';
import { GradientsFeed } from './gradientsFeed.ts';
import { adviceOf, probeOf } from './probeOf.ts';
import { onRunInView, runInView, type Places } from './runInView.ts';

export interface GradientsViewOptions extends Places<RunModel> {
  readonly extensionUri: vscode.Uri;
  readonly runs: RunManager;
  readonly panels: RunPanels;
  readonly log: vscode.LogOutputChannel;
}

/** The sidebar view "Gradients": the history of probes of the current run. */
export class GradientsView extends Disposables {
  readonly #options: GradientsViewOptions;

  constructor(options: GradientsViewOptions) {
    super();
    this.#options = options;
  }

  /** Loads the page into the view that VS Code has created. */
  resolve(view: vscode.WebviewView): void {
    const shown = this.register(new ShownGradientsView(view, this.#options));
    view.onDidDispose(() => shown.dispose());
  }
}

class ShownGradientsView extends Disposables {
  readonly #view: vscode.WebviewView;
  readonly #options: GradientsViewOptions;
  readonly #feed: GradientsFeed;
  /** True once the page is loaded and has requested its content. */
  #ready = false;

  constructor(view: vscode.WebviewView, options: GradientsViewOptions) {
    super();
    this.#view = view;
    this.#options = options;
    const { extensionUri, runs, log } = options;
    const onError = (error: unknown) => log.error(error as Error);
    view.webview.options = webviewOptions(extensionUri);
    const connection = connect({
      port: webviewPort(view.webview),
      serves: gradientsHostContract,
      functions: this.#functions(),
      calls: gradientsViewContract,
      onError,
    });
    this.register({ dispose: () => connection.close(new Error('The view was closed.')) });
    this.#feed = new GradientsFeed(connection.remote, onError);
    this.register({ dispose: () => this.#feed.pause() });
    this.register(onRunInView(options, () => void this.#follow().catch(onError)));
    this.register(runs.onDidChangeRun((run) => this.#changed(run)));
    this.register(view.onDidChangeVisibility(() => this.#visibilityChanged()));
    view.webview.html = pageHtml(view.webview, extensionUri, 'gradients');
  }

  #functions(): GradientsHostFunctions {
    const { panels, log } = this.#options;
    return {
      ready: async () => {
        this.#ready = true;
        await this.#options.runs.refresh();
        await this.#show();
      },
      probeAt: ({ step }) => probeOf(this.#feed.run, step),
      tryAdvice: async ({ step, advice }) => {
        const { changes } = adviceOf(probeOf(this.#feed.run, step), advice);
        await vscode.commands.executeCommand('sequenceLab.tryAdvice', this.#feed.run, changes);
      },
      openPanel: () => {
        const { run } = this.#feed;
        if (run) panels.show(run, 'gradients');
      },
      begin: async (command) => {
        await vscode.commands.executeCommand(`sequenceLab.${command}`);
      },
      saveFile: savePageFile,
      report: ({ message }) => log.error(`Gradients view: ${message}`),
    };
  }

  /** Shows the current run, which may have changed. */
  async #follow(): Promise<void> {
    if (this.#ready && runInView(this.#options) !== this.#feed.run) await this.#show();
  }

  async #show(): Promise<void> {
    const run = runInView(this.#options);
    if (run) await this.#options.runs.loadMetrics(run.id);
    // If the current run changed while the probes were read, the call for that change shows the new one.
    if (this.#ready && run === runInView(this.#options)) this.#feed.show(run);
  }

  #changed(run: RunModel): void {
    if (this.#ready && run === this.#feed.run) this.#feed.changed();
  }

  #visibilityChanged(): void {
    if (this.#view.visible) return;
    // VS Code discards the page of a hidden view; the new page calls `ready` again.
    this.#ready = false;
    this.#feed.pause();
  }
}
