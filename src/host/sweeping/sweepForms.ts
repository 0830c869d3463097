import { basename } from 'node:path';
import * as vscode from 'vscode';
import * as z from 'zod';
import { costOf, estimator, type Estimator } from '../../agents/estimate.ts';
import { estimateSweep } from '../../agents/estimateSweep.ts';
import { ConfigError } from '../../config/parse.ts';
import { say } from '../../phrases/phrase.ts';
import { utf8Bytes } from '../../platform/bytes.ts';
import { randomHex } from '../../platform/hashing.ts';
import { connect } from '../../protocol/rpc.ts';
import {
  sweepFormHostContract,
  type SweepCheck,
  type SweepContent,
  type SweepFormHostFunctions,
  type SweepFormRequest,
  sweepFormRequest,
  sweepFormViewContract,
} from '../../protocol/sweepForm.ts';
import { problemsIn } from '../../sweeps/sweepProblems.ts';
import { Disposables } from '../disposables.ts';
import { OpenPanels } from '../panel/openPanels.ts';
import { showPage, webviewOptions } from '../panel/pageHtml.ts';
import { webviewPort } from '../panel/webviewPort.ts';
import { trainerSettings } from '../settings.ts';
import { uriOf } from '../uris.ts';
import { hasSlurm } from './slurmArguments.ts';
import {
  openSweepText,
  readSweepHere,
  type StartServices,
  startSweepHere,
  startTextOnSlurm,
  SWEEP_SUFFIX,
} from './startSweep.ts';
import type { RunModel } from '../runs/runModel.ts';
import type { SweptRun } from '../../sweeps/sweptRun.ts';

const PANEL_TYPE = 'sequenceLab.sweepForm';

/** Number of trials that are checked while the user types; the others are checked at the start. */
const CHECKED = 200;

/** Most settings of a sweep whose cost is estimated while the user types. */
const MOST_ESTIMATED = 1000;

/** State that the page keeps across a reload of the window. */
const pageState = z.object({ request: sweepFormRequest });

export interface SweepFormsOptions extends StartServices {
  readonly log: vscode.LogOutputChannel;
  /** The editor column for a new form. */
  readonly column: () => vscode.ViewColumn;
}

/** The open forms "Sweep from this run". */
export class SweepForms extends Disposables {
  readonly #options: SweepFormsOptions;
  readonly #open = new OpenPanels<SweepFormPanel>();

  constructor(options: SweepFormsOptions) {
    super();
    this.#options = options;
  }

  /** The open forms, oldest first. */
  get open(): readonly SweepFormPanel[] {
    return this.#open.all;
  }

  /**
   * Lets the user choose the fields of a sweep, and start it.
   * @returns id of the sweep; undefined if the form is closed without one, or if the sweep was started on Slurm
   */
  async edit(title: string, { run, config, changes }: SweptRun<RunModel>): Promise<string | undefined> {
    const { column, extensionUri, runs } = this.#options;
    const request = {
      id: randomHex(8),
      title,
      run: { id: run.id, name: run.view.name },
      base: changes ?? {},
      start: config,
      workers: runs.turns.slots,
      hasSlurm: hasSlurm(),
    };
    const panel = vscode.window.createWebviewPanel(PANEL_TYPE, title, column(), webviewOptions(extensionUri));
    return this.#open.adopt(new SweepFormPanel(panel, request, this.#options)).started;
  }

  /** Restores a form that VS Code has kept across a reload of the window. */
  restore(panel: vscode.WebviewPanel, state: unknown): void {
    const request = pageState.safeParse(state).data?.request;
    if (!request) return panel.dispose();
    panel.webview.options = webviewOptions(this.#options.extensionUri);
    this.#open.adopt(new SweepFormPanel(panel, request, this.#options));
  }
}

/** One form. It stays open until a sweep has begun, so that an error can be mended in it. */
class SweepFormPanel extends Disposables {
  readonly panel: vscode.WebviewPanel;
  /** Id of the sweep that was started; undefined if the form was closed without one. */
  readonly started: Promise<string | undefined>;
  readonly #request: SweepFormRequest;
  readonly #options: SweepFormsOptions;
  /** Reads the run store once for all estimates of the form. */
  #estimator: Promise<Estimator> | undefined;
  #id: string | undefined;

