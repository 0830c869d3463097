import * as vscode from 'vscode';
import type { RunModel } from '../runs/runModel.ts';

/** Tooltip of a run, as a list. Names and messages are escaped, so that they are not interpreted as Markdown. */
export function runTooltip(run: RunModel): vscode.MarkdownString {
  const { name, summary, about, state, steps, backend, facts, units, parameters, message } = run.view;
  const { step, latest, scores } = run.progress;
  const { trainLoss, validationLoss } = latest;
  const markdown = new vscode.MarkdownString();
  markdown.appendMarkdown('**').appendText(name).appendMarkdown('**\n\n');
  const lines: (string | undefined)[] = [
    summary,
    vscode.l10n.t('{0}, step {1} of {2}', state, step, steps),
    trainLoss == null ? undefined : vscode.l10n.t('Training loss {0} {1}', trainLoss.toFixed(3), units.loss),
    validationLoss == null
      ? undefined
      : vscode.l10n.t('Validation loss {0} {1}', validationLoss.toFixed(3), units.loss),
    ...Object.entries(scores).map(([score, value]) => vscode.l10n.t('Validation {0} {1}', score, value.toFixed(3))),
    about ?? undefined,
    ...facts,
    parameters === 0 ? undefined : vscode.l10n.t('{0} parameters', parameters),
    backend ? vscode.l10n.t('Backend {0} on {1}', backend.name, backend.device) : undefined,
    vscode.l10n.t('Started {0}', new Date(run.createdAt).toLocaleString()),
    run.folder,
    message ?? undefined,
  ];
  for (const line of lines) {
    if (line !== undefined) markdown.appendMarkdown('- ').appendText(line).appendMarkdown('\n');
  }
  return markdown;
}
