import * as vscode from 'vscode';
import { forecastCsv } from '../../export/tables/forecastCsv.ts';
import { readReport } from '../../runs/report.ts';
import type { Services } from '../services.ts';
import { chooseRun } from './chooseRun.ts';
import type { Commands } from './command.ts';

/** "Open forecast as CSV": the steps after the last row, from the last report of a run, as an unsaved document. */
export function forecastCommands(services: Pick<Services, 'runs' | 'panels'>): Commands {
  return {
    openForecast: async (argument) => {
      const placeholder = vscode.l10n.t('Select the run whose forecast to open');
      const run = await chooseRun(services, argument, placeholder, ({ config }) => config.task.name === 'forecasting');
      if (!run) return;
      const content = forecastCsv((await readReport(run.folder))?.blocks ?? []);
      if (content === undefined)
        throw new Error(
          vscode.l10n.t('The run "{0}" has no forecast yet. It follows the first validation.', run.view.title),
        );
      await vscode.window.showTextDocument(await vscode.workspace.openTextDocument({ content, language: 'csv' }));
    },
  };
}
