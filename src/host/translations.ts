/** Sets the translations of modules that do not depend on VS Code. Imported before them, because they have tables of translated texts. */
import * as l10n from '@vscode/l10n';
import * as vscode from 'vscode';

if (vscode.l10n.bundle) l10n.config({ contents: vscode.l10n.bundle });
