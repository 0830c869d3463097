import * as vscode from 'vscode';
import { modelInUse } from '../classification/modelInUse.ts';
import type { Services } from '../services.ts';
import type { Commands } from './command.ts';
import { sourceRead } from '../../config/textSource.ts';
import { defaultConfig } from '../settings.ts';
import { resolveTarget } from './target.ts';
import { plainLabel } from '../plainLabel.ts';

/** Rows per request; the user can cancel between requests. */
const PIECE = 500;

const LANGUAGES = { csv: 'csv', tsv: 'tsv', jsonl: 'jsonl' };

/** "Classify column...": writes the rows of a table with label, probability and doubt into a new untitled document. */
export function classifyColumnCommands({ runs, classifier }: Pick<Services, 'runs' | 'classifier'>): Commands {
  return {
    classifyColumn: async (argument) => {
      const target = await resolveTarget(argument);
      if (!target) return undefined;
      const model = await modelInUse(runs);
      const source = sourceRead(target.source, defaultConfig(target.uri).data);
      const table = await classifier.ask(model, async (remote) => remote.openTable(source));
      const column = await chooseColumn(table.columns, table.text, target.name);
      if (column === undefined) return undefined;
      const title = vscode.l10n.t('Classifying {0} with the model "{1}"', target.name, model.name);
      const location = vscode.ProgressLocation.Notification;
      const content = await vscode.window.withProgress(
        { location, title, cancellable: true },
        async (progress, cancellation) =>
          classifier
            .ask(model, async (remote) => {
              // The classifier may have opened another table in the meantime.
              await remote.openTable(source);
              cancellation.onCancellationRequested(() => void remote.cancelClassification());
              const pieces = [table.head];
              for (let from = 0; from < table.rows && !cancellation.isCancellationRequested; from += PIECE) {
                pieces.push(await remote.classifyRows({ column, from, count: PIECE }));
                const done = Math.min(from + PIECE, table.rows);
                progress.report({
                  increment: (100 * (done - from)) / table.rows,
                  message: vscode.l10n.t('{0} of {1} rows', done, table.rows),
                });
              }
              return cancellation.isCancellationRequested ? undefined : pieces.join('');
            })
            .catch((error: unknown) => {
              // The user canceled.
              if (cancellation.isCancellationRequested) return undefined;
              throw error;
            }),
      );
      if (content === undefined) return undefined;
      const document = await vscode.workspace.openTextDocument({ content, language: await languageOf(table.kind) });
      await vscode.window.showTextDocument(document, { preview: false });
      if (table.skipped > 0)
        void vscode.window.showWarningMessage(
          vscode.l10n.t(
            '{0} rows of {1} could not be read and were skipped. Run "Inspect data set" to see them.',
            table.skipped,
            target.name,
          ),
        );
      return table.rows;
    },
  };
}

/** Asks for the column of texts; the guess comes first. */
async function chooseColumn(columns: readonly string[], guess: number, name: string): Promise<number | undefined> {
  const order = [guess, ...columns.map((_, i) => i).filter((i) => i !== guess)];
  const items = order.map((column) => ({
    label: plainLabel(columns[column] ?? ''),
    description: column === guess ? vscode.l10n.t('likely text column') : '',
    column,
  }));
  const chosen = await vscode.window.showQuickPick(items, {
    title: vscode.l10n.t('Classify column of {0}', name),
    placeHolder: vscode.l10n.t('Select the text column'),
  });
  return chosen?.column;
}

/** Language id of a table format; plain text if no extension contributes the language. */
async function languageOf(kind: keyof typeof LANGUAGES): Promise<string> {
  const known = await vscode.languages.getLanguages();
  return known.includes(LANGUAGES[kind]) ? LANGUAGES[kind] : 'plaintext';
}
