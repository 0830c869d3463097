import * as vscode from 'vscode';
import type { ClassifierModel } from './classifierModel.ts';

/** The model that classifies. */
export function modelInUse(): ClassifierModel {
  return { name: vscode.l10n.t('bundled'), folder: null, version: '' };
}
