import * as vscode from 'vscode';
import { inBrowser } from './runtime.ts';

/**
 * What the extension host of a browser cannot do: the reason, and what to do about it. The title of a missing command
 * is part of its reason, because another command may call it.
 */
const missingInBrowser = {
  nativeTensorflow: () =>
    vscode.l10n.t(
      'Native TensorFlow cannot be installed in a browser, which starts no programs. The backends of the browser train here; open the folder in VS Code for the desktop to use native TensorFlow.',
    ),
  slurm: () =>
    vscode.l10n.t(
      'A browser cannot submit jobs to Slurm. Train the sweep here, or open the folder in VS Code for the desktop, for example with Remote SSH.',
    ),
  terminal: () =>
    vscode.l10n.t(
      'A browser starts no programs. Open the folder in VS Code for the desktop to use the command line of Sequence Lab.',
    ),
} as const satisfies Readonly<Record<string, () => string>>;

/** What a browser cannot do. */
export type MissingAbility = keyof typeof missingInBrowser;

/** @throws Error with the reason */
export function refuseInBrowser(ability: MissingAbility): never {
  throw new Error(missingInBrowser[ability]());
}

/** Checks that this extension host can do something. @throws Error with the reason in a browser */
export function requireAbility(ability: MissingAbility): void {
  if (inBrowser) refuseInBrowser(ability);
}
