import * as vscode from 'vscode';

/** Key of the ids of the runs in training, in the storage of the workspace. */
export const TRAINING_KEY = 'sequenceLab.training';

/** Key of the requests of the runs that wait for their turn, in the storage of the workspace. */
export const WAITING_KEY = 'sequenceLab.waiting';

/** Whether an earlier extension host has left a run in training or in the queue, or a panel that is in view. */
export function isLeftBehind(memento: vscode.Memento): boolean {
  return (
    [TRAINING_KEY, WAITING_KEY].some((key) => memento.get<readonly unknown[]>(key, []).length > 0) ||
    panelTabs().some(({ tab }) => tab.isActive)
  );
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
