import * as vscode from 'vscode';

/** The user pressed the Back button. */
export const BACK = Symbol('back');

interface Step {
  readonly title: string;
  /** True to show a Back button. */
  readonly back: boolean;
}

export interface PickStep<T> extends Step {
  readonly placeholder: string;
  readonly items: readonly T[];
  /** Item that Enter selects; defaults to the first one. */
  readonly active?: T;
}

/** Quick pick with a Back button. @returns the selected item, BACK, or undefined if the user dismissed it */
export async function pickStep<T extends vscode.QuickPickItem>(
  step: PickStep<T>,
): Promise<T | typeof BACK | undefined> {
  const pick = vscode.window.createQuickPick<T>();
  pick.placeholder = step.placeholder;
  pick.items = step.items;
  if (step.active) pick.activeItems = [step.active];
  pick.matchOnDescription = true;
  pick.matchOnDetail = true;
  return shown(pick, step, () => pick.selectedItems[0]);
}

export interface InputStep extends Step {
  readonly prompt: string;
  readonly value: string;
  /** Returns an error message for a value, or undefined if it is valid. */
  readonly check: (value: string) => string | undefined;
}

/** Input box with a Back button that accepts only valid values. */
export async function inputStep(step: InputStep): Promise<string | typeof BACK | undefined> {
  const input = vscode.window.createInputBox();
  input.prompt = step.prompt;
  input.value = step.value;
  input.onDidChangeValue((value) => {
    input.validationMessage = step.check(value);
  });
  return shown(input, step, () => (step.check(input.value) === undefined ? input.value : undefined));
}

/** Shows an input until it is accepted (`read` returns a value), dismissed or left with Back. */
async function shown<T>(
  input: (vscode.QuickPick<vscode.QuickPickItem> | vscode.InputBox) & { onDidAccept: vscode.Event<void> },
  { title, back }: Step,
  read: () => T | undefined,
): Promise<T | typeof BACK | undefined> {
  input.title = title;
  input.ignoreFocusOut = false;
  input.buttons = back ? [vscode.QuickInputButtons.Back] : [];
  try {
    return await new Promise((resolve) => {
      input.onDidAccept(() => {
        const answer = read();
        if (answer !== undefined) resolve(answer);
      });
      input.onDidTriggerButton((button) => {
        if (button === vscode.QuickInputButtons.Back) resolve(BACK);
      });
      input.onDidHide(() => resolve(undefined));
      input.show();
    });
  } finally {
    input.dispose();
  }
}
