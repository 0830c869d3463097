import * as vscode from 'vscode';
import * as z from 'zod';
import type { TabName } from '../../protocol/applicable.ts';
import { Disposables } from '../disposables.ts';
import type { Inspection } from '../inspection/inspection.ts';
import type { RunManager } from '../runs/runManager.ts';
import type { RunModel } from '../runs/runModel.ts';
import { webviewOptions } from './pageHtml.ts';
import type { Reach } from '../views/milestones.ts';
import type { DifferenceHostFunctions } from '../../protocol/difference.ts';
import { RunPanel, type RunPanelOptions } from './runPanel.ts';

const PANEL_TYPE = 'sequenceLab.panel';

/** State that the page keeps across a reload of the window. */
const pageState = z.object({ run: z.string() });

/** The open panels, one per run. */
export class RunPanels extends Disposables {
  readonly #extensionUri: vscode.Uri;
  readonly #runs: RunManager;
  readonly #inspection: Inspection;
  readonly #log: vscode.LogOutputChannel;
  readonly #reach: Reach;
  readonly #difference: DifferenceHostFunctions;
  readonly #open = new Set<RunPanel>();
  readonly #changeFront = this.register(new vscode.EventEmitter<void>());
  /** Fires when the front panel or its run changes. */
  readonly onDidChangeFront = this.#changeFront.event;
  /** The panel that was opened or focused last. */
  #front: RunPanel | undefined;

  constructor({ extensionUri, runs, inspection, log, reach, difference }: Omit<RunPanelOptions, 'panel'>) {
    super();
    this.#extensionUri = extensionUri;
    this.#runs = runs;
    this.#inspection = inspection;
    this.#log = log;
    this.#reach = reach;
    this.#difference = difference;
    this.register(runs.onDidChangeList(() => this.#closeDeleted()));
  }

  /** Shows a run in its panel, at a tab if given. Opens a panel next to the editor if there is none. */
  show(run: RunModel, tab?: TabName): void {
    const open = this.of(run);
    if (open) open.panel.reveal(undefined, true);
    const shown = open ?? this.#create(run.view.title, run.id);
    if (tab) shown.openTab(tab);
    this.#bringToFront(shown);
  }

  /** Shows a comparison of runs in the panel of the first one. */
  compare([first, ...others]: readonly RunModel[]): void {
    if (!first) return;
    this.show(first);
    this.of(first)?.openComparison([first, ...others].map(({ id }) => id));
  }

  /**
   * Opens a panel before its run is chosen. VS Code takes seconds to load the first page of a window, which happens
   * while the user chooses. If there is a panel, it stays in view instead.
   */
  prepare(name: string): RunPanel | undefined {
    if (this.#open.size > 0) return undefined;
    return this.#create(name);
  }

  /** Shows a run in the panel that was opened for it, or in a new one if there is none. */
  async showIn(prepared: RunPanel | undefined, run: RunModel): Promise<void> {
    if (prepared && this.#open.has(prepared)) await prepared.assign(run.id);
    else this.show(run);
    this.#changeFront.fire();
  }

  /** The panel of a run. */
  of(run: RunModel): RunPanel | undefined {
    return [...this.#open].find((panel) => panel.run === run);
  }

  /** Whether a panel of this extension host is visible in a column. */
  isShownIn(column: vscode.ViewColumn): boolean {
    return [...this.#open].some(({ panel }) => panel.visible && panel.viewColumn === column);
  }

  /** The run of the panel that was opened or focused last, if that panel is visible. */
  get frontRun(): RunModel | undefined {
    return this.#front?.panel.visible === true ? this.#front.run : undefined;
  }

  /** The run of the panel that has the focus. */
  get activeRun(): RunModel | undefined {
    return [...this.#open].find(({ panel }) => panel.active)?.run;
  }

  /**
   * Restores a panel that VS Code has kept across a reload of the window. VS Code saves the state of a page late, so that
   * it may not know its run yet; then it shows the newest one that no other panel shows.
   */
  async restore(panel: vscode.WebviewPanel, state: unknown): Promise<void> {
    panel.webview.options = webviewOptions(this.#extensionUri);
    const { run } = pageState.safeParse(state).data ?? {};
    const restored = this.#adopt(panel, run);
    if (run !== undefined) return;
    await this.#runs.refresh();
    const newest = this.#runs.runs.find((each) => !this.of(each));
    if (newest && this.#open.has(restored) && !restored.run) await restored.assign(newest.id);
  }

  /** @param title what VS Code also calls the frame of the page for screen readers: it misses changes while it loads one */
  #create(title: string, run?: string): RunPanel {
    const place = { viewColumn: this.column, preserveFocus: true };
    return this.#adopt(
      vscode.window.createWebviewPanel(PANEL_TYPE, title, place, webviewOptions(this.#extensionUri)),
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
      reach: this.#reach,
      difference: this.#difference,
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

  /** Column for a new panel: that of another panel if there is one, else the column next to the editor. */
  get column(): vscode.ViewColumn {
    const placed = [...this.#open].find(({ panel }) => panel.viewColumn !== undefined);
    return placed?.panel.viewColumn ?? vscode.ViewColumn.Beside;
  }

  #closeDeleted(): void {
    for (const open of this.#open) {
      if (open.hadRun && !open.run) open.panel.dispose();
    }
  }
}
