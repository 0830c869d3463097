import * as vscode from 'vscode';

/** Key of the ids of the runs in training, in the storage of the workspace. */
export const TRAINING_KEY = 'sequenceLab.training';

/** Whether an earlier extension host has left a run in training, or a panel that is in view. */
export function isLeftBehind(memento: vscode.Memento): boolean {
  return memento.get<readonly string[]>(TRAINING_KEY, []).length > 0 || panelTabs().some(({ tab }) => tab.isActive);
}

/** The open panels of runs, with their columns. */
export function panelTabs(): { readonly tab: vscode.Tab; readonly column: vscode.ViewColumn }[] {
  return vscode.window.tabGroups.all.flatMap(({ tabs, viewColumn }) =>
    tabs.flatMap((tab) =>
      tab.input instanceof vscode.TabInputWebview && tab.input.viewType.endsWith('sequenceLab.panel')
        ? { tab, column: viewColumn }
        : [],
    ),
  );
}
