import type * as vscode from 'vscode';

/** The open panels of a kind, each until it is closed. */
export class OpenPanels<Panel extends { readonly panel: vscode.WebviewPanel }> {
  readonly #open = new Set<Panel>();

  /** The open panels, oldest first. */
  get all(): readonly Panel[] {
    return [...this.#open];
  }

  /** Adds a panel. @returns it */
  adopt(added: Panel): Panel {
    this.#open.add(added);
    added.panel.onDidDispose(() => this.#open.delete(added));
    return added;
  }
}
