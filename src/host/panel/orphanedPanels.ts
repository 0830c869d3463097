import * as vscode from 'vscode';
import { Disposables } from '../disposables.ts';
import { panelTabs } from '../leftBehind.ts';
import type { RunManager } from '../runs/runManager.ts';
import type { RunPanels } from './runPanels.ts';

/** Milliseconds in which VS Code restores a panel that is shown after a reload of the window. */
const RESTORE_MS = 5000;

export interface OrphanedPanelsOptions {
  readonly panels: RunPanels;
  readonly runs: RunManager;
  readonly onError: (error: unknown) => void;
}

/**
 * Replaces the panels of an extension host that was killed. VS Code starts another one, but keeps the pages, which
 * nobody serves any more, and restores a panel only when the window is loaded again.
 */
export class OrphanedPanels extends Disposables {
  readonly #options: OrphanedPanelsOptions;
  /** Tabs that are older than this extension host. */
  readonly #older = new Set(panelTabs().map(({ tab }) => tab));
  #timer: NodeJS.Timeout | undefined;

  constructor(options: OrphanedPanelsOptions) {
    super();
    this.#options = options;
    if (this.#older.size === 0) return;
    this.register({ dispose: () => clearTimeout(this.#timer) });
    this.register(vscode.window.tabGroups.onDidChangeTabs(() => this.#replaceSoon()));
    this.#replaceSoon();
  }

  #replaceSoon(): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => {
      this.#replace().catch(this.#options.onError);
    }, RESTORE_MS);
  }

  async #replace(): Promise<void> {
    const { panels, runs } = this.#options;
    const orphaned = panelTabs().filter(
      ({ tab, column }) => this.#older.has(tab) && tab.isActive && !panels.isShownIn(column),
    );
    if (orphaned.length === 0) return;
    await runs.refresh();
    for (const { tab } of orphaned) {
      this.#older.delete(tab);
      const run = runs.runs.find(({ view }) => view.title === tab.label) ?? runs.runs.find((each) => !panels.of(each));
      if (run) panels.show(run);
      await vscode.window.tabGroups.close(tab, true);
    }
  }
}