  constructor(panel: vscode.WebviewPanel, request: SweepFormRequest, options: SweepFormsOptions) {
    super();
    this.panel = panel;
    this.#request = request;
    this.#options = options;
    const { extensionUri, log } = options;
    const connection = connect({
      port: webviewPort(panel.webview),
      serves: sweepFormHostContract,
      functions: this.#functions(() => connection.remote.show(request)),
      calls: sweepFormViewContract,
      onError: (error) => log.error(error),
    });
    this.register({ dispose: () => connection.close(new Error('The form was closed.')) });
    panel.title = request.title;
    this.started = new Promise((resolve) => {
      panel.onDidDispose(() => {
        this.dispose();
        resolve(this.#id);
      });
    });
    showPage(panel, extensionUri, 'sweep');
  }

  #functions(show: () => void): SweepFormHostFunctions {
    return {
      ready: async () => {
        // A window that was reloaded has no list of runs yet.
        await this.#options.runs.refresh();
        show();
      },
      check: async (sweep) => this.#check(sweep),
      start: async ({ sweep, workers }) => {
        await this.#options.runs.refresh();
        const planned = await readSweepHere(this.#options, textOf(sweep), this.#origin);
        // The user has closed the form meanwhile.
        if (this.isDisposed) return;
        this.#id = await startSweepHere(this.#options, planned, workers ?? undefined);
        this.#closeSoon();
      },
      startOnSlurm: async ({ sweep, options }) => {
        // An error of the sweep belongs into the form, not into the terminal.
        await readSweepHere(this.#options, textOf(sweep), this.#origin);
        if (this.isDisposed) return;
        await startTextOnSlurm(this.#options, textOf(sweep), this.#request.run.name, options);
        this.#closeSoon();
      },
      save: async (sweep) => this.#save(textOf(sweep)),
      open: async (sweep) => openSweepText(textOf(sweep)),
      cancel: () => this.panel.dispose(),
      report: ({ message }) => this.#options.log.error(`Form of a sweep: ${message}`),
    };
  }

  get #origin(): { readonly file: null; readonly folder: string } {
    return { file: null, folder: this.#options.runs.folder };
  }

  async #check(sweep: SweepContent): Promise<SweepCheck> {
    try {
      const planned = await readSweepHere(this.#options, textOf(sweep), { ...this.#origin, checked: CHECKED });
      const settings = new Set(planned.trials.map(({ setting }) => setting)).size;
      const cost = settings > MOST_ESTIMATED ? [] : costOf(await estimateSweep(planned, await this.#estimates()));
      return { problems: [], trials: planned.trials.length, settings, cost: cost.map(say) };
    } catch (error) {
      if (!(error instanceof ConfigError)) throw error;
      const problems = problemsIn(error).map(({ path, reason }) => ({ path, reason: say(reason) }));
      return { problems, trials: null, settings: null, cost: [] };
    }
  }

  async #estimates(): Promise<Estimator> {
    this.#estimator ??= estimator({ home: trainerSettings().backends.home });
    return this.#estimator;
  }

  async #save(text: string): Promise<void> {
    const folder = vscode.workspace.workspaceFolders?.[0]?.uri ?? uriOf(this.#options.runs.folder);
    const uri = await vscode.window.showSaveDialog({
      title: vscode.l10n.t('Save Sweep'),
      defaultUri: vscode.Uri.joinPath(folder, `${basename(this.#request.run.name)}${SWEEP_SUFFIX}`),
      filters: { [vscode.l10n.t('Sequence Lab sweep')]: [SWEEP_SUFFIX.slice(1)] },
    });
    if (!uri) return;
    await vscode.workspace.fs.writeFile(uri, utf8Bytes(text));
    await vscode.window.showTextDocument(uri);
  }

  #closeSoon(): void {
    // After the response has been posted.
    setTimeout(() => this.panel.dispose());
  }
}

/** The text of a sweep file. */
function textOf(sweep: SweepContent): string {
  return `${JSON.stringify(sweep, null, 2)}\n`;
}
