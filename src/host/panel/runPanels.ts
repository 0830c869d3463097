import * as vscode from 'vscode';
import * as z from 'zod';
import type { TabName } from '../../protocol/panel.ts';
import { Disposables } from '../disposables.ts';
import type { Inspection } from '../inspection/inspection.ts';
import type { RunManager } from '../runs/runManager.ts';
import type { RunModel } from '../runs/runModel.ts';
import { webviewOptions } from './pageHtml.ts';
import { RunPanel, titleOf } from './runPanel.ts';

const PANEL_TYPE = 'sequenceLab.panel';

/** What the page keeps across a reload of the window. */
const pageState = z.object({ run: z.string() });

/** The open panels: one for each run that was opened. */
export class RunPanels extends Disposables {
  readonly #extensionUri: vscode.Uri;
  readonly #runs: RunManager;
  readonly #inspection: Inspection;
  readonly #log: vscode.LogOutputChannel;
  readonly #open = new Set<RunPanel>();
  readonly #changeFront = this.register(new vscode.EventEmitter<void>());
  /** Another panel is in front, or none, or it shows another run. */
  readonly onDidChangeFront = this.#changeFront.event;
  /** The panel that was opened or had the focus last. */
  #front: RunPanel | undefined;

  constructor(extensionUri: vscode.Uri, runs: RunManager, inspection: Inspection, log: vscode.LogOutputChannel) {
    super();
    this.#extensionUri = extensionUri;
    this.#runs = runs;
    this.#inspection = inspection;
    this.#log = log;
    this.register(runs.onDidChangeList(() => this.#closeDeleted()));
  }

  /** Shows a run in its panel, opening one beside the editor when there is none; at a tab, where one is named. */
  show(run: RunModel, tab?: TabName): void {
    const open = this.of(run);
    if (open) open.panel.reveal(undefined, true);
    const shown = open ?? this.#create(run.id);
    if (tab) shown.openTab(tab);
    this.#bringToFront(shown);
  }

  /**
   * Opens a panel for a run that is still being decided on. The first page of a window takes VS Code seconds to
   * load; while the user chooses, nobody waits for it.
   */
  prepare(name: string): RunPanel {
    const prepared = this.#create(undefined);
    prepared.panel.title = titleOf(name);
    return prepared;
  }

  /** Shows a run in the panel that was opened for it; in a new one, if the user has closed that. */
  async showIn(prepared: RunPanel, run: RunModel): Promise<void> {
    if (this.#open.has(prepared)) await prepared.assign(run.id);
    else this.show(run);
    this.#changeFront.fire();
  }

  /** The panel of a run. */
  of(run: RunModel): RunPanel | undefined {
    return [...this.#open].find((panel) => panel.run === run);
  }

  /** The run of the panel that was opened or had the focus last, while one can see it. */
  get frontRun(): RunModel | undefined {
    return this.#front?.panel.visible === true ? this.#front.run : undefined;
  }

  /** The run of the panel that has the focus. */
  get activeRun(): RunModel | undefined {
    return [...this.#open].find(({ panel }) => panel.active)?.run;
  }

  /** Takes over a panel that VS Code has kept across a reload of the window. */
  restore(panel: vscode.WebviewPanel, state: unknown): void {
    panel.webview.options = webviewOptions(this.#extensionUri);
    this.#adopt(panel, pageState.safeParse(state).data?.run);
  }

  #create(run: string | undefined): RunPanel {
    const place = { viewColumn: this.#column(), preserveFocus: true };
    return this.#adopt(
      vscode.window.createWebviewPanel(PANEL_TYPE, 'Sequence Lab', place, webviewOptions(this.#extensionUri)),
      run,
    );
  }

  #adopt(panel: vscode.WebviewPanel, run: string | undefined): RunPanel {
    const options = {
      panel,
      extensionUri: this.#extensionUri,
      runs: this.#runs,
      inspection: this.#inspection,
      log: this.#log,
    };
    const adopted = new RunPanel(options, run);
    this.#open.add(adopted);
    panel.onDidDispose(() => this.#close(adopted));
    panel.onDidChangeViewState(() => {
      if (panel.active) this.#front = adopted;
      this.#changeFront.fire();
    });
    this.#bringToFront(adopted);
    return adopted;
  }

  #bringToFront(panel: RunPanel): void {
    this.#front = panel;
    this.#changeFront.fire();
  }

  #close(panel: RunPanel): void {
    this.#open.delete(panel);
    if (this.#front === panel) this.#front = [...this.#open].at(-1);
    this.#changeFront.fire();
  }

  /** Beside the editor, or where another panel already is: two runs share a column. */
  #column(): vscode.ViewColumn {
    const placed = [...this.#open].find(({ panel }) => panel.viewColumn !== undefined);
    return placed?.panel.viewColumn ?? vscode.ViewColumn.Beside;
  }

  #closeDeleted(): void {
    for (const open of this.#open) {
      if (open.hadRun && !open.run) open.panel.dispose();
    }
  }
}
