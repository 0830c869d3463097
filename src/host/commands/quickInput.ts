import * as vscode from 'vscode';

/** The user pressed the Back button. */
export const BACK = Symbol('back');

export interface PickStep<T> {
  readonly title: string;
  /** True to show a Back button. */
  readonly back: boolean;
  readonly placeholder: string;
  readonly items: readonly T[];
  /** Item that Enter selects; defaults to the first one. */
  readonly active?: T;
}

/** Quick pick with a Back button. @returns the selected item, BACK, or undefined if the user dismissed it */
export async function pickStep<T extends vscode.QuickPickItem>({
  title,
  back,
  placeholder,
  items,
  active,
}: PickStep<T>): Promise<T | typeof BACK | undefined> {
  const pick = vscode.window.createQuickPick<T>();
  pick.title = title;
  pick.placeholder = placeholder;
  pick.items = items;
  if (active) pick.activeItems = [active];
  pick.matchOnDescription = true;
  pick.matchOnDetail = true;
  pick.ignoreFocusOut = false;
  pick.buttons = back ? [vscode.QuickInputButtons.Back] : [];
  try {
    return await new Promise((resolve) => {
      pick.onDidAccept(() => {
        const [chosen] = pick.selectedItems;
        if (chosen) resolve(chosen);
      });
      pick.onDidTriggerButton((button) => {
        if (button === vscode.QuickInputButtons.Back) resolve(BACK);
      });
      pick.onDidHide(() => resolve(undefined));
      pick.show();
    });
  } finally {
    pick.dispose();
  }
}
