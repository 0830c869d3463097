import * as vscode from 'vscode';
import type { Ask } from './refusals.ts';

/** Asks in a dialog, in which "Cancel" starts nothing. */
export const askModal: Ask = ({ title, detail, answers }) =>
  vscode.window.showWarningMessage(title, { modal: true, detail }, ...answers);
